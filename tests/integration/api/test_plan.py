"""A phone is told its person's plan and talks, and never what was written for managers only."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from app import supervision
from app.kernel import new_uuid7, utc_now
from app.supervision import MeetingKind, NewAction, NewMeeting
from tests.support.api import Caller


def state(caller: Caller) -> dict[str, Any]:
    found: dict[str, Any] = caller.get("/state", caller.phone.read).json  # type: ignore[assignment]
    return found


def test_a_goal_a_phone_saved_comes_back_with_what_the_manager_says(caller: Caller, inside: Session) -> None:
    goal = str(new_uuid7())
    here, me = caller.phone.provider_id, caller.phone.person_id
    caller.send(
        caller.phone.record("goal.saved", {"goal": goal, "text": "The hoist", "by": "2027-01-31", "done": False})
    )
    assert supervision.plans_of(inside, here, [me])[me][0].text == "The hoist"
    supervision.comment(
        inside, here, me, supervision.plans_of(inside, here, [me])[me][0].goal, "Ask Dawn", now=utc_now(), by=me
    )
    supervision.add_goal(inside, here, me, "Lead a visit", None, now=utc_now(), by=me)
    inside.commit()

    assert state(caller)["goals"] == [
        {"id": goal, "text": "The hoist", "by": "2027-01-31", "done": False, "from": "me", "comment": "Ask Dawn"},
        {**state(caller)["goals"][1], "text": "Lead a visit", "from": "manager", "comment": None, "done": False},
    ]


def test_the_last_talk_is_told_with_what_was_agreed_and_without_private_notes(caller: Caller, inside: Session) -> None:
    here, me, today = caller.phone.provider_id, caller.phone.person_id, utc_now().date()
    new = NewMeeting(
        kind=MeetingKind.SUPERVISION,
        held_on=today - timedelta(days=1),
        led_by=me,
        led_by_other="",
        shared="Nights are hard",
        private="for-managers-only",
        next_on=today + timedelta(days=30),
        actions=(NewAction(text="Swap two nights", due=None),),
    )
    supervision.record_meeting(inside, here, [me], new, now=utc_now(), today=today, by=me)
    inside.commit()

    found = state(caller)

    assert "for-managers-only" not in str(found)
    talk = next(each for each in found["meetings"] if each["kind"] == "supervision")
    assert talk == {
        "kind": "supervision",
        "next_on": (today + timedelta(days=30)).isoformat(),
        "held_on": (today - timedelta(days=1)).isoformat(),
        "notes": "Nights are hard",
        "actions": [{"text": "Swap two nights", "by": None, "done": False}],
    }
    assert [each["kind"] for each in found["meetings"]] == ["supervision", "appraisal"]
