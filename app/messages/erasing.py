"""Removing a person's messages, and those kept long enough."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.orm import Session

from app.messages.models import AutomaticNudges, Delivery, Message, MessageMark, PushSubscription


def erase(session: Session, person_id: int, provider_id: int | None) -> None:
    """Remove what was sent to a person and where they can be reached; only at one provider when it is given.

    What they sent to others stays theirs to whom it went, from nobody.
    """
    theirs = Message.person_id == person_id
    _remove(session, theirs if provider_id is None else theirs & (Message.provider_id == provider_id))
    for table in (MessageMark, PushSubscription):
        mine = delete(table).where(table.person_id == person_id)
        session.execute(mine if provider_id is None else mine.where(table.provider_id == provider_id))
    if provider_id is None:
        for column in (Message.from_person, AutomaticNudges.by, AutomaticNudges.ended_by):
            session.execute(update(column.class_).where(column == person_id).values({column.key: None}))


def count_before(session: Session, before: datetime) -> int:
    """Return how many messages were made before a moment."""
    return session.scalar(select(func.count()).select_from(Message).where(Message.made_at < before)) or 0


def remove_before(session: Session, before: datetime) -> None:
    """Remove the messages made before a moment."""
    _remove(session, Message.made_at < before)


def _remove(session: Session, which: ColumnElement[bool]) -> None:
    session.execute(
        delete(Delivery)
        .where(Delivery.message_id.in_(select(Message.id).where(which)))
        .execution_options(synchronize_session=False)
    )
    session.execute(delete(Message).where(which).execution_options(synchronize_session=False))
