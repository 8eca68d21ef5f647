"""Removing a person."""

from __future__ import annotations

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from app.supervision.models import GoalSaved, InductionItem, Meeting, MeetingAction, MeetingPeriod, PlanEntry, Tick


def erase(session: Session, person_id: int, provider_id: int | None) -> None:
    """Remove a person's meetings, plan and induction; only at one provider when it is given.

    What they wrote down of others stays, written by nobody.
    """
    for table in (MeetingAction, Meeting, Tick, PlanEntry, GoalSaved):
        theirs = delete(table).where(table.person_id == person_id)
        session.execute(theirs if provider_id is None else theirs.where(table.provider_id == provider_id))
    if provider_id is None:
        for column in (
            Meeting.led_by_id,
            Meeting.by,
            Meeting.taken_out_by,
            Tick.with_id,
            Tick.by,
            Tick.ended_by,
            PlanEntry.by,
            PlanEntry.ended_by,
            MeetingPeriod.by,
            InductionItem.by,
            InductionItem.ended_by,
        ):
            session.execute(update(column.class_).where(column == person_id).values({column.key: None}))
