"""Rows: what this server offers others and with which key, whom it follows, and what came from where.

Private to this package. Nothing here names a person: who did what stands in the audit trail.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel import Base, UtcDateTime

LONGEST_WORDS = 500


class SigningKey(Base):
    """The Ed25519 key that signs this server's catalogue. `sealed` is its secret half; the newest is used."""

    __tablename__ = "catalogue_keys"

    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[UUID] = mapped_column(unique=True)
    public: Mapped[str] = mapped_column(String(43))
    sealed: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(String(120))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)


class OfferedPack(Base):
    """A pack that other servers are offered, from when to when."""

    __tablename__ = "catalogue_offers"

    id: Mapped[int] = mapped_column(primary_key=True)
    pack: Mapped[str] = mapped_column(String(80), index=True)
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Source(Base):
    """A catalogue that is followed. `uuid` is what its server calls itself, `key` the one a person confirmed.

    `address` is None when it comes by file. `manifest` is the newest that was seen whole and signed, made at `made_at`;
    `trouble` what went wrong at the last look, empty when nothing did.
    """

    __tablename__ = "catalogue_sources"

    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[UUID] = mapped_column(index=True)
    name: Mapped[str] = mapped_column(String(120))
    address: Mapped[str | None] = mapped_column(String(300))
    key: Mapped[str] = mapped_column(String(43))
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    manifest: Mapped[str] = mapped_column(Text, deferred=True)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    looked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    trouble: Mapped[str] = mapped_column(String(LONGEST_WORDS), default="")


class Holding(Base):
    """A module's or pack's key that belongs to a source here: nobody else's editions of it are taken.

    Never ended by itself: when the source is no longer followed, another may go on from the very same editions.
    """

    __tablename__ = "catalogue_holdings"
    __table_args__ = (
        CheckConstraint("kind IN ('module', 'pack')", name="kind"),
        Index("ix_catalogue_holdings_kind_key", "kind", "key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(6))
    key: Mapped[str] = mapped_column(String(120))
    source_id: Mapped[int] = mapped_column(ForeignKey("catalogue_sources.id"))
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class TakenErratum(Base):
    """An erratum of a publisher that was carried out here once. `mark` is its SHA-256."""

    __tablename__ = "catalogue_errata"
    __table_args__ = (UniqueConstraint("source_id", "mark"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("catalogue_sources.id"))
    mark: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    done: Mapped[bool]
