"""A development plan says the same in whatever order its sayings arrive, and however often."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from app.supervision.rules import plan
from app.supervision.types import Origin, Statement

BEGAN = datetime(2026, 6, 1, tzinfo=UTC)

statements = st.builds(
    Statement,
    goal=st.integers(1, 3).map(lambda n: UUID(int=n)),
    text=st.sampled_from(["", "Learn to use the hoist", "Drive with more calm"]),
    wanted_by=st.none() | st.dates(date(2026, 1, 1), date(2027, 1, 1)),
    done=st.booleans(),
    origin=st.sampled_from(Origin),
    # Few moments, so that many sayings share one.
    at=st.integers(0, 3).map(lambda n: BEGAN + timedelta(days=n)),
    order=st.uuids().map(str),
)


@given(st.lists(statements, unique_by=lambda each: each.order), st.randoms())
def test_any_order_gives_the_same_plan(said: list[Statement], luck: object) -> None:
    shuffled = list(said)
    luck.shuffle(shuffled)  # type: ignore[attr-defined]
    assert plan(shuffled, ()) == plan(said, ())
    assert plan([*said, *shuffled], ()) == plan(said, ())


@given(st.lists(statements, min_size=1, unique_by=lambda each: each.order))
def test_the_latest_words_of_whose_goal_it_is_count(said: list[Statement]) -> None:
    goals = {each.goal: each for each in plan(said, ())}
    for goal in {each.goal for each in said}:
        mine = [each for each in said if each.goal == goal]
        owner = Origin.MANAGER if any(each.origin is Origin.MANAGER for each in mine) else Origin.ME
        last = max((each for each in mine if each.origin is owner), key=lambda each: (each.at, each.order))
        if not last.text:
            assert goal not in goals
        else:
            shown = goals[goal]
            assert (shown.text, shown.wanted_by, shown.origin) == (last.text, last.wanted_by, owner)
