"""Rows: messages to people, how they travel, what their phones said of them. Private to this package."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel import Base, UtcDateTime


class Message(Base):
    """Words for one person. Never changed. `from_person` is None when the server sent it by itself.

    `subject`: what it is about, as keys. `occasion`: of messages sent by the server itself, the day they are for: one a
    person and day. `visible_from`: when it may first be seen, which is after quiet hours. `in_app`: it stands on Today.
    """

    __tablename__ = "messages"
    __table_args__ = (
        UniqueConstraint("person_id", "provider_id", "occasion"),
        Index("ix_messages_provider_id_made_at", "provider_id", "made_at"),
        Index("ix_messages_provider_id_id", "provider_id", "id"),
        Index("ix_messages_person_id_visible_from", "person_id", "visible_from"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[UUID] = mapped_column(unique=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("providers.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    from_person: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    kind: Mapped[str] = mapped_column(String(10))
    subject: Mapped[list[str]] = mapped_column(JSON)
    text: Mapped[str] = mapped_column(Text)
    occasion: Mapped[str | None] = mapped_column(String(40))
    in_app: Mapped[bool]
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    visible_from: Mapped[datetime] = mapped_column(UtcDateTime)


class Delivery(Base):
    """A message on its way by one channel. `claim` is the worker that has it since `claimed_at`; each is a try."""

    __tablename__ = "message_deliveries"
    __table_args__ = (
        UniqueConstraint("message_id", "channel"),
        Index("ix_message_deliveries_state_not_before", "state", "not_before"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("messages.id"))
    channel: Mapped[str] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(12))
    not_before: Mapped[datetime] = mapped_column(UtcDateTime)
    claim: Mapped[str | None] = mapped_column(String(36))
    claimed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    tries: Mapped[int]
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    note: Mapped[str | None] = mapped_column(String(120))


class MessageMark(Base):
    """What a person's phone said of a message: read, or not this week. Worked out from the record log.

    `message` is no foreign key: the record may outlive the message, and comes from a phone that could name any.
    """

    __tablename__ = "message_marks"
    __table_args__ = (
        Index("ix_message_marks_person_id_message", "person_id", "message"),
        Index("ix_message_marks_provider_id_kind_at", "provider_id", "kind", "at"),
    )

    record: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    provider_id: Mapped[int | None] = mapped_column(ForeignKey("providers.id"))
    message: Mapped[UUID]
    kind: Mapped[str] = mapped_column(String(10))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class PushSubscription(Base):
    """Where a browser said it can be reached, and the keys only it can read with."""

    __tablename__ = "push_subscriptions"
    __table_args__ = (
        UniqueConstraint("device_id", "endpoint_hash"),
        Index("ix_push_subscriptions_person_id", "person_id"),
        Index("ix_push_subscriptions_provider_id", "provider_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    provider_id: Mapped[int | None] = mapped_column(ForeignKey("providers.id"))
    device_id: Mapped[int] = mapped_column(ForeignKey("devices.id"))
    endpoint: Mapped[str] = mapped_column(Text)
    endpoint_hash: Mapped[str] = mapped_column(String(64))
    browser_key: Mapped[str] = mapped_column(String(100))
    browser_secret: Mapped[str] = mapped_column(String(40))
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class AutomaticNudges(Base):
    """A provider lets the server nudge by itself, from a moment on and until it no longer does."""

    __tablename__ = "automatic_nudges"
    __table_args__ = (
        Index(
            "uq_automatic_nudges_current",
            "provider_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("providers.id"))
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
