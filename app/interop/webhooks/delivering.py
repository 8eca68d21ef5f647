"""Telling what waits, each webhook in its own order: a later event waits for an earlier one.

A worker claims a webhook and commits, tells, and settles. One that is killed in between leaves the event as it was: it
is told again, under the same id, once the claim is old. So everything is told at least once, and nothing is skipped.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from app.identity.sealing import unseal
from app.interop import posting
from app.interop.sharing.errors import SharingError
from app.interop.webhooks import rules, signing
from app.interop.webhooks.models import LONGEST_WORDS, Webhook, WebhookEvent, WebhookTry
from app.interop.webhooks.service import PURPOSE
from app.kernel import begin_write, new_uuid7

# Longer than one try can take.
SILENT = timedelta(minutes=2)
SEALED = "Its secret cannot be opened, as the server's secret key was changed. Stop this one, and add it anew."


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """The event a webhook is to be told next, and the claim under which this worker does it."""

    webhook_id: int
    webhook: UUID
    claim: UUID
    address: str
    sealed: str
    event_id: int
    event: UUID
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a try went. `code`: the answer's, None when there was none."""

    taken: bool
    code: int | None
    words: str
    again: bool = True


def any_due(session: Session, *, now: datetime) -> bool:
    """Say whether there is anything to tell. One statement."""
    return session.scalars(select(Webhook.id).where(_ready(now)).limit(1)).first() is not None


def claim(session: Session, *, now: datetime) -> Held | None:
    """Take the webhook whose next event waits longest; None when there is none. In a write transaction."""
    first = select(func.min(WebhookEvent.id)).where(WebhookEvent.webhook_id == Webhook.id, _waits()).scalar_subquery()
    query = select(Webhook).where(_ready(now)).order_by(first).limit(1).with_for_update(skip_locked=True, of=Webhook)
    row = session.scalars(query).one_or_none()
    if row is None:
        return None
    event = session.scalars(
        select(WebhookEvent).where(WebhookEvent.webhook_id == row.id, _waits()).order_by(WebhookEvent.id).limit(1)
    ).one()
    row.claim, row.claimed_at = new_uuid7(), now
    session.flush()
    return Held(
        webhook_id=row.id,
        webhook=row.uuid,
        claim=row.claim,
        address=row.address,
        sealed=row.sealed,
        event_id=event.id,
        event=event.uuid,
        body=event.body.encode(),
    )


def tell(held: Held, *, anywhere: bool, key: bytes, now: datetime) -> Outcome:
    """Tell it. Touches no database. `now` is the moment the signature names."""
    secret = unseal(held.sealed, PURPOSE, held.webhook, secret=key)
    if secret is None:
        return Outcome(taken=False, code=None, words=SEALED, again=False)
    headers = signing.headers(secret, held.event, int(now.timestamp()), held.body)
    try:
        answer = posting.post(held.address, held.body, headers, anywhere=anywhere)
    except SharingError as trouble:
        return Outcome(taken=False, code=None, words=str(trouble))
    if 300 <= answer.status < 400:
        return Outcome(taken=False, code=answer.status, words="It sends us elsewhere, where we do not go.")
    return Outcome(
        taken=answer.taken,
        code=answer.status,
        words="" if answer.taken else answer.words,
        again=answer.status != rules.GONE,
    )


def settle(session: Session, held: Held, outcome: Outcome, *, now: datetime) -> None:
    """Write down how a try went. In a write transaction. Nothing when the claim is another worker's by now."""
    row = session.scalars(select(Webhook).where(Webhook.id == held.webhook_id).with_for_update()).one()
    event = session.get(WebhookEvent, held.event_id)
    if row.claim != held.claim:
        return
    row.claim = row.claimed_at = None
    if event is None:
        # Its person was erased meanwhile.
        session.flush()
        return
    session.add(WebhookTry(event_id=event.id, at=now, code=outcome.code, words=outcome.words[:LONGEST_WORDS]))
    if outcome.taken:
        event.sent_at, row.tries, row.next_at = now, 0, None
    else:
        row.tries += 1
        wait = rules.wait_after(row.tries) if outcome.again else None
        if wait is None:
            row.stopped_at = now
        else:
            row.next_at = now + wait
    session.flush()


def tell_next(session: Session, *, anywhere: bool, key: bytes, clock: Callable[[], datetime]) -> bool | None:
    """Tell the next event there is. Says whether it was taken; None when there is nothing to tell. Commits."""
    begin_write(session)
    held = claim(session, now=clock())
    session.commit()
    if held is None:
        return None
    # Nothing of the database is held while somebody else's server answers.
    outcome = tell(held, anywhere=anywhere, key=key, now=clock())
    begin_write(session)
    settle(session, held, outcome, now=clock())
    session.commit()
    return outcome.taken


def _waits() -> ColumnElement[bool]:
    return WebhookEvent.sent_at.is_(None)


def _ready(now: datetime) -> ColumnElement[bool]:
    """Return which webhooks may be told something at a moment."""
    return and_(
        Webhook.ended_at.is_(None),
        Webhook.stopped_at.is_(None),
        or_(Webhook.next_at.is_(None), Webhook.next_at <= now),
        or_(Webhook.claim.is_(None), Webhook.claimed_at < now - SILENT),
        exists().where(WebhookEvent.webhook_id == Webhook.id, _waits()),
    )
