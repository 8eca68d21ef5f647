"""Seeing where people stand, keeping it for the feed, and writing down what webhooks are to be told: one step."""

from __future__ import annotations

from sqlalchemy import select, union
from sqlalchemy.orm import Session

from app.interop import feed, webhooks
from app.interop.feed import Seen
from app.interop.feed.models import FeedToken
from app.interop.webhooks.models import Webhook


def keep(session: Session, seen: Seen) -> int:
    """Keep what was seen, with what is to be told of it; returns how much that is. In one write transaction.

    So nothing is told of what was not kept, and nothing kept that is not told.
    """
    return webhooks.note(session, seen.provider.id, feed.keep(session, seen), now=seen.at)


def watched(session: Session) -> tuple[int, ...]:
    """Return the ids of providers that another system reads of or is told of. One statement."""
    reading = select(FeedToken.provider_id).where(FeedToken.ended_at.is_(None))
    told = select(Webhook.provider_id).where(Webhook.ended_at.is_(None))
    return tuple(session.scalars(union(reading, told).order_by("provider_id")))
