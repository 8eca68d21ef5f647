"""Days from the start to the first visit alone: of five people and more, and of nobody by name."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from app.compliance import InductionTime, time_of
from app.providers import MemberView, Role

TODAY = date(2026, 6, 15)


def place(person: int, started: date, ended: date | None = None, *roles: Role) -> MemberView:
    moment = datetime(started.year, started.month, started.day, 9, tzinfo=UTC)
    return MemberView(
        membership_id=person * 100 + started.month,
        person_id=person,
        person_uuid=UUID(int=person),
        name=f"Carer {person}",
        provider_id=1,
        roles=frozenset(roles or (Role.LEARNER,)),
        started=moment,
        ended=None if ended is None else datetime(ended.year, ended.month, ended.day, 9, tzinfo=UTC),
        archived_at=None,
        has_pin=True,
    )


def after(start: date, *days: int) -> InductionTime:
    """Everybody started on a day, and had their first visit so many days later."""
    members = [place(number, start) for number in range(1, len(days) + 1)]
    visits = {number: start + timedelta(days=each) for number, each in enumerate(days, 1)}
    return time_of(members, visits, today=TODAY)


def test_of_five_people_the_median_and_the_range_are_told() -> None:
    assert after(date(2026, 1, 5), 10, 30, 12, 0, 21).days == (12, 0, 30)


def test_of_four_people_no_days_are_told_but_how_many_they_are() -> None:
    found = after(date(2026, 1, 5), 10, 30, 12, 21)
    assert (found.started, found.people, found.waiting, found.days) == (4, 4, 0, None)


def test_one_more_visit_changes_nothing_until_five_more_had_theirs() -> None:
    five = [10, 11, 12, 13, 14]
    for more in range(5):
        assert after(date(2026, 1, 5), *five, *[100] * more).days == (12, 10, 14)
    assert after(date(2026, 1, 5), *five, *[100] * 5).days == (57, 10, 100)


def test_who_started_more_than_a_year_ago_is_not_in_it() -> None:
    members = [place(1, date(2025, 6, 14)), place(2, date(2025, 6, 15)), place(3, TODAY)]
    found = time_of(members, {}, today=TODAY)
    assert (found.since, found.started, found.waiting) == (date(2025, 6, 15), 2, 2)


def test_who_left_waits_for_nothing_and_who_only_manages_has_no_induction() -> None:
    members = [
        place(1, date(2026, 2, 1), date(2026, 3, 1)),
        place(2, date(2026, 2, 1)),
        place(3, date(2026, 2, 1), None, Role.MANAGER),
    ]
    found = time_of(members, {}, today=TODAY)
    assert (found.started, found.waiting) == (2, 1)


def test_who_came_back_is_counted_by_their_first_start() -> None:
    members = [place(1, date(2020, 1, 1), date(2021, 1, 1)), place(1, date(2026, 2, 1))]
    found = time_of(members, {1: date(2020, 2, 1)}, today=TODAY)
    assert (found.started, found.waiting, found.people) == (0, 0, 0)
