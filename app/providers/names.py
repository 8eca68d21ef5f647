"""What a person is called. Somebody with several places may be called otherwise at each, and none learns of another."""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session, aliased

from app import identity
from app.identity import Person
from app.providers.erasing import has_other_places
from app.providers.models import Membership
from app.providers.queries import find_member


def called(provider: Any, person: Any = Person) -> ColumnElement[str]:
    """Return what a provider calls somebody, as part of a statement that has `person`: the row's class, or an alias.

    `provider` is the provider's internal id, or a column that has it. Null where there is no such row.
    """
    place = _place()
    # Somebody has few places and a provider many: the sum keeps SQLite, which cannot know, from looking by provider.
    here = place.provider_id + 0 == provider
    own = (
        select(place.name)
        .where(place.person_id == person.id, here, place.name.is_not(None))
        .order_by(place.id.desc())
        .limit(1)
        .correlate_except(place)
        .scalar_subquery()
    )
    return func.coalesce(own, person.name)


@cache
def _place() -> Any:
    # Making one takes longer than most statements; each `called` asks of its own what it means by it.
    return aliased(Membership)


def keep_names(session: Session, person_id: int, name: str) -> None:
    """Let each of a person's places that has no name of its own for them keep this one."""
    _set(session, name, Membership.person_id == person_id, Membership.name.is_(None))


def set_name(session: Session, provider_id: int, person_id: int, name: str) -> bool:
    """Put right what a provider calls one of its people; says whether it is another name. Others go on as they did.

    The person's own phone shows the name they were given last. Raises identity.IdentityError for the name.
    """
    before, person = find_member(session, provider_id, person_id), identity.find_person(session, person_id)
    if person is not None and has_other_places(session, provider_id, person_id):
        keep_names(session, person_id, person.name)
    identity.set_name(session, person_id, name)
    after = session.scalars(select(Person.name).where(Person.id == person_id)).one()
    here = (Membership.person_id == person_id, Membership.provider_id == provider_id)
    _set(session, after, *here, Membership.name.is_not(None))
    return before is None or before.name != after


def _set(session: Session, name: str, *which: ColumnElement[bool]) -> None:
    session.execute(update(Membership).where(*which).values(name=name).execution_options(synchronize_session=False))
    session.expire_all()
