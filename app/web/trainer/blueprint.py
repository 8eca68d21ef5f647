"""The blueprint of the desk, and what its pages share: who may write, finding a draft, noting what was done."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, abort

from app import audit, authoring
from app.authoring import DraftView
from app.extensions import db
from app.kernel import utc_now
from app.providers import Role
from app.web.access import actor, current_membership

bp = Blueprint("trainer", __name__, url_prefix="/staff")

# Who writes, reviews and publishes a provider's own modules.
WRITERS = (Role.TRAINER, Role.MANAGER)


def draft_or_404(draft: UUID) -> DraftView:
    """Return a draft of the signed-in person's own provider. Of another's, they do not exist."""
    try:
        return authoring.open_draft(db.session(), current_membership().provider.id, draft)
    except authoring.NoDraft:
        abort(404)


def noted(action: str, **details: str | int | bool | None) -> None:
    """Note in the audit trail what the signed-in person did at the desk. Call it right before the commit."""
    audit.note(
        db.session(),
        action,
        actor=actor(),
        now=utc_now(),
        provider=current_membership().provider.uuid,
        details=details,
    )
