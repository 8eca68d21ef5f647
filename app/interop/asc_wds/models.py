"""Rows: what a provider's workplace is called in ASC-WDS. Private to this package."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel import Base, UtcDateTime


class Workplace(Base):
    """The local id (LOCALESTID) of a provider's workplace, since a moment. The newest counts; empty: taken away."""

    __tablename__ = "asc_wds_workplaces"

    id: Mapped[int] = mapped_column(primary_key=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("providers.id"), index=True)
    local_id: Mapped[str] = mapped_column(String(50))
    since: Mapped[datetime] = mapped_column(UtcDateTime)
