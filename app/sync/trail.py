"""When people's phones last came, and what of theirs waits to be looked at. Each question starts from a provider."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.identity import Person
from app.sync.models import HeldRecord, Record, RecordVariant
from app.sync.types import Code

# More records than writes at the same time can hold: five of the largest batches.
OVERLAP = 5_000
MOST_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """How a record came: which phone's row, when the phone says it happened, when and by whom it was handed over.

    `handed_in_by` is the uuid of the manager who brought it as a file; None: the phone sent it.
    """

    device_id: int
    at: datetime | None
    received_at: datetime
    handed_in_by: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A record that a person has to look at, and why. `kind` is None when even that could not be read."""

    record: UUID
    code: str
    kind: str | None
    at: datetime | None
    received_at: datetime


def newest(session: Session) -> tuple[int, frozenset[int]]:
    """Return the id of the record that came last, 0 when there is none, and which of the ids before it are there.

    The latter are asked of PostgreSQL alone: it gives ids out before it is known which write ends first, so a lower one
    may come to be there later. SQLite has one writer at a time. One statement, which an index answers from its end:
    asked for what is above the newest less so many, PostgreSQL takes a third of the table to be meant, and reads it.
    """
    if session.get_bind().dialect.name == "sqlite":
        return session.scalar(select(func.max(Record.id))) or 0, frozenset()
    ids = session.scalars(select(Record.id).order_by(Record.id.desc()).limit(OVERLAP)).all()
    last = max(ids, default=0)
    return last, frozenset(each for each in ids if each > last - OVERLAP)


def records_after(
    session: Session, provider_id: int, last: int, recent: frozenset[int]
) -> tuple[tuple[int, UUID], ...]:
    """Return who sent what to a provider since `newest` said this: person id and the record's uuid.

    At most `MOST_AT_ONCE`.
    """
    after = last if session.get_bind().dialect.name == "sqlite" else last - OVERLAP
    query = select(Record.id, Record.person_id, Record.uuid).where(Record.id > after, Record.provider_id == provider_id)
    rows = session.execute(query.limit(MOST_AT_ONCE + len(recent)))
    return tuple((row.person_id, row.uuid) for row in rows if row.id not in recent)[:MOST_AT_ONCE]


def last_arrivals(session: Session, provider_id: int, people: Collection[int]) -> dict[int, datetime]:
    """Return when each of these people's phones last sent a record to this provider. One statement.

    Who has sent none is not there. The log is in the order of arrival, so only the last of each is looked at.
    """
    last = (
        select(Record.received_at)
        .where(Record.person_id == Person.id, Record.provider_id == provider_id)
        .order_by(Record.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    found = session.execute(select(Person.id, last).where(Person.id.in_(people)))
    return {person_id: at for person_id, at in found if at is not None}


def arrivals_of(session: Session, provider_id: int, person_id: int, records: Iterable[UUID]) -> dict[UUID, Arrival]:
    """Return how these records of a person came. Records of others, or sent to others, are left out."""
    query = select(Record.uuid, Record.device_id, Record.at, Record.received_at, Record.handed_in_by).where(
        Record.provider_id == provider_id, Record.person_id == person_id, Record.uuid.in_(list(records))
    )
    return {
        row.uuid: Arrival(
            device_id=row.device_id, at=row.at, received_at=row.received_at, handed_in_by=row.handed_in_by
        )
        for row in session.execute(query)
    }


def waiting_in(session: Session, provider_id: int) -> dict[int, int]:
    """Return of how many records of each of a provider's people `waiting_of` tells, by person id. Two statements."""
    found: Counter[int] = Counter()
    for table in (HeldRecord, RecordVariant):
        # From the few that wait to the log, which is long.
        those = Record.uuid.in_(select(table.uuid))
        each = select(func.count()).where(table.uuid == Record.uuid).scalar_subquery()
        query = select(Record.person_id, each).where(Record.provider_id == provider_id, those)
        for person_id, number in session.execute(query):
            found[person_id] += number
    return dict(found)


def waiting_of(session: Session, provider_id: int, person_id: int) -> tuple[Waiting, ...]:
    """Return what of a person waits to be looked at, the newest first: what cannot be judged, and what came twice."""
    mine = (Record.provider_id == provider_id, Record.person_id == person_id)
    held = select(Record.uuid, HeldRecord.code, Record.kind, Record.at, Record.received_at).join(
        HeldRecord, (HeldRecord.uuid == Record.uuid) & (HeldRecord.person_id == Record.person_id)
    )
    twice = select(Record.uuid, Record.kind, Record.at, RecordVariant.received_at).join(
        RecordVariant, (RecordVariant.uuid == Record.uuid) & (RecordVariant.person_id == Record.person_id)
    )
    found = [
        Waiting(record=row.uuid, code=row.code, kind=row.kind, at=row.at, received_at=row.received_at)
        for row in session.execute(held.where(*mine))
    ]
    found += [
        Waiting(record=row.uuid, code=Code.OTHER_CONTENT, kind=row.kind, at=row.at, received_at=row.received_at)
        for row in session.execute(twice.where(*mine))
    ]
    return tuple(sorted(found, key=lambda each: (each.received_at, each.record), reverse=True))
