"""Questions asked of the trail: its pages, what it says about a person, and whether it is whole."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from app.audit.actions import ACTIONS, Kind
from app.audit.chain import Head, Verdict, walk
from app.audit.models import AuditEntry
from app.audit.service import head_of
from app.audit.types import Actor, ActorKind

AT_ONCE = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry as it is shown."""

    number: int
    at: datetime
    action: str
    actor: Actor
    provider: UUID | None
    subject: UUID | None
    details: dict[str, Any]
    hash: str


def entries(
    session: Session,
    *,
    provider: UUID | None = None,
    person: UUID | Collection[UUID] | None = None,
    kind: Kind | None = None,
    action: str | None = None,
    before: int | None = None,
    limit: int = 50,
) -> tuple[Entry, ...]:
    """Return entries, newest first: of a provider, about or by a person, of a kind or action, older than a number.

    `person` may be every uuid that one person had.
    """
    query = select(AuditEntry)
    if provider is not None:
        query = query.where(AuditEntry.provider == provider)
    if person is not None:
        query = query.where(_about(person))
    if kind is not None:
        query = query.where(AuditEntry.action.in_([key for key, words in ACTIONS.items() if words.kind is kind]))
    if action is not None:
        query = query.where(AuditEntry.action == action)
    if before is not None:
        query = query.where(AuditEntry.number < before)
    return _entries(session, query.order_by(AuditEntry.number.desc()).limit(limit))


def entries_about(
    session: Session, person: UUID | Collection[UUID], providers: Collection[UUID] | None = None
) -> tuple[Entry, ...]:
    """Return every entry about or by a person, oldest first; only those of some providers when they are given.

    `person` may be every uuid that one person had.
    """
    query = select(AuditEntry).where(_about(person))
    if providers is not None:
        query = query.where(AuditEntry.provider.in_(list(providers)))
    return _entries(session, query.order_by(AuditEntry.number))


def _about(person: UUID | Collection[UUID]) -> ColumnElement[bool]:
    uuids = [person] if isinstance(person, UUID) else list(person)
    return or_(AuditEntry.subject.in_(uuids), AuditEntry.actor_person.in_(uuids))


def acts_after(
    session: Session, provider: UUID, number: int, *, anywhere: Collection[str] = ()
) -> tuple[tuple[str, UUID | None], ...]:
    """Return what was noted after an entry, at a provider or about the whole server: the action, and whom it is about.

    That is its subject, or whoever did it to themselves. Actions of `anywhere` are there whichever provider has them.
    """
    here = or_(AuditEntry.provider == provider, AuditEntry.provider.is_(None), AuditEntry.action.in_(anywhere))
    whom = func.coalesce(AuditEntry.subject, AuditEntry.actor_person).label("whom")
    query = select(AuditEntry.action, whom).where(AuditEntry.number > number, here)
    return tuple((row.action, row.whom) for row in session.execute(query.order_by(AuditEntry.number)))


def head(session: Session) -> Head:
    """Return the last entry's number and hash as the server remembers them, to be kept elsewhere."""
    return head_of(session)


def goes_on_from(session: Session, earlier: Head) -> bool:
    """Say whether the trail goes on from an earlier head. That of an older database does not, nor that of a copy."""
    if head_of(session).number < earlier.number:
        return False
    known = session.scalars(select(AuditEntry.hash).where(AuditEntry.number == earlier.number)).one_or_none()
    # One that is not there was removed for its age.
    return known in (None, earlier.hash)


def verify(session: Session, kept: Head | None = None) -> Verdict:
    """Walk the whole chain, a thousand entries at a time. `kept` is an earlier head that was written down elsewhere."""
    return walk(_all(session), head_of(session), kept)


def _all(session: Session) -> Iterator[Any]:
    last = -(2**62)
    while True:
        query = select(*AuditEntry.__table__.columns).where(AuditEntry.number > last).order_by(AuditEntry.number)
        rows = session.execute(query.limit(AT_ONCE)).all()
        if not rows:
            return
        yield from rows
        last = rows[-1].number


def _entries(session: Session, query: Select[AuditEntry]) -> tuple[Entry, ...]:
    return tuple(
        Entry(
            number=row.number,
            at=row.at,
            action=row.action,
            actor=Actor(kind=ActorKind(row.actor), person=row.actor_person),
            provider=row.provider,
            subject=row.subject,
            details=json.loads(row.details),
            hash=row.hash,
        )
        for row in session.scalars(query)
    )
