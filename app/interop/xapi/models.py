"""Rows: learning record stores that statements are forwarded to, and which they have. Private to this package."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel import Base, UtcDateTime

LONGEST_NAME = 80
LONGEST_ADDRESS = 300
LONGEST_WORDS = 500


class Store(Base):
    """A learning record store. `sealed` is its key and secret, openable with the server's secret key.

    `from_day`: what happened before it is not told. `told` counts the statements it took. `trouble` says what went
    wrong last, empty when nothing did; `tries` counts the tries since, the next is at `next_at`. `stopped_at`: given up
    until somebody says to go on. `claim`: the worker that is at it, since `claimed_at`.
    """

    __tablename__ = "xapi_stores"

    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[UUID] = mapped_column(unique=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("providers.id"), index=True)
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    address: Mapped[str] = mapped_column(String(LONGEST_ADDRESS))
    sealed: Mapped[str] = mapped_column(Text)
    from_day: Mapped[date]
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    told: Mapped[int] = mapped_column(default=0)
    last_told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    trouble: Mapped[str] = mapped_column(String(LONGEST_WORDS), default="")
    tries: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    stopped_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    claim: Mapped[UUID | None]
    claimed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Forwarded(Base):
    """How far a store is with one person: which statements of theirs it has, as the last 8 bytes of each id.

    `due`: something may be new of them. `looked_at`: when all they did was last compared with what the store has.
    """

    __tablename__ = "xapi_forwarded"
    __table_args__ = (
        UniqueConstraint("store_id", "person_id"),
        Index("ix_xapi_forwarded_person_id", "person_id"),
        Index("ix_xapi_forwarded_provider_id_due", "provider_id", "due"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    store_id: Mapped[int] = mapped_column(ForeignKey("xapi_stores.id"))
    provider_id: Mapped[int] = mapped_column(ForeignKey("providers.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    told: Mapped[bytes] = mapped_column(LargeBinary, default=b"")
    due: Mapped[bool] = mapped_column(default=True)
    looked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
