"""What a person is called. A name is one for all who they work for, so no provider alone may change a shared one."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app import identity
from app.providers.errors import ProviderError
from app.providers.models import Membership

NAME_STAYS = "They work for others too, so their name cannot be changed here."


def work_elsewhere(session: Session, provider_id: int, people: Collection[int]) -> frozenset[int]:
    """Return which of these people have a place at another provider too. One statement. Says nothing about where."""
    query = select(Membership.person_id).where(
        Membership.person_id.in_(people), Membership.provider_id != provider_id, Membership.ended.is_(None)
    )
    return frozenset(session.scalars(query))


def keep_names(session: Session, person_id: int, name: str) -> None:
    """Let each of a person's places that has no name of its own for them keep this one."""
    session.execute(
        update(Membership)
        .where(Membership.person_id == person_id, Membership.name.is_(None))
        .values(name=name)
        .execution_options(synchronize_session=False)
    )
    session.expire_all()


def set_name(session: Session, provider_id: int, person_id: int, name: str, *, own: bool = False) -> bool:
    """Put a person's name right; says whether it is another. `own`: they do it themselves.

    Raises identity.IdentityError for the name, ProviderError(code="name-shared") when it is not this provider's alone.
    """
    changed = identity.set_name(session, person_id, name)
    if changed and not own and work_elsewhere(session, provider_id, [person_id]):
        raise ProviderError(NAME_STAYS, code="name-shared", field="name")
    return changed
