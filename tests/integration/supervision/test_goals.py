"""A carer's goals come from their phone, a manager's from the web; both see both, and what the plan was stays known."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import permutations
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from app import supervision, sync
from app.kernel import new_uuid7
from app.providers import ProviderView
from app.supervision import GoalView, Origin, SupervisionError
from tests.support.tables import worked_out
from tests.support.world import NOW, Phone, add_person, add_phone, add_provider, words

HOIST = "0197a000-0000-7000-8000-000000000001"


def saved(phone: Phone, text: str, *, day: int = 15, goal: str = HOIST, done: bool = False, by: str | None = None):
    data = {"goal": goal, "text": text, "by": by, "done": done}
    return phone.record("goal.saved", data, at=f"2026-06-{day:02}T08:00:00.000Z")


@pytest.fixture
def place(session: Session) -> tuple[ProviderView, Phone]:
    provider = add_provider(session)
    return provider, add_phone(session, add_person(session, provider))


def plan(session: Session, place: tuple[ProviderView, Phone], as_at: date | None = None) -> tuple[GoalView, ...]:
    provider, phone = place
    return supervision.plans_of(session, provider.id, [phone.person_id], as_at=as_at).get(phone.person_id, ())


def test_the_latest_saying_counts_in_whatever_order_they_arrive(session: Session) -> None:
    here = add_provider(session)
    seen = set()
    for number, order in enumerate(permutations(range(3))):
        phone = add_phone(session, add_person(session, here, f"Carer {number}"))
        sayings = [
            saved(phone, "Use the hoist", day=10),
            saved(phone, "Use the hoist alone", day=11, by="2026-09-01"),
            saved(phone, "Use the hoist alone", day=12, by="2026-09-01", done=True),
        ]
        for place_ in order:
            phone.send(session, sayings[place_])
        (goal,) = plan(session, (here, phone))
        seen.add((goal.text, goal.wanted_by, goal.done, goal.origin))
    assert seen == {("Use the hoist alone", date(2026, 9, 1), True, Origin.ME)}


def test_what_the_plan_was_on_a_day_can_be_told(session: Session, place: tuple[ProviderView, Phone]) -> None:
    _, phone = place
    phone.send(session, saved(phone, "", day=14), saved(phone, "Use the hoist", day=10))
    assert plan(session, place, date(2026, 6, 9)) == ()
    assert [each.text for each in plan(session, place, date(2026, 6, 10))] == ["Use the hoist"]
    assert plan(session, place) == ()


def test_a_managers_goal_is_ticked_by_the_carer_and_worded_by_the_manager(
    session: Session, place: tuple[ProviderView, Phone]
) -> None:
    here, phone = place
    goal = supervision.add_goal(session, here.id, phone.person_id, "Lead a visit", None, now=NOW, by=None)
    phone.send(session, saved(phone, "Something else", goal=str(goal), done=True))
    (found,) = plan(session, place)
    assert (found.text, found.done, found.origin) == ("Lead a visit", True, Origin.MANAGER)
    ended = NOW + timedelta(days=3)
    assert supervision.end_entry(session, here.id, phone.person_id, goal, now=ended, by=None) == "goal"
    assert plan(session, place) == ()
    assert [each.text for each in plan(session, place, NOW.date())] == ["Lead a visit"]


def test_a_comment_stands_with_its_goal_until_it_is_taken_back(
    session: Session, place: tuple[ProviderView, Phone]
) -> None:
    here, phone = place
    phone.send(session, saved(phone, "Use the hoist"))
    said = supervision.comment(session, here.id, phone.person_id, UUID(HOIST), "Dawn can show you", now=NOW, by=None)
    assert said is not None
    assert [each.text for each in plan(session, place)[0].comments] == ["Dawn can show you"]
    assert supervision.end_entry(session, here.id, phone.person_id, said, now=NOW, by=None) == "comment"
    assert plan(session, place)[0].comments == ()
    assert supervision.comment(session, here.id, phone.person_id, new_uuid7(), "Who?", now=NOW, by=None) is None


def test_another_providers_plan_and_goals_are_not_seen(session: Session, place: tuple[ProviderView, Phone]) -> None:
    here, phone = place
    phone.send(session, saved(phone, "Use the hoist"))
    there = add_provider(session, "Thistle Care")
    assert supervision.plans_of(session, there.id, [phone.person_id]) == {}
    assert supervision.end_entry(session, here.id, phone.person_id, UUID(HOIST), now=NOW, by=None) is None, (
        "a carer's own goal is theirs to take off"
    )


@pytest.mark.parametrize(
    "change",
    [{"goal": "the hoist"}, {"text": "x" * 501}, {"by": "31 June"}, {"by": "2026-06-31"}, {"done": "yes"}, {"text": 3}],
)
def test_a_goal_that_makes_no_sense_is_held_for_a_person_to_see(
    session: Session, place: tuple[ProviderView, Phone], change: dict[str, object]
) -> None:
    _, phone = place
    data = {"goal": HOIST, "text": "Use the hoist", "by": None, "done": False, **change}
    assert words(phone.send(session, phone.record("goal.saved", data))) == ["held:wrong-data"]
    assert plan(session, place) == ()


def test_rebuilding_gives_the_same_goals(session: Session, place: tuple[ProviderView, Phone]) -> None:
    _, phone = place
    phone.send(session, saved(phone, "Use the hoist\x00", day=10), saved(phone, "Use the hoist", done=True))
    before = worked_out(session)
    assert len(before["goals_saved"]) == 2
    sync.rebuild(session)
    session.commit()
    assert worked_out(session) == before


def test_a_goal_without_words_or_with_too_many_is_not_added(
    session: Session, place: tuple[ProviderView, Phone]
) -> None:
    here, phone = place
    for text in ("", "x" * 501):
        with pytest.raises(SupervisionError):
            supervision.add_goal(session, here.id, phone.person_id, text, None, now=NOW, by=None)
