"""Rows: what managers ask for, and what is worked out from the record log. Private to this package.

The tables of the second half have the person and the record's uuid as their key and nothing that depends on when it
arrived, so that building them again from the log gives the same rows. Those that grow are cut into parts by person.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, PrimaryKeyConstraint, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel import PARTED_BY_PERSON, Base, CompactJson, UtcDateTime

MODULE_KEY = String(120)


class PassDecision(Base):
    """A manager lets a pass stand that only a wrong key gave, or takes it away. Append only; the latest counts.

    `erratum` is the last one that had changed the result by then: what a later one gives back is not taken by it.
    """

    __tablename__ = "pass_decisions"
    __table_args__ = (Index("ix_pass_decisions_provider_id_person_id", "provider_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    record: Mapped[UUID] = mapped_column(index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    provider_id: Mapped[int] = mapped_column(ForeignKey("providers.id"))
    erratum: Mapped[int] = mapped_column(ForeignKey("errata.id"))
    stands: Mapped[bool]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))


class Assignment(Base):
    """A manager asks a person for a module. A change of the date ends one and adds another.

    `training` and the periods after it are set when the provider's list needs it; `app.requirements` looks after those.
    """

    __tablename__ = "assignments"
    __table_args__ = (
        Index(
            "uq_assignments_current",
            "person_id",
            "provider_id",
            "module",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_assignments_provider_id_person_id", "provider_id", "person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[UUID] = mapped_column(unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    provider_id: Mapped[int] = mapped_column(ForeignKey("providers.id"))
    module: Mapped[str] = mapped_column(MODULE_KEY)
    due: Mapped[date | None]
    training: Mapped[UUID | None]
    refresh_months: Mapped[int | None]
    window_days: Mapped[int | None]
    grace_days: Mapped[int | None]
    assigned_at: Mapped[datetime] = mapped_column(UtcDateTime)
    assigned_by: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))


class AttemptReset(Base):
    """A manager lifts the limit of goes a day at a module, from a moment on."""

    __tablename__ = "attempt_resets"
    __table_args__ = (Index("ix_attempt_resets_provider_id_person_id", "provider_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    provider_id: Mapped[int] = mapped_column(ForeignKey("providers.id"))
    module: Mapped[str] = mapped_column(MODULE_KEY)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))


class FromRecord:
    """The columns every row made from one record has."""

    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), primary_key=True)
    record: Mapped[UUID] = mapped_column(primary_key=True)
    provider_id: Mapped[int | None] = mapped_column(ForeignKey("providers.id"))
    module: Mapped[str] = mapped_column(MODULE_KEY)
    edition: Mapped[int]
    sha: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class AttemptResult(FromRecord, Base):
    """What marking gave for one attempt. `questions`: `[{id, first, last, tries}]`; `notes`: unknown, pending ids.

    `passed` says whether it counts: by the key in force, or by one that was, until a manager takes it away.
    """

    __tablename__ = "attempt_results"
    __table_args__ = (
        Index("ix_attempt_results_provider_id_person_id_module_at", "provider_id", "person_id", "module", "at"),
        PARTED_BY_PERSON,
    )

    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    attempt: Mapped[str] = mapped_column(String(36))
    seconds: Mapped[int]
    score: Mapped[int]
    passed: Mapped[bool]
    questions: Mapped[list[dict[str, Any]]] = mapped_column(CompactJson)
    notes: Mapped[dict[str, list[str]]] = mapped_column(CompactJson)


class Remark(FromRecord, Base):
    """What an erratum changed about the result of one attempt: old and new, by marking alone. No row: nothing."""

    __tablename__ = "remarks"
    __table_args__ = (
        PrimaryKeyConstraint("person_id", "record", "erratum"),
        Index("ix_remarks_provider_id_person_id", "provider_id", "person_id"),
    )

    erratum: Mapped[int] = mapped_column(ForeignKey("errata.id"), primary_key=True)
    old_score: Mapped[int]
    old_passed: Mapped[bool]
    new_score: Mapped[int]
    new_passed: Mapped[bool]


class LessonRead(FromRecord, Base):
    """Somebody had a lesson open."""

    __tablename__ = "lesson_reads"
    __table_args__ = (
        # Where everybody stands asks when each last did something in each module: answered from this index alone.
        Index("ix_lesson_reads_provider_id_person_id_module_at", "provider_id", "person_id", "module", "at"),
        PARTED_BY_PERSON,
    )

    lesson: Mapped[str] = mapped_column(String(200))
    seconds: Mapped[int]


class Completed(FromRecord, Base):
    """A learner met a module's rule for an edition."""

    __tablename__ = "completions"
    __table_args__ = (
        # Where somebody stands asks for these columns: answered from this index alone.
        Index("ix_completions_standing", "provider_id", "person_id", "module", "edition", "at", "valid_for_months"),
        PARTED_BY_PERSON,
    )

    valid_for_months: Mapped[int | None]


class Reflection(FromRecord, Base):
    """Words a learner wrote. `text` is None when only they may read them: those words never leave their phone."""

    __tablename__ = "reflections"
    __table_args__ = (
        Index("ix_reflections_provider_id_person_id_at", "provider_id", "person_id", "at"),
        PARTED_BY_PERSON,
    )

    question: Mapped[str] = mapped_column(String(200))
    shared_with: Mapped[str] = mapped_column(String(10))
    text: Mapped[str | None] = mapped_column(Text)
