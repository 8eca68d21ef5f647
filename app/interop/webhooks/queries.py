"""Questions the page of other systems asks of webhooks. Each starts from a provider."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.interop.webhooks.models import Webhook, WebhookEvent, WebhookTry
from app.interop.webhooks.rules import Event, Tells

LAST_TRIES = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class TryView:
    """One try at telling something, and what was answered."""

    event: Event
    at: datetime
    code: int | None
    words: str
    taken: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookView:
    """A webhook. `waiting`: how much is still to be told; `tries`: of what waits first; `last`: the newest first."""

    uuid: UUID
    name: str
    address: str
    events: tuple[Event, ...]
    tells: tuple[Tells, ...]
    since: datetime
    ended_at: datetime | None
    stopped_at: datetime | None
    next_at: datetime | None
    tries: int
    waiting: int
    last: tuple[TryView, ...]


def webhooks(session: Session, provider_id: int) -> tuple[WebhookView, ...]:
    """Return a provider's webhooks, those that were ended too, the newest first. Three statements."""
    query = select(Webhook).where(Webhook.provider_id == provider_id).order_by(Webhook.id.desc())
    waits = (
        select(WebhookEvent.webhook_id, func.count().label("events"))
        .where(WebhookEvent.provider_id == provider_id, WebhookEvent.sent_at.is_(None))
        .group_by(WebhookEvent.webhook_id)
    )
    waiting = {row.webhook_id: row.events for row in session.execute(waits)}
    last = _last_tries(session, provider_id)
    return tuple(
        WebhookView(
            uuid=row.uuid,
            name=row.name,
            address=row.address,
            events=tuple(Event(each) for each in row.events),
            tells=tuple(Tells(each) for each in row.fields),
            since=row.since,
            ended_at=row.ended_at,
            stopped_at=row.stopped_at,
            next_at=row.next_at,
            tries=row.tries,
            waiting=waiting.get(row.id, 0),
            last=tuple(last[row.id]),
        )
        for row in session.scalars(query)
    )


def _last_tries(session: Session, provider_id: int) -> dict[int, list[TryView]]:
    place = func.row_number().over(partition_by=WebhookEvent.webhook_id, order_by=WebhookTry.id.desc())
    numbered = (
        select(WebhookEvent.webhook_id, WebhookEvent.kind, WebhookTry, place.label("place"))
        .join(WebhookEvent, WebhookEvent.id == WebhookTry.event_id)
        .where(WebhookEvent.provider_id == provider_id)
        .subquery()
    )
    query = select(numbered).where(numbered.c.place <= LAST_TRIES).order_by(numbered.c.id.desc())
    found: dict[int, list[TryView]] = defaultdict(list)
    for row in session.execute(query):
        taken = row.code is not None and 200 <= row.code < 300
        view = TryView(event=Event(row.kind), at=row.at, code=row.code, words=row.words, taken=taken)
        found[row.webhook_id].append(view)
    return found
