"""Rows: meetings, plans, induction, and the goals worked out from the record log. Private to this package.

Nothing is overwritten: rows begin and end, so that what was true on a day can be told later.
"""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel import Base, UtcDateTime


class MeetingPeriod(Base):
    """How often a provider holds a kind of meeting, by its own policy. `every` None: not on a schedule."""

    __tablename__ = "meeting_periods"
    __table_args__ = (Index("ix_meeting_periods_provider_id", "provider_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("providers.id"))
    kind: Mapped[str] = mapped_column(String(20))
    every: Mapped[int | None]
    unit: Mapped[str] = mapped_column(String(10))
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    by: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))


class Meeting(Base):
    """One person's supervision, appraisal or spot check, or their part in a team meeting."""

    __tablename__ = "meetings"
    __table_args__ = (Index("ix_meetings_provider_id_person_id_held_on", "provider_id", "person_id", "held_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[UUID] = mapped_column(unique=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("providers.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    kind: Mapped[str] = mapped_column(String(20))
    held_on: Mapped[date]
    led_by_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    led_by_other: Mapped[str] = mapped_column(String(120))
    shared: Mapped[str] = mapped_column(Text)
    private: Mapped[str] = mapped_column(Text)
    next_on: Mapped[date | None]
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    taken_out_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    taken_out_by: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    reason: Mapped[str | None] = mapped_column(String(500))


class MeetingAction(Base):
    """Something agreed at a meeting."""

    __tablename__ = "meeting_actions"
    __table_args__ = (Index("ix_meeting_actions_provider_id_person_id", "provider_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[UUID] = mapped_column(unique=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id"))
    provider_id: Mapped[int] = mapped_column(ForeignKey("providers.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    text: Mapped[str] = mapped_column(String(500))
    due: Mapped[date | None]


class Tick(Base):
    """An agreed action or a line of the induction checklist is done. Taken back: it ended. `subject` is its uuid."""

    __tablename__ = "supervision_ticks"
    __table_args__ = (Index("ix_supervision_ticks_provider_id_person_id", "provider_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("providers.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    subject: Mapped[UUID] = mapped_column(index=True)
    on: Mapped[date]
    with_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))


class InductionItem(Base):
    """A line of a provider's induction checklist. New words end the row and begin another of the same uuid."""

    __tablename__ = "induction_items"
    __table_args__ = (Index("ix_induction_items_provider_id", "provider_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[UUID]
    provider_id: Mapped[int] = mapped_column(ForeignKey("providers.id"))
    position: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))


class PlanEntry(Base):
    """What a manager put on a person's development plan: a goal, or a comment on one (`what`)."""

    __tablename__ = "plan_entries"
    __table_args__ = (Index("ix_plan_entries_provider_id_person_id", "provider_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[UUID] = mapped_column(unique=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("providers.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    goal: Mapped[UUID]
    what: Mapped[str] = mapped_column(String(10))
    text: Mapped[str] = mapped_column(String(500))
    wanted_by: Mapped[date | None]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))


class GoalSaved(Base):
    """What a carer's phone said of a goal. Worked out from the log: every saying is a row, the latest counts."""

    __tablename__ = "goals_saved"
    __table_args__ = (Index("ix_goals_saved_provider_id_person_id", "provider_id", "person_id"),)

    record: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    provider_id: Mapped[int | None] = mapped_column(ForeignKey("providers.id"))
    goal: Mapped[UUID]
    text: Mapped[str] = mapped_column(String(500))
    wanted_by: Mapped[date | None]
    done: Mapped[bool]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
