"""Rows: editions, media and other published documents. Private to this package; nothing here is ever deleted."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel import Base, UtcDateTime, only_on


class Edition(Base):
    """One published, unchangeable form of a module. Only its place in the catalogue and its withdrawal may change.

    `listing` and `answer_key` are JSON text: what a catalogue shows of it, and what is withheld from phones by
    question id. `source` names what it was built from, so that unchanged text is not rendered again; `text` is that
    text itself, None for editions of before it was kept. `audience` is the uuid of the one provider it is for, None for
    everybody.
    """

    __tablename__ = "editions"
    __table_args__ = (
        UniqueConstraint("module", "number"),
        CheckConstraint("change IN ('minor', 'major')", name="change"),
        CheckConstraint("number >= 1", name="number"),
        # What every phone asks of all editions. SQLite keeps a row in one piece and goes through all of an edition to
        # read what stands behind it; PostgreSQL keeps what is long elsewhere.
        only_on(
            "sqlite",
            Index(
                "ix_editions_listed",
                *("module", "number", "sha", "change", "title", "listing", "pack", "topic", "wire_bytes"),
                *("published_at", "withdrawn_at", "withdrawn_reason", "safety", "audience", "check_again"),
            ),
        ),
    )

    sha: Mapped[str] = mapped_column(String(64), primary_key=True)
    module: Mapped[str] = mapped_column(String(120))
    number: Mapped[int]
    change: Mapped[str] = mapped_column(String(5))
    title: Mapped[str] = mapped_column(String(120))
    pack: Mapped[str] = mapped_column(String(80))
    topic: Mapped[str] = mapped_column(String(80))
    source: Mapped[str] = mapped_column(String(64))
    body: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    br: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    gz: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    wire_bytes: Mapped[int]
    listing: Mapped[str] = mapped_column(Text)
    answer_key: Mapped[str] = mapped_column(Text, default="{}", deferred=True)
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_reason: Mapped[str | None] = mapped_column(String(500))
    safety: Mapped[bool] = mapped_column(default=False)
    audience: Mapped[UUID | None]
    check_again: Mapped[date | None]
    text: Mapped[str | None] = mapped_column(Text, deferred=True)


class Erratum(Base):
    """The right key of one question of an edition that was published with a wrong one. Append only: a later one for the
    same question counts instead. `key` is JSON text: `right`, `order` or `pairs`.
    """

    __tablename__ = "errata"

    id: Mapped[int] = mapped_column(primary_key=True)
    sha: Mapped[str] = mapped_column(ForeignKey("editions.sha"), index=True)
    question: Mapped[str] = mapped_column(String(200))
    key: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(String(500))
    corrected_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Media(Base):
    """A picture or sound, named by its content and shared by all editions that use it.

    `private`: only editions for single providers use it, those of `MediaAudience`.
    """

    __tablename__ = "media"

    sha: Mapped[str] = mapped_column(String(64), primary_key=True)
    type: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(10))
    body: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    br: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    gz: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)
    private: Mapped[bool] = mapped_column(default=False, server_default=false())


class MediaAudience(Base):
    """A provider one of whose own editions uses a private picture or sound. `audience` is the provider's uuid."""

    __tablename__ = "media_audiences"

    sha: Mapped[str] = mapped_column(ForeignKey("media.sha"), primary_key=True)
    audience: Mapped[UUID] = mapped_column(primary_key=True)


class Document(Base):
    """Other published JSON, named by its content: the glossary, a framework, a pack with its topics.

    The latest of a kind and name is the one in force. `audience` as with editions: a provider's own pack.
    """

    __tablename__ = "documents"

    sha: Mapped[str] = mapped_column(String(64), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20), index=True)
    name: Mapped[str] = mapped_column(String(80))
    body: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    br: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    gz: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    wire_bytes: Mapped[int]
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)
    in_force: Mapped[bool] = mapped_column(default=True)
    audience: Mapped[UUID | None]
