"""Questions screens ask: how often meetings are held, what is due next, what was written down."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import bindparam, exists, func, select
from sqlalchemy.orm import Session

from app.kernel import any_of_one, start_of
from app.supervision import rules
from app.supervision.models import GoalSaved, Meeting, MeetingAction, MeetingPeriod, PlanEntry, Tick
from app.supervision.names import names_of
from app.supervision.types import ActionView, Due, Held, MeetingKind, MeetingView, Period, Unit

# Whether there is anything of a person: parts of one statement, asked with `provider`, `person` and `person_uuid`.
ANY_OF_ONE = {
    "goals": any_of_one(PlanEntry) | any_of_one(GoalSaved),
    "meetings": any_of_one(Meeting),
    "periods": exists().where(MeetingPeriod.provider_id == bindparam("provider")),
}


def after(day: date | None) -> datetime | None:
    """Return the moment a day is over, or None for now."""
    return None if day is None else start_of(day + timedelta(days=1))


def periods_of(session: Session, provider_id: int) -> Mapping[MeetingKind, Period]:
    """Return how often a provider holds each kind of meeting: as it said, else the habit of the trade."""
    query = select(MeetingPeriod).where(MeetingPeriod.provider_id == provider_id, MeetingPeriod.ended_at.is_(None))
    own = {
        MeetingKind(row.kind): Period(every=row.every, unit=Unit(row.unit))
        for row in session.scalars(query.order_by(MeetingPeriod.id))
    }
    return {kind: own.get(kind, period) for kind, period in rules.DEFAULT_PERIODS.items()}


def due_of(
    session: Session,
    provider_id: int,
    starts: Mapping[int, date],
    *,
    today: date,
    any_held: bool = True,
    any_periods: bool = True,
) -> Mapping[int, Mapping[MeetingKind, Due]]:
    """Return, for each person (internal id → the day they began here), the last and next meeting of every kind.

    Two statements, however many people and meetings; one fewer where it is known that there are no meetings, or that
    the provider never said how often.
    """
    periods = periods_of(session, provider_id) if any_periods else rules.DEFAULT_PERIODS
    latest = _latest_held(session, provider_id) if any_held else {}
    found: dict[int, Mapping[MeetingKind, Due]] = {}
    for person, start in starts.items():
        mine = {kind: latest.get((person, kind)) for kind in MeetingKind}
        found[person] = {
            kind: rules.due(kind, periods[kind], start, [last] if (last := mine[kind]) else [], today=today)
            for kind in MeetingKind
        }
    return found


def _latest_held(session: Session, provider_id: int) -> dict[tuple[int, MeetingKind], Held]:
    """Return the last meeting of every kind that each person had."""
    place = (
        func.row_number()
        .over(partition_by=(Meeting.person_id, Meeting.kind), order_by=(Meeting.held_on.desc(), Meeting.id.desc()))
        .label("place")
    )
    held = (
        select(Meeting.person_id, Meeting.kind, Meeting.held_on, Meeting.next_on, place)
        .where(Meeting.provider_id == provider_id, Meeting.taken_out_at.is_(None))
        .subquery()
    )
    return {
        (row.person_id, MeetingKind(row.kind)): Held(on=row.held_on, next_on=row.next_on)
        for row in session.execute(select(held).where(held.c.place == 1))
    }


def late_actions(session: Session, provider_id: int, *, today: date) -> Mapping[int, int]:
    """Return how many things agreed with each person (internal id) are open although their day has passed.

    What was agreed at a meeting that was taken out of the record counts no more. One statement.
    """
    done = select(Tick.id).where(
        Tick.provider_id == provider_id, Tick.subject == MeetingAction.uuid, Tick.ended_at.is_(None)
    )
    query = (
        select(MeetingAction.person_id, func.count())
        .join(Meeting, Meeting.id == MeetingAction.meeting_id)
        .where(
            MeetingAction.provider_id == provider_id,
            MeetingAction.due < today,
            Meeting.taken_out_at.is_(None),
            ~done.exists(),
        )
        .group_by(MeetingAction.person_id)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def meetings_of(
    session: Session,
    provider_id: int,
    people: Collection[int] | None = None,
    *,
    as_at: date | None = None,
    with_taken_out: bool = False,
) -> tuple[MeetingView, ...]:
    """Return meetings with their notes and what was agreed, the latest first; `people` None: of everybody.

    `as_at`: those held by that day and not taken out by its end, with what was done of the agreed by then. Four
    statements.
    """
    until = after(as_at)
    query = select(Meeting).where(Meeting.provider_id == provider_id)
    if people is not None:
        query = query.where(Meeting.person_id.in_(list(people)))
    if as_at is not None:
        query = query.where(Meeting.held_on <= as_at)
    rows = [
        row
        for row in session.scalars(query.order_by(Meeting.held_on.desc(), Meeting.id.desc()))
        if with_taken_out or row.taken_out_at is None or (until is not None and row.taken_out_at >= until)
    ]
    actions = _actions(session, provider_id, people, until)
    names = names_of(session, provider_id, (row.led_by_id for row in rows))
    return tuple(
        MeetingView(
            uuid=row.uuid,
            person_id=row.person_id,
            kind=MeetingKind(row.kind),
            held_on=row.held_on,
            led_by=row.led_by_other or names.get(row.led_by_id or 0, ""),
            shared=row.shared,
            private=row.private,
            next_on=row.next_on,
            written_at=row.written_at,
            taken_out=row.reason if row.taken_out_at else None,
            actions=tuple(actions.get(row.id, ())),
        )
        for row in rows
    )


def _actions(
    session: Session, provider_id: int, people: Collection[int] | None, until: datetime | None
) -> Mapping[int, list[ActionView]]:
    query = select(MeetingAction).where(MeetingAction.provider_id == provider_id)
    ticked = select(Tick).where(Tick.provider_id == provider_id, Tick.subject.in_(select(MeetingAction.uuid)))
    if people is not None:
        query = query.where(MeetingAction.person_id.in_(list(people)))
        ticked = ticked.where(Tick.person_id.in_(list(people)))
    done: dict[UUID, date] = {}
    for tick in session.scalars(ticked.order_by(Tick.id)):
        if until is None and tick.ended_at is not None:
            continue
        if until is not None and (tick.at >= until or (tick.ended_at is not None and tick.ended_at < until)):
            continue
        done[tick.subject] = tick.on
    found: dict[int, list[ActionView]] = defaultdict(list)
    for row in session.scalars(query.order_by(MeetingAction.id)):
        found[row.meeting_id].append(ActionView(uuid=row.uuid, text=row.text, due=row.due, done_on=done.get(row.uuid)))
    return found
