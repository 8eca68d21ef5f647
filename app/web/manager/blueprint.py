"""The blueprint of the managers' pages, and finding the person an address names."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, abort

from app import audit, providers
from app.extensions import db
from app.kernel import utc_now
from app.providers import MemberView
from app.web.access import actor, current_membership

bp = Blueprint("manager", __name__, url_prefix="/staff/people")


def member_or_404(person: UUID) -> MemberView:
    """Return a person of the signed-in manager's own provider. Of another's, they do not exist."""
    member = providers.find_member(db.session(), current_membership().provider.id, person)
    if member is None:
        abort(404)
    return member


def noted(action: str, member: MemberView | None = None, **details: str | int | bool | None) -> None:
    """Note in the audit trail what the signed-in manager did, to whom. Call it right before the commit."""
    audit.note(
        db.session(),
        action,
        actor=actor(),
        now=utc_now(),
        provider=current_membership().provider.uuid,
        subject=member.person_uuid if member else None,
        details=details,
    )
