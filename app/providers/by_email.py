"""Which members of staff an e-mail address belongs to: a hint whom to ask for their password, and never more."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from app.identity import Person
from app.providers.models import Membership, MembershipRole
from app.providers.types import Role


def people_with_email(session: Session, email: str, roles: Collection[Role], *, now: datetime) -> tuple[int, ...]:
    """Return the internal ids of people with one of `roles` now who sign in with this address or are written to there.

    At any provider of the server; small and capital letters are the same. One statement.
    """
    wanted = email.strip().lower()
    query = (
        select(Person.id)
        .join(Membership, Membership.person_id == Person.id)
        .join(MembershipRole, MembershipRole.membership_id == Membership.id)
        .where(
            MembershipRole.role.in_([role.value for role in roles]),
            Membership.started <= now,
            or_(Membership.ended.is_(None), Membership.ended > now),
            Person.archived_at.is_(None),
            or_(Person.sign_in_name == wanted, func.lower(Membership.email) == wanted),
        )
        .distinct()
        .order_by(Person.id)
    )
    return tuple(session.scalars(query)) if "@" in wanted else ()
