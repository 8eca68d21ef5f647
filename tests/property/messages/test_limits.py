"""However nudges are asked for, none goes in quiet hours and no seven days hold more than two."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.kernel import ENGLAND
from app.messages.rules import MOST_A_WEEK, WEEK, held_back, may_go_at

EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
moments = st.timedeltas(timedelta(0), timedelta(days=1100)).map(lambda later: EPOCH + later)


@given(moments)
def test_nothing_goes_between_eight_in_the_evening_and_eight_in_the_morning_in_england(now: datetime) -> None:
    at = may_go_at(now)
    assert 8 <= at.astimezone(ENGLAND).hour < 20
    assert now <= at <= now + timedelta(hours=13)
    assert may_go_at(at) == at


@given(moments, st.lists(st.timedeltas(timedelta(0), timedelta(days=3)), max_size=40))
def test_no_seven_days_ever_hold_more_than_two(start: datetime, gaps: list[timedelta]) -> None:
    sent: list[datetime] = []
    now = start
    for gap in gaps:
        now += gap
        if held_back(sent, None, now) is None:
            sent.append(may_go_at(now))
    for first in sent:
        assert sum(first <= at < first + WEEK for at in sent) <= MOST_A_WEEK


@given(moments, st.timedeltas(timedelta(0), timedelta(days=20)))
def test_not_this_week_holds_for_a_week_and_no_longer(said: datetime, later: timedelta) -> None:
    now = said + later
    assert (held_back([], said, now) is None) == (may_go_at(now) >= said + WEEK)
