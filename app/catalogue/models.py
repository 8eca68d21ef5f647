"""Rows: which provider takes which pack. Private to this package."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel import Base, UtcDateTime


class Adoption(Base):
    """A provider takes up a pack, or lets it go. The newest row counts; a pack without one is taken up."""

    __tablename__ = "adoptions"
    __table_args__ = (Index("ix_adoptions_provider_id_pack", "provider_id", "pack"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("providers.id"))
    pack: Mapped[str] = mapped_column(String(80))
    adopted: Mapped[bool]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
