"""Rows: what a provider asks of its people. Private to this package.

Nothing is overwritten: a change of a training or a profile is another version, and a place in a profile or an
exception is ended, so that what was asked on an earlier day can still be said.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.files import HasFile
from app.kernel import Base, UtcDateTime

TITLE = String(120)
REASON = String(500)


class Training(Base):
    """A line of a provider's list. `usual`: the line of the usual list it came from, so that none is taken up twice."""

    __tablename__ = "trainings"

    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[UUID] = mapped_column(unique=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("providers.id"), index=True)
    usual: Mapped[str | None] = mapped_column(String(80))
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class TrainingVersion(Base):
    """What a training asks, since a moment. The newest at a moment counts. `modules`, `practice`: lists of texts."""

    __tablename__ = "training_versions"
    __table_args__ = (
        CheckConstraint("basis IN ('statutory', 'mandatory', 'role', 'need', 'own')", name="basis"),
        CheckConstraint("elsewhere IN ('no', 'instead', 'needed')", name="elsewhere"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    training_id: Mapped[int] = mapped_column(ForeignKey("trainings.id"), index=True)
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    title: Mapped[str] = mapped_column(TITLE)
    basis: Mapped[str] = mapped_column(String(10))
    driver: Mapped[str] = mapped_column(String(300))
    source: Mapped[str] = mapped_column(String(500))
    modules: Mapped[list[str]] = mapped_column(JSON)
    practice: Mapped[list[str]] = mapped_column(JSON)
    elsewhere: Mapped[str] = mapped_column(String(10))
    refresh_months: Mapped[int | None]
    window_days: Mapped[int]
    grace_days: Mapped[int]
    first_due_days: Mapped[int]


class Profile(Base):
    """A job at a provider."""

    __tablename__ = "profiles"

    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[UUID] = mapped_column(unique=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("providers.id"), index=True)
    usual: Mapped[str | None] = mapped_column(String(80))
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ProfileVersion(Base):
    """What a profile needs, since a moment. `trainings`: uuids as texts."""

    __tablename__ = "profile_versions"

    id: Mapped[int] = mapped_column(primary_key=True)
    profile_id: Mapped[int] = mapped_column(ForeignKey("profiles.id"), index=True)
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    title: Mapped[str] = mapped_column(TITLE)
    category: Mapped[str | None] = mapped_column(String(40))
    trainings: Mapped[list[Any]] = mapped_column(JSON)


class ProfilePlace(Base):
    """A person has a profile, from one moment to another. They may have several at once."""

    __tablename__ = "profile_places"
    __table_args__ = (
        Index(
            "uq_profile_places_current",
            "profile_id",
            "person_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_profile_places_provider_id_person_id", "provider_id", "person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    profile_id: Mapped[int] = mapped_column(ForeignKey("profiles.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    provider_id: Mapped[int] = mapped_column(ForeignKey("providers.id"))
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))


class TrainingException(Base):
    """A training is not needed of a person, with the reason, from a moment on; to the end of a day, or until ended."""

    __tablename__ = "training_exceptions"
    __table_args__ = (Index("ix_training_exceptions_provider_id_person_id", "provider_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[UUID] = mapped_column(unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    provider_id: Mapped[int] = mapped_column(ForeignKey("providers.id"))
    training_id: Mapped[int] = mapped_column(ForeignKey("trainings.id"))
    reason: Mapped[str] = mapped_column(REASON)
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    until: Mapped[date | None]
    by: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))


class OutsideTraining(Base):
    """A training somebody had elsewhere (`taken_on`), or is booked on (`booked_for`). What became of it: decisions."""

    __tablename__ = "outside_trainings"
    __table_args__ = (Index("ix_outside_trainings_provider_id_person_id", "provider_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[UUID] = mapped_column(unique=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("providers.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    training_id: Mapped[int | None] = mapped_column(ForeignKey("trainings.id"))
    title: Mapped[str] = mapped_column(TITLE)
    taught_by: Mapped[str] = mapped_column(TITLE)
    taken_on: Mapped[date | None]
    valid_until: Mapped[date | None]
    booked_for: Mapped[date | None]
    file_name: Mapped[str | None] = mapped_column(String(120))
    file_type: Mapped[str | None] = mapped_column(String(20))
    file_size: Mapped[int | None]
    file_sha: Mapped[str | None] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))


class OutsideFile(HasFile, Base):
    """The bytes of a certificate, apart from its row so that no list loads them."""

    __tablename__ = "outside_files"

    outside_id: Mapped[int] = mapped_column(ForeignKey("outside_trainings.id"), primary_key=True)


class OutsideDecision(Base):
    """What somebody decided about a training from elsewhere, and why. Append only; the latest counts."""

    __tablename__ = "outside_decisions"
    __table_args__ = (CheckConstraint("decision IN ('accepted', 'refused', 'called-off')", name="decision"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    outside_id: Mapped[int] = mapped_column(ForeignKey("outside_trainings.id"), index=True)
    decision: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
