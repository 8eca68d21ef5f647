"""Every decision about what is needed of whom, as pure functions.

Days are those of England, as in `learning.status`: a rule, a phone and a manager's page never differ by the hour.

**Four dates.** `starts`: the day it is needed from. `valid_until`: the last day of what was done, by the period in
force now. `refresh_from`: `window_days` before that. `due`: the day to have it done by, which is `valid_until` but
never sooner than the time everybody is given (`floor`): an earlier pass never leaves somebody worse off than none.

**Changed periods.** A longer period counts at once, also for what was done before. A shorter one makes people due
sooner, and takes `valid_until` back with it, but it never makes anybody late for the time before it was asked: whoever
it catches has 30 days from the change, or what the old period still left them when that is less. So nobody becomes
overdue on the day a manager shortens a period, and nobody who was late is let off by it.

**Exceptions.** When one ends, there are 30 days before the training can be overdue.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Protocol

from app.kernel import day_of, end_of
from app.learning import Standing, add_months
from app.requirements.types import CellStatus, Dates, Elsewhere, How, Met, Period, TrainingView

# Before its day a training that was never done is "due soon" for as long as a module is.
SOON = timedelta(days=30)
# What a shorter period, or the end of an exception, gives at least.
NOTICE = timedelta(days=30)


class _Timed(Protocol):
    @property
    def since(self) -> datetime: ...

    @property
    def ended_at(self) -> datetime | None: ...


def in_force(row: _Timed, moment: datetime) -> bool:
    """Say whether something with a beginning and maybe an end was true at a moment."""
    return row.since <= moment and (row.ended_at is None or row.ended_at > moment)


def moment_of(as_at: date | None, now: datetime) -> datetime:
    """Return the last moment of a day, or `now` when that comes first: what is to come is not known yet."""
    return now if as_at is None else min(now, end_of(as_at))


def runs_out(met: Met, refresh_months: int | None) -> date | None:
    """Return the last day something counts: its own, or the provider's period after it was done, whichever is first."""
    by_period = None if refresh_months is None else add_months(met.on, refresh_months)
    return min((day for day in (met.valid_until, by_period) if day is not None), default=None)


def floor(training: TrainingView, start: date, met: Sequence[Met], *, not_before: date | None = None) -> date:
    """Return the day before which nobody can be late with a training they need from `start` on.

    That is the time everybody is given, and more when a period was shortened or an exception ended (see above).
    `not_before`: the day the last exception ended, if there was one.
    """
    periods = training.periods or (_period_of(training),)
    before = [period for period in periods if period.since <= start]
    first = before[-1] if before else periods[0]
    day = start + timedelta(days=first.first_due_days)
    later = periods[periods.index(first) + 1 :]
    due = _due_by(first, day, met) if later else day
    for period in later:
        day = start + timedelta(days=period.first_due_days)
        if _due_by(period, day, met) < due:
            day = max(day, min(due, period.since + NOTICE))
        due = _due_by(period, day, met)
    if not_before is not None:
        day = max(day, not_before + NOTICE)
    return day


def dates(
    training: TrainingView, start: date, met: Sequence[Met], now: datetime, *, not_before: date | None = None
) -> Dates:
    """Say where somebody stands who needs a training from `start` on and has met it as `met` says, in any order."""
    today = day_of(now)
    past = [each for each in met if each.on <= today]
    lowest = floor(training, start, past, not_before=not_before)
    best = max(past, key=lambda each: (runs_out(each, training.refresh_months) or date.max, each.on), default=None)
    if best is None:
        status = _waiting(lowest, training, today, lapsed=False)
        return Dates(status=status, starts=start, due=lowest, valid_until=None, refresh_from=None, counts=False)
    end = runs_out(best, training.refresh_months)
    if end is None:
        return Dates(
            status=CellStatus.IN_DATE, starts=start, due=None, valid_until=None, refresh_from=None, counts=True
        )
    window = end - timedelta(days=training.window_days)
    due = max(end, lowest)
    if today <= end:
        status = CellStatus.DUE_SOON if today >= window else CellStatus.IN_DATE
    else:
        status = _waiting(due, training, today, lapsed=True)
    return Dates(status=status, starts=start, due=due, valid_until=end, refresh_from=window, counts=today <= end)


def of_standing(training: TrainingView, start: date, standing: Standing) -> Dates:
    """Return a module's standing, worked out by the rule phones know, as a part of a training."""
    end = standing.valid_until
    return Dates(
        status=CellStatus(standing.status.value),
        starts=start,
        due=standing.due,
        valid_until=end,
        refresh_from=None if end is None else end - timedelta(days=training.window_days),
        counts=standing.counts,
        recognised=() if standing.recognised is None else (standing.recognised,),
    )


def together(parts: Sequence[Dates]) -> Dates:
    """Return where several parts that are all needed leave a person: the worst state, the earliest days.

    `parts` is not empty. It is valid until a day only when every part was met at some time.
    """
    if not parts:
        raise ValueError("A training has at least one part")
    if len(parts) == 1 and parts[0].status in _ALONE:
        return parts[0]
    met = all(part.counts or part.valid_until is not None for part in parts)
    end = min((part.valid_until for part in parts if part.valid_until), default=None) if met else None
    window = min((part.refresh_from for part in parts if part.refresh_from), default=None) if met else None
    return Dates(
        status=_worst([part.status for part in parts]),
        starts=min(part.starts for part in parts),
        due=min((part.due for part in parts if part.due), default=None),
        valid_until=end,
        refresh_from=window,
        counts=all(part.counts for part in parts),
    )


def better(one: Dates, other: Dates) -> Dates:
    """Return which of two ways to meet the same thing leaves a person longer in peace."""
    return max((one, other), key=lambda each: (each.counts, each.due or date.max, _ORDER.index(each.status)))


def with_practice(known: Dates | None, shown: Dates | None) -> Dates:
    """Join what is known with what was shown in practice. Known but not shown needs watching, until it is late."""
    if known is None or shown is None:
        only = known or shown
        if only is None:
            raise ValueError("A training has at least one part")
        if known is None and not only.counts and only.status in (CellStatus.NOT_STARTED, CellStatus.DUE_SOON):
            return _as(only, CellStatus.NEEDS_WATCHING)
        return only
    both = together((known, shown))
    if known.counts and not shown.counts and both.status is not CellStatus.OVERDUE:
        return _as(both, CellStatus.NEEDS_WATCHING)
    return both


def with_booking(found: CellStatus, booked: date | None, today: date) -> CellStatus:
    """Return "booked" for what is to come. Who is late stays late, also with a day booked."""
    if booked is None or booked < today:
        return found
    waits = (CellStatus.NOT_STARTED, CellStatus.UNDER_WAY, CellStatus.DUE_SOON)
    return CellStatus.BOOKED if found in waits else found


def ways(training: TrainingView) -> tuple[How, ...]:
    """Return what a training can be met by."""
    found = [How.MODULES] if training.modules else []
    if training.elsewhere is not Elsewhere.NO:
        found.append(How.ELSEWHERE)
    if training.practice:
        found.append(How.OBSERVED)
    return tuple(found)


def started_in_profile(versions: Iterable[tuple[datetime, frozenset[str]]], training: str) -> datetime | None:
    """Return since when a profile has needed a training without a break; None when it does not now.

    `versions`: since when, and the trainings from then on; oldest first.
    """
    since: datetime | None = None
    for moment, trainings in versions:
        since = (since or moment) if training in trainings else None
    return since


def _as(found: Dates, status: CellStatus) -> Dates:
    return Dates(
        status=status,
        starts=found.starts,
        due=found.due,
        valid_until=found.valid_until,
        refresh_from=found.refresh_from,
        counts=found.counts,
    )


def _period_of(training: TrainingView) -> Period:
    return Period(since=date.min, refresh_months=training.refresh_months, first_due_days=training.first_due_days)


def _due_by(period: Period, lowest: date, met: Sequence[Met]) -> date:
    """Return when it would be due by one period; the furthest day there is when never."""
    ends = [runs_out(each, period.refresh_months) or date.max for each in met]
    return max([lowest, *ends])


def _waiting(due: date, training: TrainingView, today: date, *, lapsed: bool) -> CellStatus:
    """Return the state of what does not count today. Who let it run out is told to the day; others from 30 days on."""
    if today > due + timedelta(days=training.grace_days):
        return CellStatus.OVERDUE
    return CellStatus.DUE_SOON if lapsed or due - today <= SOON else CellStatus.NOT_STARTED


_ORDER = (
    CellStatus.OVERDUE,
    CellStatus.DUE_SOON,
    CellStatus.NOT_STARTED,
    CellStatus.UNDER_WAY,
    CellStatus.BOOKED,
    CellStatus.NEEDS_WATCHING,
    CellStatus.IN_DATE,
    CellStatus.NOT_NEEDED,
)


# Of one part alone, what it says of itself.
_ALONE = (CellStatus.IN_DATE, CellStatus.DUE_SOON, CellStatus.OVERDUE, CellStatus.NOT_STARTED, CellStatus.UNDER_WAY)


def _worst(statuses: Sequence[CellStatus]) -> CellStatus:
    for status in (CellStatus.OVERDUE, CellStatus.DUE_SOON):
        if status in statuses:
            return status
    found = set(statuses)
    if found == {CellStatus.NOT_STARTED}:
        return CellStatus.NOT_STARTED
    # Some of it done, some not: under way.
    return CellStatus.IN_DATE if found == {CellStatus.IN_DATE} else CellStatus.UNDER_WAY
