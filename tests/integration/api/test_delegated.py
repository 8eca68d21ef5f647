"""A phone is told which tasks were delegated to its person, how far, until when, and what was withdrawn."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from app import messages, providers
from app.assessment import delegation
from app.kernel import day_of, utc_now
from app.providers import MemberView
from tests.support.api import Caller
from tests.support.delegated import delegated


def state(caller: Caller) -> dict[str, Any]:
    found: dict[str, Any] = caller.get("/state", caller.phone.read).json  # type: ignore[assignment]
    return found


def me(caller: Caller, session: Session) -> MemberView:
    found = providers.find_member(session, caller.phone.provider_id, caller.phone.person_id)
    assert found is not None
    return found


def test_a_task_stands_with_its_limits_and_its_last_day(caller: Caller, inside: Session) -> None:
    view = delegated(inside, me(caller, inside), now=utc_now())
    assert state(caller)["delegated"] == [
        {
            "id": str(view.uuid),
            "task": "Give insulin by pen",
            "for": "Maple 14",
            "limits": "Only the dose on the chart. Drowsy: stop and ring.",
            "until": (day_of(utc_now()) + timedelta(days=100)).isoformat(),
            "by": "Dawn Hill, district nurse",
            "withdrawn": None,
        }
    ]
    assert "0113 496 0000" not in str(state(caller)), "how the office reaches the clinician is the office's"


def test_what_was_withdrawn_is_told_at_once_and_pinned(caller: Caller, inside: Session) -> None:
    who = me(caller, inside)
    view = delegated(inside, who, now=utc_now())
    here, person = who.provider_id, who.person_id
    etag = caller.get("/state", caller.phone.read).headers["ETag"]
    delegation.withdraw(inside, here, person, view.uuid, reason="The pen is another", now=utc_now(), by=None)
    messages.send(inside, here, person, text="Stop", kind=messages.Kind.SAFETY, by=None, now=utc_now())
    inside.commit()
    reply = caller.get("/state", caller.phone.read)
    assert reply.headers["ETag"] != etag
    found: dict[str, Any] = reply.json  # type: ignore[assignment]
    assert [each["withdrawn"] for each in found["delegated"]] == ["The pen is another"]
    [message] = found["messages"]
    assert (message["text"], message["pinned"], message["nudge"]) == ("Stop", True, False)
    caller.send(caller.phone.record("notice.read", {"message": message["id"]}))
    assert state(caller)["messages"] == []


def test_what_ended_long_ago_and_what_was_renewed_is_not_told(caller: Caller, inside: Session) -> None:
    who, now = me(caller, inside), utc_now()
    delegated(inside, who, now=now - timedelta(days=300), days=200, alias="Blue 1")
    delegated(inside, who, now=now - timedelta(days=300), days=220, alias="Blue 2")
    delegated(inside, who, now=now - timedelta(days=30), days=35)
    delegated(inside, who, now=now)
    told = [(each["for"], each["until"]) for each in state(caller)["delegated"]]
    today = day_of(now)
    assert told == [
        ("Blue 2", (today - timedelta(days=80)).isoformat()),
        ("Maple 14", (today + timedelta(days=100)).isoformat()),
    ]
