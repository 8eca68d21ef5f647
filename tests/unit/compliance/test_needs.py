"""Who wants the manager's attention, and in which order."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from app.compliance import Need, goes_today, in_order_of_need
from app.compliance.rules import summary_of
from app.kernel import new_uuid7
from app.learning import AttemptView, Standing, Status
from app.providers import MemberView, Role

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def member(name: str = "Ngozi Obi", *, joined: bool = True, left: bool = False, **changes: object) -> MemberView:
    values: dict[str, object] = {
        "membership_id": 1,
        "person_id": 1,
        "person_uuid": UUID(int=1),
        "name": name,
        "provider_id": 1,
        "roles": frozenset({Role.LEARNER}),
        "started": NOW - timedelta(days=100),
        "ended": NOW - timedelta(days=1) if left else None,
        "archived_at": None,
        "has_pin": joined,
        **changes,
    }
    return MemberView(**values)  # type: ignore[arg-type]


def stands(status: Status, due: date | None = None, completed: datetime | None = None) -> Standing:
    return Standing(status=status, due=due, valid_until=None, completed_at=completed, edition=None)


def attempt(at: datetime) -> AttemptView:
    return AttemptView(
        record=new_uuid7(), person_id=1, module="falls", edition=1, sha="0" * 64, at=at, received_at=at,
        seconds=1, score=0, passed=False, questions=(),
    )  # fmt: skip


def test_the_earliest_overdue_date_is_since_when_she_waits() -> None:
    line = summary_of(
        member(),
        [("b", stands(Status.OVERDUE, date(2026, 11, 9))), ("a", stands(Status.OVERDUE, date(2026, 11, 3)))],
    )
    assert (line.need, line.since) == (Need.OVERDUE, date(2026, 11, 3))
    assert [each.module for each in line.overdue] == ["a", "b"]


@pytest.mark.parametrize(
    ("who", "status", "need"),
    [
        (member(joined=False), Status.OVERDUE, Need.OVERDUE),
        (member(joined=False), Status.DUE_SOON, Need.NOT_JOINED),
        (member(joined=False, roles=frozenset({Role.MANAGER})), Status.IN_DATE, Need.NOTHING),
        (member(), Status.NEEDS_WATCHING, Need.NEEDS_WATCHING),
        (member(), Status.DUE_SOON, Need.DUE_SOON),
        (member(), Status.NOT_STARTED, Need.NOTHING),
        (member(left=True), Status.OVERDUE, Need.LEFT),
    ],
)
def test_one_thing_about_a_person_comes_first(who: MemberView, status: Status, need: Need) -> None:
    assert summary_of(who, [("falls", stands(status, date(2026, 11, 3), NOW))]).need is need


def test_who_has_waited_longest_stands_first_within_a_need() -> None:
    lines = [
        summary_of(member("Cy"), []),
        summary_of(member("Ben"), [("a", stands(Status.OVERDUE, date(2026, 11, 9)))]),
        summary_of(member("Ada"), [("a", stands(Status.OVERDUE, date(2026, 11, 10)))]),
        summary_of(member("abe"), []),
    ]
    assert [line.member.name for line in in_order_of_need(lines)] == ["Ben", "Ada", "abe", "Cy"]


def test_what_needs_nothing_is_counted() -> None:
    line = summary_of(
        member(),
        [("a", stands(Status.IN_DATE)), ("b", stands(Status.NOT_NEEDED)), ("c", stands(Status.UNDER_WAY))],
    )
    assert (line.in_date, line.asked) == (2, 3)


def test_goes_are_counted_by_the_day_and_from_the_last_reset() -> None:
    midnight = NOW.replace(hour=0)
    attempts = [attempt(at) for at in (midnight - timedelta(seconds=1), midnight, NOW - timedelta(hours=1))]
    assert goes_today(attempts, None, NOW) == 2
    assert goes_today(attempts, NOW - timedelta(hours=2), NOW) == 1
    assert goes_today(attempts, NOW - timedelta(days=3), NOW) == 2
