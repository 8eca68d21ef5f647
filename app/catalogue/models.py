"""Rows: packs, topics, frameworks as last published, and which provider takes which pack. Private to this package."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel import Base, UtcDateTime


class PackRow(Base):
    """A pack, as its pack.yml last said."""

    __tablename__ = "packs"

    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    publisher: Mapped[str] = mapped_column(String(200))
    licence: Mapped[str] = mapped_column(String(80))
    framework: Mapped[str | None] = mapped_column(String(80))


class TopicRow(Base):
    """A topic of a pack, in the pack's order."""

    __tablename__ = "topics"

    pack: Mapped[str] = mapped_column(ForeignKey("packs.key"), primary_key=True)
    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    position: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    standard: Mapped[int | None]


class FrameworkRow(Base):
    """What carers should know and be able to do. `standards`: `[{number, title, criteria: [{code, kind}]}]`."""

    __tablename__ = "frameworks"

    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    standards: Mapped[list[dict[str, Any]]] = mapped_column(JSON)


class Adoption(Base):
    """A provider takes up a pack, or lets it go. The newest row counts; a pack without one is taken up."""

    __tablename__ = "adoptions"
    __table_args__ = (Index("ix_adoptions_provider_id_pack", "provider_id", "pack"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("providers.id"))
    pack: Mapped[str] = mapped_column(ForeignKey("packs.key"))
    adopted: Mapped[bool]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
