"""Rows: what assessors and learners said, worked out from the record log, and what managers decided.

Private to this package. The first three have their record's uuid as their key and nothing that the log does not say,
so that building them again from it gives the same rows.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel import Base, UtcDateTime


class Observation(Base):
    """An assessor's dated statement about practice criteria of one standard. `decisions`: `[{code, decision, saw}]`.

    Never edited: a mistake is withdrawn by a second statement with a reason. `assessor_id` is None once the assessor
    was erased: the statement is the learner's evidence and stays, with `in_scope` as their appointments had it.
    """

    __tablename__ = "observations"
    __table_args__ = (
        Index("ix_observations_provider_id_learner", "provider_id", "learner"),
        Index("ix_observations_provider_id_assessor_id", "provider_id", "assessor_id"),
    )

    record: Mapped[UUID] = mapped_column(primary_key=True)
    assessor_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    provider_id: Mapped[int | None] = mapped_column(ForeignKey("providers.id"))
    learner: Mapped[UUID]
    framework: Mapped[str] = mapped_column(String(60))
    standard: Mapped[int]
    method: Mapped[str] = mapped_column(String(12))
    seen_on: Mapped[date]
    decisions: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    next_step: Mapped[str | None] = mapped_column(Text)
    next_on: Mapped[date | None]
    short: Mapped[str] = mapped_column(String(8))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    in_scope: Mapped[bool | None]
    # What a learner's phone may have shown of it (saw.py); None in a row from before this was kept.
    digests: Mapped[str | None] = mapped_column(String(129))


class ObservationConfirmation(Base):
    """A learner's word on an observation, which they name by its uuid or by its short code."""

    __tablename__ = "observation_confirmations"
    __table_args__ = (Index("ix_observation_confirmations_provider_id_person_id", "provider_id", "person_id"),)

    record: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    provider_id: Mapped[int | None] = mapped_column(ForeignKey("providers.id"))
    observation: Mapped[UUID | None]
    short: Mapped[str | None] = mapped_column(String(8))
    agrees: Mapped[bool]
    comment: Mapped[str | None] = mapped_column(Text)
    saw: Mapped[str | None] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class ObservationWithdrawal(Base):
    """An assessor takes a statement of theirs back, with the reason."""

    __tablename__ = "observation_withdrawals"
    __table_args__ = (
        Index("ix_observation_withdrawals_observation", "observation"),
        Index("ix_observation_withdrawals_provider_id_person_id", "provider_id", "person_id"),
    )

    record: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    provider_id: Mapped[int | None] = mapped_column(ForeignKey("providers.id"))
    observation: Mapped[UUID]
    reason: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class AssessorAppointment(Base):
    """A manager names a person an assessor for some standards, or all (None). Another scope is another row."""

    __tablename__ = "assessor_appointments"
    __table_args__ = (Index("ix_assessor_appointments_provider_id_person_id", "provider_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[UUID] = mapped_column(unique=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("providers.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    standards: Mapped[list[int] | None] = mapped_column(JSON(none_as_null=True))
    basis: Mapped[str] = mapped_column(Text)
    since: Mapped[date]
    until: Mapped[date | None]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))


class ManagerWithdrawal(Base):
    """A manager takes an observation back, and may bring it back. `person_id` is the learner's."""

    __tablename__ = "manager_withdrawals"
    __table_args__ = (Index("ix_manager_withdrawals_provider_id_person_id", "provider_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("providers.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    observation: Mapped[UUID]
    reason: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    undone_by: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))


class Countersign(Base):
    """A manager who is neither assessor nor learner lets an observation count. `person_id` is the learner's.

    `confirmation` is the record of the disagreement it settles, or None for somebody's own practice.
    """

    __tablename__ = "countersigns"
    __table_args__ = (Index("ix_countersigns_provider_id_person_id", "provider_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("providers.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    observation: Mapped[UUID]
    confirmation: Mapped[UUID | None]
    words: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))


WHOLE_CERTIFICATE = 0


class SignOff(Base):
    """A standard of a learner's is met, as a manager decided; `standard` 0: the whole certificate.

    A withdrawn one stays and another may follow. What runs out later changes nothing about what was decided.
    """

    __tablename__ = "sign_offs"
    __table_args__ = (
        Index(
            "uq_sign_offs_current",
            "provider_id",
            "person_id",
            "framework",
            "standard",
            unique=True,
            sqlite_where=text("withdrawn_at IS NULL"),
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
        Index("ix_sign_offs_provider_id_person_id", "provider_id", "person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[UUID] = mapped_column(unique=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("providers.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), index=True)
    framework: Mapped[str] = mapped_column(String(60))
    standard: Mapped[int]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_by: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    withdrawn_reason: Mapped[str | None] = mapped_column(Text)
