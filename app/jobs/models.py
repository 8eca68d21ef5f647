"""Rows: jobs. Private to this package."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel import Base, UtcDateTime

WORDS = 500


class Job(Base):
    """Something to be done in the background. `claim` names the worker that is at it, `beat_at` when it last said so.

    `tries` counts how often it was begun since it was last asked for.
    """

    __tablename__ = "jobs"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'running', 'done', 'failed', 'cancelled')", name="state"),
        Index("ix_jobs_state", "state"),
        Index("ix_jobs_provider_id_kind", "provider_id", "kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[UUID] = mapped_column(unique=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("providers.id"))
    kind: Mapped[str] = mapped_column(String(20))
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    arguments: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(10))
    done: Mapped[int] = mapped_column(default=0)
    of: Mapped[int] = mapped_column(default=0)
    words: Mapped[str] = mapped_column(String(WORDS), default="")
    tries: Mapped[int] = mapped_column(default=0)
    claim: Mapped[UUID | None]
    claimed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    beat_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
