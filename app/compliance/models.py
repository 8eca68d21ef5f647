"""Rows: evidence packs and the labels they are laid out by. Private to this package."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.files import HasFile
from app.kernel import Base, UtcDateTime


class EvidencePack(HasFile, Base):
    """The file one job made. `manifest` names each file in it with its hash, and stays when the file is removed.

    It lies in the database, or in the bucket, and not in a folder: so every server has it when its job is done.
    """

    __tablename__ = "evidence_packs"

    id: Mapped[int] = mapped_column(primary_key=True)
    job_id: Mapped[int] = mapped_column(ForeignKey("jobs.id"), unique=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("providers.id"), index=True)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    size: Mapped[int]
    sha: Mapped[str] = mapped_column(String(64))
    manifest: Mapped[str] = mapped_column(Text, deferred=True)
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    removed_why: Mapped[str | None] = mapped_column(String(10))


class EvidenceLabels(Base):
    """What a provider calls the headings that packs are laid out by. Append only; the newest counts.

    `labels`: `[{title, parts: [key], words: [text]}]`.
    """

    __tablename__ = "evidence_labels"

    id: Mapped[int] = mapped_column(primary_key=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("providers.id"), index=True)
    labels: Mapped[list[Any]] = mapped_column(JSON)
    set_at: Mapped[datetime] = mapped_column(UtcDateTime)
    set_by: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
