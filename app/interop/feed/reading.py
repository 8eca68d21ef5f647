"""Reading the feed: a page of people, in an order that stays, whatever changes between two pages."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.identity import Person
from app.interop.feed.errors import BadCursor
from app.interop.feed.models import FeedLook, FeedStanding

MOST = 500
USUAL = 100
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a page is asked of: those after the person `after`, changed after `since` (None: all who are here).

    `as_of`: the look that the first of these pages told of; None on that first page.
    """

    after: UUID | None = None
    since: datetime | None = None
    as_of: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonStands:
    """One person of a page. `here` is False for somebody who has left, or of whom nothing is asked any more."""

    person: UUID
    here: bool
    about: dict[str, Any]
    cells: dict[str, dict[str, Any]]
    changed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedPage:
    """A page. Whoever has read to the end of them asks next time for what changed since `as_of`."""

    as_of: datetime
    people: tuple[PersonStands, ...]
    next: str | None


def read(session: Session, provider_id: int, asked: Asked, *, limit: int = USUAL) -> FeedPage:
    """Return a page of a provider's people, at most `limit`. Two statements, however many people.

    The look's moment is read before the people are. So what is kept meanwhile is told now, or again next time, and
    never left out.
    """
    looked = session.scalar(select(FeedLook.looked_at).where(FeedLook.provider_id == provider_id))
    as_of = asked.as_of or looked or _EPOCH
    query = (
        select(FeedStanding, Person.uuid)
        .join(Person, Person.id == FeedStanding.person_id)
        .where(FeedStanding.provider_id == provider_id)
        .order_by(Person.uuid)
        .limit(limit + 1)
    )
    query = query.where(FeedStanding.here if asked.since is None else FeedStanding.changed_at > asked.since)
    if asked.after is not None:
        query = query.where(Person.uuid > asked.after)
    rows = session.execute(query).all()
    people = tuple(
        PersonStands(person=uuid, here=row.here, about=row.about, cells=row.cells, changed_at=row.changed_at)
        for row, uuid in rows[:limit]
    )
    more = Asked(after=people[-1].person, since=asked.since, as_of=as_of) if len(rows) > limit else None
    return FeedPage(as_of=as_of, people=people, next=None if more is None else cursor(more))


def cursor(asked: Asked) -> str:
    """Return what another page is asked by."""
    said = [str(asked.after), *(each.isoformat() if each else None for each in (asked.since, asked.as_of))]
    return base64.urlsafe_b64encode(json.dumps(said).encode()).decode().rstrip("=")


def asked_by(text: str) -> Asked:
    """Return what a cursor asks. Raises BadCursor."""
    try:
        after, since, as_of = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        return Asked(after=UUID(after), since=None if since is None else moment(since), as_of=moment(as_of))
    except (binascii.Error, ValueError, TypeError, AttributeError, OverflowError, RecursionError):
        raise BadCursor("Send the cursor as it came, or none to begin at the first page.", field="cursor") from None


def moment(text: str) -> datetime:
    """Return an RFC 3339 moment. Raises ValueError for anything else, and for one without its zone."""
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError("no time zone")
    return found.astimezone(UTC)
