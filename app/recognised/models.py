"""Rows: statements from elsewhere, and what was decided on each. Private to this package."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel import Base, UtcDateTime


class Recognition(Base):
    """A signed statement about one of a provider's people, as somebody handed it in. Never changed.

    `sha` is the SHA-256 of `document`, the statement itself. `places` are where its withdrawal would show.
    """

    __tablename__ = "recognitions"
    __table_args__ = (
        UniqueConstraint("provider_id", "person_id", "sha", name="uq_recognitions_provider_id_person_id_sha"),
        Index("ix_recognitions_person_id", "person_id"),
        Index("ix_recognitions_issuer", "issuer"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[UUID] = mapped_column(unique=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("providers.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    issuer: Mapped[str] = mapped_column(String(300))
    issuer_name: Mapped[str] = mapped_column(String(200))
    credential: Mapped[str] = mapped_column(String(300))
    title: Mapped[str] = mapped_column(String(300))
    named: Mapped[str] = mapped_column(String(200))
    on: Mapped[date]
    expires: Mapped[datetime | None] = mapped_column(UtcDateTime)
    places: Mapped[list[Any]] = mapped_column(JSON)
    key: Mapped[str] = mapped_column(String(400))
    sha: Mapped[str] = mapped_column(String(64))
    document: Mapped[str] = mapped_column(Text, deferred=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))


class RecognitionDecision(Base):
    """What was decided on a statement, why, and what it stands in for since. Append only; the latest counts.

    `by` is None where the server found that the issuer took it back, or that nobody trusts the issuer any more.
    """

    __tablename__ = "recognition_decisions"
    __table_args__ = (
        CheckConstraint("decision IN ('accepted', 'declined', 'withdrawn', 'untrusted')", name="decision"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    recognition_id: Mapped[int] = mapped_column(ForeignKey("recognitions.id"), index=True)
    decision: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(String(500))
    modules: Mapped[list[Any]] = mapped_column(JSON)
    codes: Mapped[list[Any]] = mapped_column(JSON)
    practice: Mapped[list[Any]] = mapped_column(JSON)
    outside: Mapped[UUID | None]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
