"""The worker's part in evidence packs: make what was asked for, one after another."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy.orm import Session

from app import messages
from app.cli.person import settings
from app.compliance import evidence
from app.compliance.evidence import SentOut
from app.extensions import db
from app.kernel import utc_now
from app.messages import Channel

# A few a look, so that the nightly backup never waits for a long list of them.
A_LOOK = 3
AT_ONCE = 1_000
CHANNELS = {Channel.PUSH: "lock screen", Channel.EMAIL: "e-mail", Channel.COPY: "text to paste"}


def packs(_now: datetime) -> str | None:
    """Make the packs that wait. What goes wrong with one is said on its page; the next is made all the same."""
    told: list[str] = []
    while len(told) < A_LOOK:
        line = make()
        if line is None:
            break
        told.append(line)
    return " ".join(told) or None


def make(only: int | None = None) -> str | None:
    """Make the next pack, or the one of this job."""
    return evidence.make_next(db.session(), server=settings().origin, clock=utc_now, only=only, sent=sent_out)


def sent_out(session: Session, provider_id: int, since: datetime, until: datetime) -> tuple[SentOut, ...]:
    """Return what a provider's people were sent between two moments, the oldest first."""
    return tuple(reversed(list(_sent(session, provider_id, since, until))))


def _sent(session: Session, provider_id: int, since: datetime, until: datetime) -> Iterator[SentOut]:
    before = None
    while True:
        lines = messages.log(session, provider_id, before=before, limit=AT_ONCE)
        for line in lines:
            if since <= line.made_at <= until:
                channels = ["app"] if line.in_app else []
                channels += [CHANNELS[each.channel] for each in line.sent if each.at and each.at <= until]
                yield SentOut(
                    person=line.person,
                    at=line.made_at,
                    by=line.by or "",
                    kind=line.kind.value,
                    channels=tuple(channels),
                )
        if len(lines) < AT_ONCE or lines[-1].made_at < since:
            return
        before = lines[-1].id
