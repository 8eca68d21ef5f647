"""What phones are told of practice observed, on the assessor's side and on the learner's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app import assessment, providers
from app.extensions import db
from app.kernel import utc_now
from app.providers import Role
from tests.support.api import Caller
from tests.support.practice import appoint, confirms, publish_framework, saw, withdraws
from tests.support.statements import statements
from tests.support.world import add_person, add_phone, add_provider

YESTERDAY = (utc_now() - timedelta(days=1)).date().isoformat()
NOW_TEXT = utc_now().strftime("%Y-%m-%dT%H:%M:%S.000Z")
AT = {"sent": {"at": NOW_TEXT}, "seen_on": YESTERDAY}


@dataclass
class Kitchen:
    """Ngozi's phone and Dawn's, who is her assessor for standards 1 and 12."""

    ngozi: Caller
    dawn: Caller

    def practice(self, caller: Caller) -> dict[str, Any]:
        found: dict[str, Any] = caller.get("/practice", caller.phone.read).json  # type: ignore[assignment]
        return found


@pytest.fixture
def kitchen(caller: Caller, inside: Session) -> Kitchen:
    publish_framework(inside)
    provider = providers.find_provider(inside, caller.phone.provider_id)
    assert provider is not None
    dawn = add_person(inside, provider, "Dawn Marsh", (Role.ASSESSOR, Role.LEARNER))
    add_person(inside, provider, "Tom Ash")
    add_person(inside, provider, "Priya Nair", (Role.MANAGER,))
    appoint(inside, provider, dawn, [1, 12])
    return Kitchen(caller, Caller(caller.app, add_phone(inside, dawn, now=utc_now())))


def test_a_carer_nobody_watched_is_told_nothing(kitchen: Kitchen) -> None:
    found = kitchen.practice(kitchen.ngozi)

    # The criteria come all the same: what an assessor's phone shows hers with no signal are their codes.
    assert [each["number"] for each in found.pop("framework")["standards"]] == [1, 12, 13]
    assert found | {"server": "", "proto": 1} == {
        "proto": 1,
        "server": "",
        "scope": [],
        "people": [],
        "mine": [],
        "to_confirm": [],
        "shown": {},
        "next": [],
    }


def test_where_nobody_was_ever_named_an_assessor_phones_have_nothing_to_ask(caller: Caller) -> None:
    state: dict[str, Any] = caller.get("/state", caller.phone.read).json  # type: ignore[assignment]

    assert state["practice"] is None


def test_an_assessor_has_a_scope_people_without_themselves_and_the_criteria(kitchen: Kitchen) -> None:
    found = kitchen.practice(kitchen.dawn)

    assert found["scope"] == [1, 12]
    assert [each["name"] for each in found["people"]] == ["Ngozi Obi", "Tom Ash"]
    assert [each["number"] for each in found["framework"]["standards"]] == [1, 12, 13]
    assert found["framework"]["standards"][1] == {
        "number": 12,
        "title": "Standard 12",
        "outcomes": [{"code": "12.1", "text": "Outcome 12.1"}],
        "criteria": [{"code": "12.1a", "text": "Show 12.1a", "confirmed": False, "simulation": True}],
    }


def test_the_journey_of_an_observation_over_both_phones(kitchen: Kitchen) -> None:
    ngozi, dawn = kitchen.ngozi, kitchen.dawn
    made = saw(dawn.phone, ngozi.phone.person_uuid, {"1.1c": "yes", "1.2a": "not-yet"}, **AT)
    assert dawn.send(made).json["receipts"][0]["r"] == "stored"  # type: ignore[index]
    state: dict[str, Any] = ngozi.get("/state", ngozi.phone.read).json  # type: ignore[assignment]
    assert state["practice"] == {"to_confirm": 1, "scope": 0}
    assert kitchen.practice(dawn)["mine"] == [
        {
            "id": made["id"],
            "learner": {"id": str(ngozi.phone.person_uuid), "name": "Ngozi Obi"},
            "standard": 1,
            "seen_on": YESTERDAY,
            "decisions": [{"code": "1.1c", "decision": "yes"}, {"code": "1.2a", "decision": "not-yet"}],
            "short": "ABCD2345",
            "state": "waiting-for-learner",
            "comment": None,
            "other": False,
        }
    ]
    waiting = kitchen.practice(ngozi)
    assert waiting["framework"] is not None
    assert waiting["to_confirm"] == [
        {
            "id": made["id"],
            "assessor": "Dawn Marsh",
            "standard": 1,
            "title": "Standard 1",
            "method": "observation",
            "seen_on": YESTERDAY,
            "decisions": [
                {"code": "1.1c", "text": "Show 1.1c", "decision": "yes", "saw": "Saw 1.1c"},
                {"code": "1.2a", "text": "Show 1.2a", "decision": "not-yet", "saw": "Saw 1.2a"},
            ],
            "next_step": "Watch me once more",
            "next_on": "2026-07-01",
            "short": "ABCD2345",
        }
    ]

    ngozi.send(confirms(ngozi.phone, short="ABCD2345", comment="It went well", sent={"at": NOW_TEXT}))

    told = kitchen.practice(ngozi)
    assert told["to_confirm"] == []
    assert told["shown"] == {"1.1c": {"on": YESTERDAY, "by": "Dawn Marsh"}}
    assert [(each["code"], each["standard"], each["next_on"]) for each in told["next"]] == [("1.2a", 1, "2026-07-01")]
    mine = kitchen.practice(dawn)["mine"][0]
    assert (mine["state"], mine["comment"]) == ("counts", "It went well")
    standards: list[dict[str, Any]] = ngozi.get("/state", ngozi.phone.read).json["standards"]  # type: ignore[index]
    assert standards[0]["shown"] == {"done": 1, "of": 2}

    dawn.send(withdraws(dawn.phone, made["id"], at=NOW_TEXT))
    assert kitchen.practice(ngozi)["shown"] == {}
    assert kitchen.practice(dawn)["mine"][0]["state"] == "withdrawn"


def test_a_scope_that_ended_is_gone_from_the_phone(kitchen: Kitchen, inside: Session) -> None:
    provider_id = kitchen.dawn.phone.provider_id
    (named,) = assessment.appointments(inside, provider_id)
    assessment.end_appointment(inside, provider_id, named.uuid, now=utc_now(), by=None)
    inside.commit()

    found = kitchen.practice(kitchen.dawn)

    assert (found["scope"], found["people"]) == ([], [])
    assert kitchen.dawn.get("/state", kitchen.dawn.phone.read).json["practice"]["scope"] == 0  # type: ignore[index]


def test_nothing_new_is_answered_without_a_body_and_only_to_a_read_token(kitchen: Kitchen) -> None:
    first = kitchen.dawn.get("/practice", kitchen.dawn.phone.read)
    again = kitchen.dawn.get("/practice", kitchen.dawn.phone.read, If_None_Match=first.headers["ETag"])
    assert again.status_code == 304
    assert kitchen.dawn.get("/practice", kitchen.dawn.phone.append).status_code == 401


def test_another_providers_people_can_be_neither_seen_nor_spoken_of(kitchen: Kitchen, inside: Session) -> None:
    other = add_provider(inside, "Thistle Care")
    stranger = Caller(kitchen.dawn.app, add_phone(inside, add_person(inside, other, "Xanthippe"), now=utc_now()))
    kitchen.dawn.send(saw(kitchen.dawn.phone, stranger.phone.person_uuid, {"1.1c": "yes"}, **AT))

    assert "Xanthippe" not in kitchen.dawn.get("/practice", kitchen.dawn.phone.read).text
    assert kitchen.practice(stranger)["to_confirm"] == []
    assert assessment.observations_of(inside, kitchen.dawn.phone.provider_id, None) == ()


def test_it_takes_as_many_statements_for_forty_observations_as_for_one(kitchen: Kitchen) -> None:
    dawn, ngozi = kitchen.dawn, kitchen.ngozi

    def see(count: int) -> int:
        made = [saw(dawn.phone, ngozi.phone.person_uuid, {"1.1c": "yes"}, short=code(n), **AT) for n in range(count)]
        dawn.send(*made)
        ngozi.send(*(confirms(ngozi.phone, each["id"]) for each in made))
        with statements(db.engine) as sent:
            kitchen.practice(dawn)
            kitchen.practice(ngozi)
        return len(sent)

    assert see(1) == see(40) <= 60


def code(number: int) -> str:
    letters = "23456789ABCDEFGHJK"
    return "ABCDEF" + letters[number // 18] + letters[number % 18]
