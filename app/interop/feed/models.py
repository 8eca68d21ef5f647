"""Rows: tokens of other systems, and where everybody stood when that was last looked at. Private to this package."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel import Base, UtcDateTime

LONGEST_NAME = 80


class FeedToken(Base):
    """What lets another system read a provider's feed. `hash` is the token's SHA-256; the token is kept nowhere."""

    __tablename__ = "feed_tokens"

    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[UUID] = mapped_column(unique=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("providers.id"), index=True)
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    hash: Mapped[str] = mapped_column(String(64), unique=True)
    fields: Mapped[list[str]] = mapped_column(JSON)
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class FeedLook(Base):
    """When it was last seen where a provider's people stand, on which day, and how far what happened was known then."""

    __tablename__ = "feed_looks"

    id: Mapped[int] = mapped_column(primary_key=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("providers.id"), unique=True)
    looked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    day: Mapped[date]
    mark: Mapped[str] = mapped_column(String(80))


class FeedStanding(Base):
    """Where a person stood at the last look; it can be worked out anew, but for what it was before.

    `cells`: by training's uuid, its status and dates. `about`: what else the feed can tell of them. `here`: whether
    they have a place. `changed_at`: the look that found any of it different, never earlier than one told before.
    """

    __tablename__ = "feed_standings"
    __table_args__ = (
        UniqueConstraint("provider_id", "person_id"),
        Index("ix_feed_standings_provider_id_changed_at", "provider_id", "changed_at"),
        Index("ix_feed_standings_person_id", "person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("providers.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    here: Mapped[bool]
    about: Mapped[dict[str, Any]] = mapped_column(JSON)
    cells: Mapped[dict[str, dict[str, Any]]] = mapped_column(JSON)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
