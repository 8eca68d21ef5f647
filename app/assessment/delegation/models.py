"""Rows: what clinicians signed, and what was withdrawn. Private to this package; nothing is overwritten."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel import Base, UtcDateTime


class Delegation(Base):
    """A clinician's signed statement that one carer is competent for one task with one person receiving care.

    Never changed and never made longer: a renewal is another row.
    """

    __tablename__ = "delegations"
    __table_args__ = (Index("ix_delegations_provider_id_person_id", "provider_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[UUID] = mapped_column(unique=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("providers.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    task: Mapped[str] = mapped_column(String(120))
    alias: Mapped[str] = mapped_column(String(20))
    limits: Mapped[str] = mapped_column(Text)
    clinician: Mapped[str] = mapped_column(String(120))
    profession: Mapped[str] = mapped_column(String(120))
    organisation: Mapped[str] = mapped_column(String(120))
    reach: Mapped[str] = mapped_column(String(200))
    seen_on: Mapped[date]
    valid_until: Mapped[date]
    rests_on: Mapped[str] = mapped_column(String(300))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))


class DelegationWithdrawal(Base):
    """A delegated task is withdrawn, from `at` on, and until `undone_at` where that was a mistake.

    At most one of a delegation stands at a time.
    """

    __tablename__ = "delegation_withdrawals"
    __table_args__ = (
        Index("ix_delegation_withdrawals_provider_id_person_id", "provider_id", "person_id"),
        Index("ix_delegation_withdrawals_delegation", "delegation"),
        Index(
            "uq_delegation_withdrawals_standing",
            "delegation",
            unique=True,
            sqlite_where=text("undone_at IS NULL"),
            postgresql_where=text("undone_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("providers.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    delegation: Mapped[UUID]
    reason: Mapped[str] = mapped_column(String(500))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    undone_by: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
