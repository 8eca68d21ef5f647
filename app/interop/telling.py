"""Seeing where people stand, keeping it for the feed, and writing down what webhooks are to be told: one step."""

from __future__ import annotations

from sqlalchemy import select, union, union_all
from sqlalchemy.orm import Session

from app.interop import feed, webhooks
from app.interop.feed import Seen
from app.interop.feed.models import FeedToken
from app.interop.webhooks.models import Webhook
from app.interop.xapi.models import Store


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


def names_of(session: Session, provider_id: int) -> dict[str, str]:
    """Return what a provider calls other systems, those that were ended too, by uuid. One statement."""
    tables = (FeedToken, Webhook, Store)
    named = (select(each.uuid, each.name).where(each.provider_id == provider_id) for each in tables)
    return {str(row.uuid): row.name for row in session.execute(union_all(*named))}


def stopped(session: Session, provider_id: int) -> tuple[str, ...]:
    """Return the names of webhooks and stores that were given up until somebody looks. One statement."""
    named = (
        select(each.name).where(each.provider_id == provider_id, each.ended_at.is_(None), each.stopped_at.is_not(None))
        for each in (Webhook, Store)
    )
    return tuple(sorted(session.scalars(union_all(*named))))
