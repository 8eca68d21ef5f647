"""When the next meeting is due: by what was agreed, else by the provider's own policy."""

from __future__ import annotations

from datetime import date

import pytest

from app.supervision.rules import DEFAULT_PERIODS, due
from app.supervision.types import Held, MeetingKind, Period, Standing, Unit

START = date(2026, 1, 31)
TODAY = date(2026, 6, 15)
WEEKS = Period(every=12, unit=Unit.WEEKS)
MONTHS = Period(every=1, unit=Unit.MONTHS)
NEVER = Period(every=None, unit=Unit.MONTHS)
KIND = MeetingKind.SUPERVISION


def test_whoever_had_none_yet_is_due_one_period_after_they_began() -> None:
    found = due(KIND, WEEKS, START, [], today=TODAY)
    assert (found.last, found.next, found.standing) == (None, date(2026, 4, 25), Standing.OVERDUE)


def test_the_latest_meeting_counts_in_whatever_order_they_come() -> None:
    held = [Held(on=date(2026, 5, 1)), Held(on=date(2026, 3, 1))]
    for order in (held, held[::-1]):
        found = due(KIND, WEEKS, START, order, today=TODAY)
        assert (found.last, found.next) == (date(2026, 5, 1), date(2026, 7, 24))


def test_the_day_agreed_at_the_last_one_counts_before_the_policy() -> None:
    found = due(KIND, WEEKS, START, [Held(on=date(2026, 5, 1), next_on=date(2026, 6, 20))], today=TODAY)
    assert (found.next, found.agreed, found.standing) == (date(2026, 6, 20), True, Standing.SOON)


def test_a_day_agreed_long_ago_is_not_held_against_a_later_meeting() -> None:
    held = [Held(on=date(2026, 2, 1), next_on=date(2026, 3, 1)), Held(on=date(2026, 5, 1))]
    assert due(KIND, WEEKS, START, held, today=TODAY).next == date(2026, 7, 24)


def test_without_a_period_nothing_is_asked_for_but_what_was_agreed() -> None:
    assert due(KIND, NEVER, START, [], today=TODAY).standing is Standing.NOT_ASKED
    assert due(KIND, NEVER, START, [Held(on=START)], today=TODAY).next is None
    agreed = [Held(on=START, next_on=date(2026, 9, 1))]
    assert due(KIND, NEVER, START, agreed, today=TODAY).next == date(2026, 9, 1)


@pytest.mark.parametrize(
    ("today", "standing"),
    [
        (date(2026, 1, 31), Standing.SOON),
        (date(2026, 2, 28), Standing.SOON),
        (date(2026, 3, 1), Standing.OVERDUE),
    ],
)
def test_a_month_from_the_31st_ends_on_the_months_last_day(today: date, standing: Standing) -> None:
    found = due(KIND, MONTHS, START, [], today=today)
    assert (found.next, found.standing) == (date(2026, 2, 28), standing)


def test_the_habit_of_the_trade_is_twelve_weeks_and_twelve_months() -> None:
    assert DEFAULT_PERIODS[MeetingKind.SUPERVISION] == Period(every=12, unit=Unit.WEEKS)
    assert DEFAULT_PERIODS[MeetingKind.APPRAISAL] == Period(every=12, unit=Unit.MONTHS)
    assert DEFAULT_PERIODS[MeetingKind.SPOT_CHECK].every is None
