"""Rows: who is told when something changes, what they are told, and how each try went. Private to this package."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel import Base, UtcDateTime

LONGEST_NAME = 80
LONGEST_ADDRESS = 300
LONGEST_WORDS = 300


class Webhook(Base):
    """An address of another system that is told. `sealed` is its secret, openable with the server's secret key.

    `events` are the kinds it is told, `fields` what of a person beside their id. `tries` counts those of the event that
    waits first, the next is at `next_at`; `stopped_at`: given up until somebody says to go on. `claim`: the worker that
    is at it, since `claimed_at`.
    """

    __tablename__ = "webhooks"

    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[UUID] = mapped_column(unique=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("providers.id"), index=True)
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    address: Mapped[str] = mapped_column(String(LONGEST_ADDRESS))
    sealed: Mapped[str] = mapped_column(Text)
    events: Mapped[list[str]] = mapped_column(JSON)
    fields: Mapped[list[str]] = mapped_column(JSON)
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    tries: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    stopped_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    claim: Mapped[UUID | None]
    claimed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class WebhookEvent(Base):
    """Something a webhook is told: `body` to the byte, the same at every try. `person_id` None: it is about nobody."""

    __tablename__ = "webhook_events"
    __table_args__ = (
        Index("ix_webhook_events_webhook_id_sent_at", "webhook_id", "sent_at"),
        Index("ix_webhook_events_person_id", "person_id"),
        Index("ix_webhook_events_provider_id_sent_at", "provider_id", "sent_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[UUID] = mapped_column(unique=True)
    webhook_id: Mapped[int] = mapped_column(ForeignKey("webhooks.id"))
    provider_id: Mapped[int] = mapped_column(ForeignKey("providers.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    kind: Mapped[str] = mapped_column(String(30))
    body: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class WebhookTry(Base):
    """One try at telling. `code` is the answer's, None when there was none; `words` say what went wrong."""

    __tablename__ = "webhook_tries"

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("webhook_events.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    code: Mapped[int | None]
    words: Mapped[str] = mapped_column(String(LONGEST_WORDS), default="")
