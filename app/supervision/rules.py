"""Decisions, as pure functions: when the next meeting is due, and what a development plan says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from uuid import UUID

from app.learning import add_months
from app.supervision.types import Comment, Due, GoalView, Held, MeetingKind, Origin, Period, Standing, Statement, Unit

# A habit of the trade, not a law: no regulation gives a number. A provider sets its own.
DEFAULT_PERIODS: Mapping[MeetingKind, Period] = {
    MeetingKind.SUPERVISION: Period(every=12, unit=Unit.WEEKS),
    MeetingKind.APPRAISAL: Period(every=12, unit=Unit.MONTHS),
    MeetingKind.SPOT_CHECK: Period(every=None, unit=Unit.MONTHS),
    MeetingKind.TEAM: Period(every=None, unit=Unit.MONTHS),
}
# Within this many days a meeting is "due soon".
SOON = timedelta(days=28)


def after(day: date, period: Period) -> date | None:
    """Return the day one period after `day`; None when the policy asks for none."""
    if period.every is None:
        return None
    return day + timedelta(weeks=period.every) if period.unit is Unit.WEEKS else add_months(day, period.every)


def due(kind: MeetingKind, period: Period, start: date, held: Iterable[Held], *, today: date) -> Due:
    """Say when the next meeting of a kind is due. `start`: the day the person began here. `held` in any order.

    The day agreed at the last meeting counts before the policy's. Whoever has had none yet is due one period after they
    began.
    """
    last = max(held, key=lambda each: each.on, default=None)
    agreed = last is not None and last.next_on is not None
    following = last.next_on if last is not None and agreed else after(last.on if last else start, period)
    return Due(
        kind=kind,
        last=last.on if last else None,
        next=following,
        agreed=agreed,
        standing=_standing(following, today),
    )


def _standing(following: date | None, today: date) -> Standing:
    if following is None:
        return Standing.NOT_ASKED
    if following < today:
        return Standing.OVERDUE
    return Standing.SOON if following - today <= SOON else Standing.LATER


def plan(statements: Iterable[Statement], comments: Sequence[Comment]) -> tuple[GoalView, ...]:
    """Return the goals of one person, as all that was said of them makes them; the order it came in makes no odds.

    Of a carer's own goal the carer's latest words count, and no words take it off the plan. Of a manager's goal the
    manager's words count, and the carer says whether it is done. Open goals come first, those with the nearest day
    before the others.
    """
    said: dict[UUID, list[Statement]] = {}
    for each in sorted(statements, key=lambda each: (each.at, each.order)):
        said.setdefault(each.goal, []).append(each)
    goals = [goal for each in said.values() if (goal := _goal(each, comments)) is not None]
    return tuple(sorted(goals, key=lambda g: (g.done, g.wanted_by or date.max, g.text.casefold(), str(g.goal))))


def _goal(said: Sequence[Statement], comments: Sequence[Comment]) -> GoalView | None:
    managers = [each for each in said if each.origin is Origin.MANAGER]
    carers = [each for each in said if each.origin is Origin.ME]
    words = managers[-1] if managers else carers[-1]
    if not words.text:
        return None
    return GoalView(
        goal=words.goal,
        text=words.text,
        wanted_by=words.wanted_by,
        done=carers[-1].done if carers else False,
        origin=words.origin,
        changed_at=said[-1].at,
        comments=tuple(each for each in comments if each.goal == words.goal),
    )
