"""Development plans: what managers add, and what a plan says now or said on a day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.kernel import new_uuid7
from app.supervision import rules
from app.supervision.acts import LONGEST_GOAL
from app.supervision.errors import SupervisionError
from app.supervision.models import GoalSaved, PlanEntry
from app.supervision.names import names_of
from app.supervision.queries import after
from app.supervision.types import Comment, GoalView, Origin, Statement

GOAL, COMMENT = "goal", "comment"


def add_goal(
    session: Session,
    provider_id: int,
    person_id: int,
    text: str,
    wanted_by: date | None,
    *,
    now: datetime,
    by: int | None,
) -> UUID:
    """Put a goal on a person's plan. Raises SupervisionError for words that are missing or too long. Flushes."""
    return _add(session, provider_id, person_id, new_uuid7(), GOAL, text, wanted_by, now=now, by=by).goal


def comment(
    session: Session, provider_id: int, person_id: int, goal: UUID, text: str, *, now: datetime, by: int | None
) -> UUID | None:
    """Say something about a goal of a person's plan. None: it has no such goal. Flushes. Raises SupervisionError."""
    if goal not in {each.goal for each in plans_of(session, provider_id, [person_id]).get(person_id, ())}:
        return None
    return _add(session, provider_id, person_id, goal, COMMENT, text, None, now=now, by=by).uuid


def end_entry(
    session: Session, provider_id: int, person_id: int, which: UUID, *, now: datetime, by: int | None
) -> str | None:
    """Take a manager's goal (by the goal's uuid) or comment (by its own) off the plan; returns which it was.

    A carer's own goal is the carer's to take off. None: there is nothing of a manager's here.
    """
    mine = (PlanEntry.what == GOAL) & (PlanEntry.goal == which)
    row = session.scalars(
        select(PlanEntry).where(
            PlanEntry.provider_id == provider_id,
            PlanEntry.person_id == person_id,
            PlanEntry.ended_at.is_(None),
            or_(mine, (PlanEntry.what == COMMENT) & (PlanEntry.uuid == which)),
        )
    ).first()
    if row is None:
        return None
    row.ended_at, row.ended_by = now, by
    session.flush()
    return row.what


def plans_of(
    session: Session, provider_id: int, people: Collection[int], *, as_at: date | None = None
) -> Mapping[int, tuple[GoalView, ...]]:
    """Return the development plans of a provider's people by internal id, as they are or were at the end of a day.

    Three statements, however many people. Who has no goal is not in it.
    """
    until = after(as_at)
    entries = select(PlanEntry).where(PlanEntry.provider_id == provider_id, PlanEntry.person_id.in_(list(people)))
    saved = select(GoalSaved).where(GoalSaved.provider_id == provider_id, GoalSaved.person_id.in_(list(people)))
    if until is not None:
        saved = saved.where(GoalSaved.at < until)
        entries = entries.where(PlanEntry.at < until)
    said: dict[int, list[Statement]] = defaultdict(list)
    remarks: dict[int, list[Comment]] = defaultdict(list)
    taken_off: set[tuple[int, UUID]] = set()
    rows = session.scalars(entries.order_by(PlanEntry.at, PlanEntry.id)).all()
    names = names_of(session, provider_id, (row.by for row in rows))
    for row in rows:
        ended = row.ended_at is not None and (until is None or row.ended_at < until)
        if row.what == GOAL and ended:
            taken_off.add((row.person_id, row.goal))
        elif row.what == GOAL:
            said[row.person_id].append(_of_manager(row))
        elif not ended:
            name = names.get(row.by or 0, "")
            remarks[row.person_id].append(Comment(uuid=row.uuid, goal=row.goal, text=row.text, by=name, at=row.at))
    for each in session.scalars(saved):
        if (each.person_id, each.goal) not in taken_off:
            said[each.person_id].append(_of_carer(each))
    plans = {person: rules.plan(each, remarks[person]) for person, each in said.items()}
    return {person: goals for person, goals in plans.items() if goals}


def _of_manager(row: PlanEntry) -> Statement:
    return Statement(
        goal=row.goal,
        text=row.text,
        wanted_by=row.wanted_by,
        done=False,
        origin=Origin.MANAGER,
        at=row.at,
        order=str(row.uuid),
    )


def _of_carer(row: GoalSaved) -> Statement:
    return Statement(
        goal=row.goal,
        text=row.text,
        wanted_by=row.wanted_by,
        done=row.done,
        origin=Origin.ME,
        at=row.at,
        order=str(row.record),
    )


def _add(
    session: Session,
    provider_id: int,
    person_id: int,
    goal: UUID,
    what: str,
    text: str,
    wanted_by: date | None,
    *,
    now: datetime,
    by: int | None,
) -> PlanEntry:
    if not text:
        raise SupervisionError("Write a goal first." if what == GOAL else "Write something first.", field=what)
    if len(text) > LONGEST_GOAL:
        raise SupervisionError(f"This is too long: {LONGEST_GOAL} letters at most.", field=what)
    entry = PlanEntry(
        uuid=new_uuid7(),
        provider_id=provider_id,
        person_id=person_id,
        goal=goal,
        what=what,
        text=text,
        wanted_by=wanted_by,
        at=now,
        by=by,
    )
    session.add(entry)
    session.flush()
    return entry
