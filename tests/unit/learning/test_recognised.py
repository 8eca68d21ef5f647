"""What was shown elsewhere and is recognised counts for a module as long as it holds, and never as a completion."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from app.catalogue import Step
from app.kernel import day_of
from app.learning import Asked, Completion, Standing, Status, standing
from app.recognised import Recognised

NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)
DAY = day_of(NOW)
FIRST = Step(number=1, change="minor", published=date(2025, 1, 1))
MAJOR = Step(number=2, change="major", published=DAY - timedelta(days=5))
ASKED = Asked(due=DAY - timedelta(days=40))


def had(*, days: int = 100, until: date | None = None, since: int = 10) -> Recognised:
    return Recognised(
        issuer="Thistle Care",
        on=DAY - timedelta(days=days),
        valid_until=until,
        since=NOW - timedelta(days=since),
    )


def stands(*recognised: Recognised, **changes: object) -> Standing:
    values: dict[str, object] = {"now": NOW, "assignment": ASKED, "completions": (), "chain": (FIRST,)}
    return standing(**{**values, **changes}, recognised=recognised)  # type: ignore[arg-type]


def test_it_counts_and_nothing_was_completed() -> None:
    assert stands().status is Status.OVERDUE
    found = stands(had())
    assert (found.status, found.counts, found.due) == (Status.IN_DATE, True, None)
    assert (found.completed_at, found.edition, found.recognised) == (None, None, had())


@pytest.mark.parametrize(
    ("left", "status"), [(100, Status.IN_DATE), (30, Status.DUE_SOON), (0, Status.DUE_SOON), (-1, Status.OVERDUE)]
)
def test_it_counts_to_its_last_day(left: int, status: Status) -> None:
    end = DAY + timedelta(days=left)
    found = stands(had(until=end))
    assert (found.status, found.counts) == (status, left >= 0)
    assert found.due == end


def test_a_providers_own_period_runs_from_the_day_it_was_awarded() -> None:
    asked = Asked(due=ASKED.due, refresh_months=12, window_days=30)
    assert stands(had(days=100), assignment=asked).valid_until == date(2027, 3, 7)
    late = stands(had(days=400), assignment=asked)
    assert (late.status, late.counts, late.recognised) == (Status.OVERDUE, False, None)


def test_what_was_completed_here_comes_first() -> None:
    done = Completion(edition=1, at=NOW - timedelta(days=3), valid_for_months=None)
    found = stands(had(), completions=(done,))
    assert (found.completed_at, found.recognised) == (done.at, None)
    lapsed = Completion(edition=1, at=NOW - timedelta(days=900), valid_for_months=12)
    assert stands(had(), completions=(lapsed,)).recognised == had()


def test_a_major_change_after_it_was_recognised_asks_again_with_time_for_it() -> None:
    chain = (FIRST, MAJOR)
    assert stands(had(since=2), chain=chain).status is Status.IN_DATE
    found = stands(had(since=10), chain=chain)
    assert (found.status, found.recognised) == (Status.DUE_SOON, None)
    assert found.due == MAJOR.published + timedelta(days=30)


def test_of_several_the_one_that_counts_longest_is_told() -> None:
    short, long = had(until=DAY + timedelta(days=9)), had(until=DAY + timedelta(days=99))
    assert stands(short, long).recognised == stands(long, short).recognised == long
