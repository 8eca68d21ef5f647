"""Who is told, of what; and writing down what is to be told. Flushes; the edge commits."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.identity.sealing import seal
from app.interop import posting
from app.interop.feed import Moved
from app.interop.webhooks import rules
from app.interop.webhooks.errors import WebhookError
from app.interop.webhooks.models import LONGEST_NAME, Webhook, WebhookEvent
from app.interop.webhooks.rules import TO_PICK, Event, Tells
from app.interop.webhooks.signing import new_secret
from app.kernel import new_uuid7

PURPOSE = "webhook secrets"
# What was told is kept this long, to be looked up; what was not told yet stays.
KEPT_FOR = timedelta(days=90)


def add(
    session: Session,
    provider_id: int,
    *,
    name: str,
    address: str,
    events: Collection[str],
    tells: Collection[str],
    anywhere: bool,
    key: bytes,
    now: datetime,
) -> tuple[UUID, str]:
    """Tell an address from now on. Returns the webhook's uuid, and the secret to give the other system.

    Raises WebhookError, and posting.BadAddress. `anywhere`: addresses of one's own network too; `key`: the server's
    secret key.
    """
    plain = " ".join(name.split())
    if not plain:
        raise WebhookError("Type which system this is, such as the name of your rota.", field="name")
    if len(plain) > LONGEST_NAME:
        raise WebhookError(f"Use at most {LONGEST_NAME} letters.", field="name")
    where = posting.checked(address, anywhere=anywhere)
    wanted = [each.value for each in TO_PICK if each in events]
    if not wanted:
        raise WebhookError("Pick at least one thing to tell.", field="events")
    uuid, secret = new_uuid7(), new_secret()
    session.add(
        Webhook(
            uuid=uuid,
            provider_id=provider_id,
            name=plain,
            address=where,
            sealed=seal(secret, PURPOSE, uuid, secret=key),
            events=wanted,
            fields=[each.value for each in Tells if each in tells],
            since=now,
        )
    )
    session.flush()
    return uuid, secret


def end(session: Session, provider_id: int, uuid: UUID, *, now: datetime) -> bool | None:
    """Tell an address nothing more, also not what still waits. Says whether that changed anything; None: no such."""
    row = _locked(session, provider_id, uuid)
    if row is None:
        return None
    if row.ended_at is not None:
        return False
    row.ended_at, row.claim = now, None
    session.flush()
    return True


def send_again(session: Session, provider_id: int, uuid: UUID) -> bool | None:
    """Try what waits first at once, with all its tries to come. Says whether anything waits; None: no such webhook."""
    row = _locked(session, provider_id, uuid)
    if row is None or row.ended_at is not None:
        return None
    row.tries, row.next_at, row.stopped_at = 0, None, None
    session.flush()
    waits = select(WebhookEvent.id).where(WebhookEvent.webhook_id == row.id, WebhookEvent.sent_at.is_(None))
    return session.scalars(waits.limit(1)).first() is not None


def try_it(session: Session, provider_id: int, uuid: UUID, *, now: datetime) -> bool:
    """Let an address be told something that is about nobody. It waits its turn. False: no such webhook."""
    row = _locked(session, provider_id, uuid)
    if row is None or row.ended_at is not None:
        return False
    body = {"type": Event.TEST.value, "timestamp": rules.stamp(now), "data": {"words": "This is a test."}}
    session.add(_event(row, None, Event.TEST, body, now))
    session.flush()
    return True


def note(session: Session, provider_id: int, moved: Iterable[Moved], *, now: datetime) -> int:
    """Write down what is to be told of these changes; returns how much. In the transaction that keeps the changes."""
    moved = tuple(moved)
    if not moved:
        return 0
    query = select(Webhook).where(Webhook.provider_id == provider_id, Webhook.ended_at.is_(None)).order_by(Webhook.id)
    found = [
        _event(webhook, each.person_id, event, rules.body_of(each, event, webhook.fields, now), now)
        for webhook in session.scalars(query)
        for each in moved
        if (event := rules.event_of(each)) is not None and event.value in webhook.events
    ]
    session.add_all(found)
    session.flush()
    return len(found)


def forget_old(session: Session, *, now: datetime) -> None:
    """Remove what was told long ago, with its tries, and what was still to be told where that was ended."""
    ended = select(Webhook.id).where(Webhook.ended_at < now - KEPT_FOR)
    session.execute(delete(WebhookEvent).where(WebhookEvent.sent_at < now - KEPT_FOR))
    session.execute(delete(WebhookEvent).where(WebhookEvent.webhook_id.in_(ended)))


def _event(webhook: Webhook, person_id: int | None, event: Event, body: dict[str, Any], now: datetime) -> WebhookEvent:
    return WebhookEvent(
        uuid=new_uuid7(),
        webhook_id=webhook.id,
        provider_id=webhook.provider_id,
        person_id=person_id,
        kind=event.value,
        body=json.dumps(body, ensure_ascii=False, separators=(",", ":")),
        at=now,
    )


def _locked(session: Session, provider_id: int, uuid: UUID) -> Webhook | None:
    query = select(Webhook).where(Webhook.provider_id == provider_id, Webhook.uuid == uuid).with_for_update()
    return session.scalars(query).one_or_none()
