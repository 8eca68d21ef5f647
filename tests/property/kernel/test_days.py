"""Days in England, at whatever moment of whichever year."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from app.kernel import ENGLAND, day_of, end_of, start_of

MOMENTS = st.datetimes(datetime(1972, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
DAYS = st.dates(date(1972, 1, 2), date(2100, 1, 1))


@given(moment=MOMENTS, hours=st.integers(-12, 14))
def test_the_day_is_that_of_clocks_in_england_whatever_zone_the_moment_is_told_in(moment: datetime, hours: int) -> None:
    there = moment.astimezone(ENGLAND)
    assert day_of(moment) == date(there.year, there.month, there.day)
    assert day_of(moment.astimezone(timezone(timedelta(hours=hours)))) == day_of(moment)


@given(day=DAYS)
def test_a_day_begins_and_ends_where_its_neighbours_do(day: date) -> None:
    tick = timedelta(microseconds=1)
    assert day_of(start_of(day)) == day_of(end_of(day)) == day
    assert day_of(start_of(day) - tick) == day - timedelta(days=1)
    assert end_of(day) + tick == start_of(day + timedelta(days=1))


def test_days_of_23_and_25_hours() -> None:
    forward, back = date(2026, 3, 29), date(2026, 10, 25)
    for day, hours in ((forward, 23), (back, 25), (date(2026, 7, 14), 24)):
        assert start_of(day + timedelta(days=1)) - start_of(day) == timedelta(hours=hours)


def test_half_past_midnight_in_july_is_the_next_day_and_in_december_it_is_not() -> None:
    assert day_of(datetime(2026, 7, 14, 23, 30, tzinfo=UTC)) == date(2026, 7, 15)
    assert day_of(datetime(2026, 12, 14, 23, 30, tzinfo=UTC)) == date(2026, 12, 14)
