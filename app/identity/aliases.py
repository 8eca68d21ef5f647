"""Two rows for one person, made one: the uuid of the row that went still finds the person.

Phones, addresses, files and the audit trail keep the uuid they were given, so whoever looks somebody up by a uuid that
comes from outside asks through here.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from functools import cache
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from app.identity.errors import PersonUnknown
from app.identity.models import Device, OpenIdLink, Passkey, Person, RecoveryCode, TotpSecret


def is_person(person: int | UUID) -> ColumnElement[bool]:
    """Return the condition that finds a person's row by internal id or by any uuid they ever had."""
    return is_one_of([person]) if isinstance(person, UUID) else Person.id == person


def is_one_of(uuids: Collection[UUID]) -> ColumnElement[bool]:
    """Return the condition that finds the rows of people by any uuid they ever had. Part of one statement."""
    named = _named()
    return Person.id.in_(select(func.coalesce(named.same_as, named.id)).where(named.uuid.in_(uuids)))


@cache
def _named() -> type[Person]:
    # Made once: every request of somebody signed in asks with it, and making it took longer than the rest of asking.
    return aliased(Person)


def aliases_of(session: Session, people: Collection[int]) -> Mapping[UUID, int]:
    """Return the earlier uuids of people, each with the internal id of whom it stands for. One statement."""
    # What is there at all, said so that SQLite looks it up: for "is not null" it reads everybody.
    query = select(Person.uuid, Person.same_as).where(Person.same_as > 0)
    wanted = frozenset(people)
    return {row[0]: row[1] for row in session.execute(query) if row[1] in wanted}


def rows_of_before(session: Session, people: Collection[int]) -> frozenset[int]:
    """Return the internal ids that the rows of people's earlier uuids have. One statement."""
    return frozenset(session.scalars(select(Person.id).where(Person.same_as.in_(people))))


def uuids_of(session: Session, person: UUID) -> frozenset[UUID]:
    """Return every uuid a person has or had; of somebody who is not here, the one that was given. One statement."""
    named = aliased(Person)
    of = select(func.coalesce(named.same_as, named.id)).where(named.uuid == person).scalar_subquery()
    return frozenset((person, *session.scalars(select(Person.uuid).where(or_(Person.id == of, Person.same_as == of)))))


def present_uuids(session: Session, uuids: Collection[UUID]) -> Mapping[UUID, UUID]:
    """Return, of these uuids, those that are earlier ones, each with the one its person has now. One statement."""
    named = aliased(Person)
    query = select(named.uuid, Person.uuid).join(Person, Person.id == named.same_as).where(named.uuid.in_(uuids))
    return {row[0]: row[1] for row in session.execute(query)} if uuids else {}


def has_begun(session: Session, person_id: int) -> bool:
    """Say whether somebody has ever signed in as this person, or could: then the row is no fresh one any more."""
    row = session.get(Person, person_id)
    if row is None:
        raise PersonUnknown("We do not know this person. Ask for a new code.")
    if row.pin_hash or row.password_hash or row.sign_in_name or row.archived_at or row.same_as:
        return True
    tables = (Device, Passkey, TotpSecret, RecoveryCode, OpenIdLink)
    return any(session.scalars(select(each.id).where(each.person_id == person_id).limit(1)).first() for each in tables)


def let_others_wait(session: Session, people: Collection[int]) -> None:
    """Let whoever else changes how these people sign in wait until the commit, in one order for all.

    What was read of them before is read again.
    """
    query = select(Person).where(Person.id.in_(people)).order_by(Person.id).with_for_update()
    session.scalars(query.execution_options(populate_existing=True)).all()


def become_alias(session: Session, fresh: int, person: int, *, now: datetime) -> None:
    """Leave nothing of the row `fresh` but its uuid, which from now on finds `person`. Flushes.

    Whatever else referred to `fresh` has been moved before (`privacy.unite`).
    """
    session.execute(
        update(Person)
        .where(Person.id == fresh)
        .values(same_as=person, name="", archived_at=now)
        .execution_options(synchronize_session=False)
    )
    session.expire_all()
