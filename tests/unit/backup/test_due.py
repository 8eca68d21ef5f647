"""A backup is due once a day, and a server that was off catches up."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from app.backup.rules import is_due, last_due, surplus


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 6, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "newest", "due"),
    [
        (at(15, 1, 59), at(14, 2, 0), False),
        (at(15, 2, 0), at(14, 2, 0), True),
        (at(15, 2, 1), at(15, 2, 0), False),
        (at(15, 23, 0), at(15, 2, 0), False),
        (at(15, 9, 0), at(14, 2, 0), True),
        (at(15, 9, 0), at(15, 1, 0), True),
        (at(15, 9, 0), None, True),
    ],
)
def test_a_backup_is_due_from_the_hour_on_until_there_is_one(now: datetime, newest: datetime | None, due: bool) -> None:
    assert is_due(now, 2, newest) is due


def test_before_the_hour_yesterdays_counts() -> None:
    assert last_due(at(15, 1, 59), 2) == at(14, 2)
    assert last_due(at(15, 2, 0), 2) == at(15, 2)
    assert last_due(at(1, 0, 0), 23) == datetime(2026, 5, 31, 23, tzinfo=UTC)


def test_the_newest_stay() -> None:
    assert surplus(("c", "b", "a"), 2) == ("a",)
    assert surplus(("c", "b", "a"), 5) == ()
    assert surplus(("c", "b", "a"), 0) == ("b", "a")
