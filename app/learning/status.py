"""Where a person stands with a module. A phone shows what is worked out here; the cases are in tests/contract/status.

Days are those of England (kernel/days.py), whatever zone the server is in.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache

from app.kernel import day_of
from app.learning.types import Asked, Completion, EditionStep, Standing, Status
from app.recognised import Recognised

# Within this many days of its date a module is "due soon".
SOON = timedelta(days=30)
# Who had done an earlier edition is given this long to do a later, majorly changed one.
TIME_FOR_A_MAJOR_CHANGE = timedelta(days=30)


@lru_cache(maxsize=4096)
def add_months(day: date, months: int) -> date:
    """Return the same day of the month `months` later, or that month's last day: 31 August + 6 = 28 or 29 February."""
    index = day.year * 12 + day.month - 1 + months
    year, month = index // 12, index % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def valid_until(completion: Completion, refresh_months: int | None = None) -> date | None:
    """Return the last day a completion counts, by its own edition's rule; None: it counts for ever.

    A later edition with another validity changes nothing about it. `refresh_months`, a provider's own period, does.
    """
    months = completion.valid_for_months if refresh_months is None else refresh_months
    return None if months is None else add_months(day_of(completion.at), months)


def standing(
    *,
    now: datetime,
    assignment: Asked | None,
    completions: Sequence[Completion],
    chain: Sequence[EditionStep],
    started: bool = False,
    watching: bool = False,
    not_needed: bool = False,
    recognised: Sequence[Recognised] = (),
) -> Standing:
    """Say where a person stands with a module.

    `chain` is every published edition, oldest first. A completion of an older edition counts, unless the module is
    assigned and a later edition changed majorly: then the person has until 30 days after that edition was published, or
    until their due date when that is later. Without an assignment nobody is late. `started`: something was done since
    the last completion. `watching`: an observation is still to come. Completions may come in any order.

    `recognised`: what was shown elsewhere and counts for the module. It counts where no completion does, as long as
    one of its day would, and what was recognised before a major change counts no more after it.
    """
    major = _last_major(chain) if assignment else None
    refresh = assignment.refresh_months if assignment else None
    counting = [each for each in completions if major is None or each.edition >= major.number]
    best = max(counting or completions, key=lambda each: _goodness(each, refresh), default=None)
    end = valid_until(best, refresh) if best else None
    today = day_of(now)
    counts = bool(counting) and (end is None or today <= end)

    elsewhere, had = None, _longest([] if counts else recognised, refresh, major)
    ran_out = end if counting else None
    if had is not None:
        until = _recognised_until(had, refresh)
        if until is None or today <= until:
            elsewhere, counts, end = had, True, until
        else:
            ran_out = max(until, ran_out or until)

    def stands(status: Status, due: date | None) -> Standing:
        return Standing(
            status=status,
            due=due,
            valid_until=end,
            completed_at=best.at if best else None,
            edition=best.edition if best else None,
            counts=counts,
            recognised=elsewhere,
        )

    if not_needed:
        return stands(Status.NOT_NEEDED, None)
    if counts:
        if assignment and end and end - today <= _window(assignment):
            return stands(Status.DUE_SOON, _not_before(assignment, end))
        status = Status.NEEDS_WATCHING if watching else Status.IN_DATE
        return stands(status, _not_before(assignment, end) if assignment and end else None)
    due = _due(assignment, ran_out, major if best or recognised else None, end)
    if assignment and due:
        if today > due + timedelta(days=assignment.grace_days or 0):
            return stands(Status.OVERDUE, due)
        # Who let a training of the provider's list run out hears of it, however long they have.
        if due - today <= SOON or (counting and assignment.training is not None):
            return stands(Status.DUE_SOON, due)
    return stands(Status.UNDER_WAY if started else Status.NOT_STARTED, due)


def _longest(
    recognised: Sequence[Recognised], refresh_months: int | None, major: EditionStep | None
) -> Recognised | None:
    """Return what was recognised and counts longest, of what no major change came after."""
    fresh = [each for each in recognised if major is None or day_of(each.since) >= major.published]
    return max(fresh, key=lambda each: (_recognised_until(each, refresh_months) or date.max, each.since), default=None)


def _recognised_until(had: Recognised, refresh_months: int | None) -> date | None:
    """Return the last day it counts: its own, or the provider's period after it was awarded, whichever is first."""
    by_period = None if refresh_months is None else add_months(had.on, refresh_months)
    return min((day for day in (had.valid_until, by_period) if day is not None), default=None)


def _window(assignment: Asked) -> timedelta:
    """Return how long before it runs out the refresher may be taken."""
    return SOON if assignment.window_days is None else timedelta(days=assignment.window_days)


def _not_before(assignment: Asked, ran_out: date) -> date:
    """Return the day to have it done again by. What the provider's list needs is never due before its own day."""
    return ran_out if assignment.training is None else max(ran_out, assignment.due or date.min)


def _due(
    assignment: Asked | None, ran_out: date | None, major: EditionStep | None, best_until: date | None
) -> date | None:
    """Return the day to have it done by, when nothing counts today. Without an assignment nobody is late."""
    if assignment is None:
        return None
    if ran_out is not None:
        return _not_before(assignment, ran_out)
    if major is None:
        return assignment.due
    # A major change gives time, but no more than the earlier pass had left.
    until: date = min(major.published + TIME_FOR_A_MAJOR_CHANGE, best_until or date.max)
    return max(until, assignment.due or date.min)


def _goodness(completion: Completion, refresh_months: int | None) -> tuple[date, datetime, int]:
    """Order completions by how long they count; of equals the latest, so that order of arrival decides nothing."""
    return (valid_until(completion, refresh_months) or date.max, completion.at, completion.edition)


def _last_major(chain: Sequence[EditionStep]) -> EditionStep | None:
    """Return the last edition that asks people to take the module again. The first asks nobody: none was before it."""
    later = [step for step in chain if step.number > min(each.number for each in chain)]
    return max((step for step in later if step.change == "major"), key=lambda step: step.number, default=None)
