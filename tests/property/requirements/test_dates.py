"""The dates of what is needed, whatever the days are."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from app.learning import Asked, Completion, EditionStep, Status, add_months, standing
from app.requirements import Basis, CellStatus, Dates, Elsewhere, How, Met, Period, TrainingView
from app.requirements.rules import NOTICE, dates, floor, runs_out, together

ID = UUID(int=7)
DAYS = st.dates(date(2020, 1, 1), date(2031, 12, 31))
MONTHS = st.integers(1, 60)
PERIODS = st.none() | MONTHS


def training(
    refresh: int | None, *, window: int = 90, grace: int = 0, first: int = 84, periods: tuple[Period, ...] = ()
) -> TrainingView:
    return TrainingView(
        id=1,
        uuid=ID,
        title="Fire safety",
        basis=Basis.STATUTORY,
        driver="",
        modules=("fire",),
        practice=(),
        elsewhere=Elsewhere.INSTEAD,
        refresh_months=refresh,
        window_days=window,
        grace_days=grace,
        first_due_days=first,
        periods=periods,
    )


def at(day: date, hour: int = 12) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=UTC)


def met(day: date, until: date | None = None) -> Met:
    return Met(on=day, valid_until=until, how=How.ELSEWHERE)


def had_for(day: date, more: int) -> Met:
    """A certificate that says how many days it counts; 0: it does not say."""
    return met(day, day + timedelta(days=more) if more else None)


MET = st.lists(st.builds(had_for, DAYS, st.integers(0, 900)), max_size=4)


@given(start=DAYS, had=MET, now=DAYS, refresh=PERIODS, window=st.integers(0, 365), grace=st.integers(0, 60))
def test_the_four_dates_keep_their_order(
    start: date, had: list[Met], now: date, refresh: int | None, window: int, grace: int
) -> None:
    found = dates(training(refresh, window=window, grace=grace), start, had, at(now))
    assert found.starts == start
    if found.valid_until is not None:
        assert found.refresh_from == found.valid_until - timedelta(days=window)
        assert found.due is not None
        assert found.due >= found.valid_until
    if found.due is not None:
        assert found.due >= start
        assert (found.status is CellStatus.OVERDUE) == (not found.counts and now > found.due + timedelta(days=grace)), (
            "late exactly when the day and its grace have passed"
        )
    else:
        assert found.status is CellStatus.IN_DATE


@given(start=DAYS, had=MET, now=DAYS, refresh=PERIODS)
def test_order_decides_nothing_and_repetition_neither(
    start: date, had: list[Met], now: date, refresh: int | None
) -> None:
    one = dates(training(refresh), start, had, at(now))
    assert dates(training(refresh), start, [*reversed(had), *had], at(now)) == one


@given(day=DAYS, months=MONTHS)
def test_a_period_of_months_ends_on_the_same_day_or_the_months_last(day: date, months: int) -> None:
    end = runs_out(met(day), months)
    assert end is not None
    assert end.month == (day.month - 1 + months) % 12 + 1
    assert end.day == day.day or (end + timedelta(days=1)).day == 1


def test_leap_days_and_31sts() -> None:
    assert runs_out(met(date(2024, 2, 29)), 12) == date(2025, 2, 28)
    assert runs_out(met(date(2024, 2, 29)), 48) == date(2028, 2, 29)
    assert runs_out(met(date(2026, 8, 31)), 6) == date(2027, 2, 28)
    assert runs_out(met(date(2027, 8, 31)), 6) == date(2028, 2, 29)
    assert runs_out(met(date(2026, 1, 31)), 1) == date(2026, 2, 28)


@given(start=DAYS, had=st.lists(st.builds(met, DAYS), max_size=3), refresh=MONTHS, now=DAYS, begun=st.booleans())
def test_what_a_phone_shows_of_a_module_is_what_the_board_shows(
    start: date, had: list[Met], refresh: int, now: date, begun: bool
) -> None:
    """One module without a major change: the rule of learning and the rule of certificates are the same rule."""
    asks = training(refresh)
    past = [each for each in had if each.on <= now]
    asked = Asked(due=floor(asks, start, past), training=ID, refresh_months=refresh, window_days=90, grace_days=0)
    found = standing(
        now=at(now),
        assignment=asked,
        completions=[Completion(edition=1, at=at(each.on), valid_for_months=None) for each in past],
        chain=[EditionStep(number=1, change="major", published=date(2019, 1, 1))],
        started=begun,
    )
    board = dates(asks, start, past, at(now))
    same = "not-started" if found.status is Status.UNDER_WAY else found.status.value
    assert (board.status.value, board.due, board.valid_until) == (same, found.due, found.valid_until)
    assert board.counts == found.counts


@given(
    start=DAYS,
    had=st.lists(st.builds(met, DAYS), max_size=3),
    old=MONTHS,
    new=MONTHS,
    changed=DAYS,
    after=st.integers(0, 28),
)
def test_a_changed_period_makes_nobody_late_who_was_not_and_lets_nobody_off(
    start: date, had: list[Met], old: int, new: int, changed: date, after: int
) -> None:
    before = training(old, periods=(Period(since=date.min, refresh_months=old, first_due_days=84),))
    periods = (*before.periods, Period(since=changed, refresh_months=new, first_due_days=84))
    later = training(new, periods=periods)
    now = at(changed + timedelta(days=after))
    had = [each for each in had if each.on <= changed]
    was, found = dates(before, start, had, now), dates(later, start, had, now)
    if found.status is CellStatus.OVERDUE:
        assert was.status is CellStatus.OVERDUE, "a shorter period gives at least 30 days, or what was left"
    if new < old and was.status is CellStatus.OVERDUE:
        assert found.status is CellStatus.OVERDUE, "a shorter period lets nobody off"
    if new >= old:
        assert (found.due or date.max) >= (was.due or date.max)


def test_a_shorter_period_makes_due_sooner_with_thirty_days_to_do_it() -> None:
    changed = date(2026, 6, 1)
    periods = (
        Period(since=date(2020, 1, 1), refresh_months=36, first_due_days=84),
        Period(since=changed, refresh_months=12, first_due_days=84),
    )
    asks = training(12, periods=periods)
    found = dates(asks, date(2021, 1, 1), [met(date(2024, 9, 1))], at(changed))
    assert (found.valid_until, found.due) == (date(2025, 9, 1), changed + NOTICE)
    assert found.status is CellStatus.DUE_SOON
    late = dates(asks, date(2021, 1, 1), [met(date(2024, 9, 1))], at(changed + NOTICE + timedelta(days=1)))
    assert late.status is CellStatus.OVERDUE


def test_what_the_old_period_left_is_given_when_it_was_less_than_thirty_days() -> None:
    changed = date(2026, 6, 1)
    periods = (
        Period(since=date(2020, 1, 1), refresh_months=36, first_due_days=84),
        Period(since=changed, refresh_months=12, first_due_days=84),
    )
    found = dates(training(12, periods=periods), date(2021, 1, 1), [met(date(2023, 6, 11))], at(changed))
    assert found.due == date(2026, 6, 11)


@given(start=DAYS, ago=st.integers(1, 2000), refresh=MONTHS)
def test_an_earlier_pass_never_leaves_a_newcomer_worse_off_than_none(start: date, ago: int, refresh: int) -> None:
    asks = training(refresh)
    without = dates(asks, start, [], at(start))
    had = dates(asks, start, [met(start - timedelta(days=ago))], at(start))
    assert without.due is not None
    assert had.due is not None
    assert had.due >= without.due
    assert had.status is not CellStatus.OVERDUE


def test_an_exception_that_ends_leaves_thirty_days() -> None:
    asks, start, ended = training(12), date(2024, 1, 1), date(2026, 6, 1)
    found = dates(asks, start, [], at(ended + timedelta(days=1)), not_before=ended)
    assert found.due == ended + NOTICE
    assert found.status is CellStatus.DUE_SOON


def test_nobody_is_late_before_the_day_is_over_in_england() -> None:
    asks = training(None)
    start = date(2026, 7, 1) - timedelta(days=84)
    half_past_eleven = datetime(2026, 7, 1, 22, 30, tzinfo=UTC)
    assert dates(asks, start, [], half_past_eleven).status is CellStatus.DUE_SOON
    assert dates(asks, start, [], half_past_eleven + timedelta(hours=1)).status is CellStatus.OVERDUE
    winter = date(2026, 12, 1) - timedelta(days=84)
    assert dates(asks, winter, [], datetime(2026, 12, 2, 0, 0, tzinfo=UTC)).status is CellStatus.OVERDUE


def test_grace_days_come_before_overdue() -> None:
    asks, start = training(12, grace=14, first=10), date(2026, 1, 1)
    due = start + timedelta(days=10)
    assert dates(asks, start, [], at(due + timedelta(days=14))).status is CellStatus.DUE_SOON
    assert dates(asks, start, [], at(due + timedelta(days=15))).status is CellStatus.OVERDUE


def test_a_later_major_edition_asks_again_within_the_provider_s_dates() -> None:
    asks = training(36)
    start, done, changed = date(2025, 1, 1), date(2026, 1, 10), date(2026, 6, 1)
    asked = Asked(due=floor(asks, start, []), training=ID, refresh_months=36, window_days=90, grace_days=0)
    chain = [
        EditionStep(number=1, change="major", published=date(2025, 1, 1)),
        EditionStep(number=2, change="major", published=changed),
    ]
    earlier = [Completion(edition=1, at=at(done), valid_for_months=12)]
    found = standing(now=at(changed), assignment=asked, completions=earlier, chain=chain)
    assert (found.status, found.due, found.counts) == (Status.DUE_SOON, changed + timedelta(days=30), False)
    again = [*earlier, Completion(edition=2, at=at(date(2026, 6, 5)), valid_for_months=12)]
    then = standing(now=at(date(2026, 6, 6)), assignment=asked, completions=again, chain=chain)
    assert (then.status, then.valid_until) == (Status.IN_DATE, date(2029, 6, 5))


def part(start: date, had: list[Met], now: date, refresh: int | None) -> Dates:
    return dates(training(refresh), start, had, at(now))


@given(parts=st.lists(st.builds(part, DAYS, MET, DAYS, PERIODS), min_size=1, max_size=4))
def test_several_parts_are_as_late_as_the_latest_of_them(parts: list[Dates]) -> None:
    found = together(parts)
    assert (found.status is CellStatus.OVERDUE) == any(each.status is CellStatus.OVERDUE for each in parts)
    assert (found.status is CellStatus.IN_DATE) == all(each.status is CellStatus.IN_DATE for each in parts)
    assert found.due == min((each.due for each in parts if each.due), default=None)


def test_add_months_is_the_one_of_learning() -> None:
    assert runs_out(met(date(2026, 5, 31), date(2026, 6, 1)), 1) == min(
        add_months(date(2026, 5, 31), 1), date(2026, 6, 1)
    )
