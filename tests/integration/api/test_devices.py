"""Enrolling, rotating and signing in again."""

import re
from typing import Any
from uuid import UUID

import pytest
from flask import session
from flask.testing import FlaskClient
from flask_wtf.csrf import generate_csrf
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import audit, identity, providers
from app.extensions import db
from app.kernel import utc_now
from app.providers import Role
from app.sync import Record
from app.web.access import sign_in
from app.web.api.operations import PREFIX
from tests.support.api import Caller, checked
from tests.support.world import add_provider


@pytest.fixture
def pin(caller: Caller, inside: Session) -> str:
    identity.set_pin(inside, caller.phone.person_id, "402918")
    inside.commit()
    return "402918"


def signing_in(caller: Caller, pin: str, **changes: str) -> dict[str, str]:
    return {"dev": str(caller.phone.dev), "person": str(caller.phone.person_uuid), "pin": pin, **changes}


def test_the_pin_gives_a_phone_new_tokens_that_work(caller: Caller, pin: str) -> None:
    reply = caller.post("/sign-in", signing_in(caller, pin))

    assert reply.status_code == 200
    assert caller.get("/state", reply.json["read"]).status_code == 200  # type: ignore[index]
    assert caller.post("/records", caller.batch(), reply.json["append"]).status_code == 200  # type: ignore[index]


def test_a_wrong_pin_says_how_many_tries_are_left_and_then_waits(caller: Caller, pin: str) -> None:
    replies = [caller.post("/sign-in", signing_in(caller, "111213")) for _ in range(6)]

    assert [reply.status_code for reply in replies] == [401] * 5 + [429]
    assert "You have 3 more tries. Forgot it? Ask your manager" in replies[1].json["error"]["message"]  # type: ignore[index]
    assert caller.post("/sign-in", signing_in(caller, pin)).status_code == 429


def test_the_right_pin_forgives_the_wrong_ones(caller: Caller, pin: str) -> None:
    for _ in range(3):
        for _ in range(4):
            assert caller.post("/sign-in", signing_in(caller, "111213")).status_code == 401
        assert caller.post("/sign-in", signing_in(caller, pin)).status_code == 200


def test_a_person_nobody_knows_is_told_the_same_as_a_wrong_pin(caller: Caller, pin: str) -> None:
    unknown = "019af3c2-7d50-7000-8000-000000000001"

    reply = caller.post("/sign-in", signing_in(caller, pin, person=unknown))

    assert (reply.status_code, reply.json["error"]["code"]) == (401, "pin-wrong")  # type: ignore[index]


def test_who_has_left_cannot_sign_in(caller: Caller, pin: str, inside: Session) -> None:
    providers.end_membership(inside, caller.phone.provider_id, caller.phone.person_id, now=utc_now())
    inside.commit()

    assert caller.post("/sign-in", signing_in(caller, pin)).status_code == 401
    assert caller.get("/state", caller.phone.read).json["error"]["code"] == "place-ended"  # type: ignore[index]
    assert caller.send(caller.phone.record()).status_code == 200


def test_a_phone_stays_with_the_provider_it_was_enrolled_at(caller: Caller, pin: str, inside: Session) -> None:
    other = add_provider(inside, "Thistle Care")
    providers.add_membership(inside, other.id, caller.phone.person_id, (Role.LEARNER,), now=utc_now())
    inside.commit()

    read = caller.post("/sign-in", signing_in(caller, pin)).json["read"]  # type: ignore[index]

    assert caller.get("/state", read).json["provider"]["name"] == "Bramble Home Care"  # type: ignore[index]
    providers.end_membership(inside, caller.phone.provider_id, caller.phone.person_id, now=utc_now())
    inside.commit()
    moved: dict[str, Any] = caller.post("/sign-in", signing_in(caller, pin)).json  # type: ignore[assignment]
    assert caller.get("/state", moved["read"]).json["provider"]["name"] == "Thistle Care"  # type: ignore[index]
    assert moved["dev"] != str(caller.phone.dev), "what waits under the old id was done at Bramble"
    waiting = caller.phone.record()
    assert caller.post("/records", caller.batch(waiting), moved["append"]).status_code == 200
    stored = inside.scalars(select(Record).where(Record.uuid == UUID(waiting["id"]))).one()
    assert stored.provider_id == caller.phone.provider_id


def test_a_phone_told_to_rotate_gets_a_new_id_and_the_old_one_still_sends(caller: Caller) -> None:
    reply = caller.post("/devices/rotate", token=caller.phone.append)

    assert reply.status_code == 201
    new: dict[str, Any] = reply.json  # type: ignore[assignment]
    assert new["dev"] != str(caller.phone.dev)
    assert "n" not in new
    asked = caller.post("/devices/rotate?n=a1b2", token=caller.phone.append)
    assert asked.json["n"] == "a1b2"  # type: ignore[index]
    assert caller.post("/devices/rotate?n=", token=caller.phone.append).status_code == 400
    assert caller.send(caller.phone.record()).status_code == 200
    older = caller.batch(caller.phone.record())
    assert caller.post("/records", older, new["append"]).status_code == 200


def test_a_phone_its_person_left_is_ended_and_noted_and_their_other_phone_is_not(
    caller: Caller, inside: Session
) -> None:
    person = caller.phone.person_id
    other = identity.enrol_phone(inside, person, provider_id=None, now=utc_now())
    inside.commit()

    reply = caller.post("/devices/end", token=caller.phone.append)

    assert (reply.status_code, reply.json["dev"]) == (200, str(caller.phone.dev))  # type: ignore[index]
    assert caller.send(caller.phone.record()).status_code == 401
    assert caller.get("/state", caller.phone.read).status_code == 401
    assert caller.post("/devices/end", token=caller.phone.append).status_code == 401
    assert caller.post("/devices/rotate", token=other.append).status_code == 201
    (noted,) = (
        each for each in audit.entries_about(inside, caller.phone.person_uuid) if each.action.startswith("phone")
    )
    assert (noted.action, noted.actor, noted.details["phone"]) == (
        "phone.removed",
        audit.by_person(caller.phone.person_uuid),
        str(caller.phone.dev),
    )


def test_only_a_phone_s_own_sending_token_ends_it(caller: Caller) -> None:
    assert caller.post("/devices/end", token=caller.phone.read).status_code == 401
    assert caller.post("/devices/end").status_code == 401
    assert caller.send(caller.phone.record()).status_code == 200


def test_enrolling_wants_a_sign_in(caller: Caller) -> None:
    assert caller.post("/devices").status_code == 401


def signed_in(caller: Caller) -> tuple[FlaskClient, str]:
    """A browser in which the phone's person is signed in, and its CSRF token."""
    client = caller.app.test_client()
    with caller.app.test_request_context():
        person = identity.find_person(db.session(), caller.phone.person_id)
        assert person is not None
        sign_in(person)
        token = str(generate_csrf())
        kept = dict(session)
    with client.session_transaction() as cookie:
        cookie.update(kept)
    return client, token


def test_a_signed_in_person_enrols_their_phone_with_a_csrf_token(caller: Caller) -> None:
    client, token = signed_in(caller)

    reply = checked(client.post(f"{PREFIX}/devices", headers={"X-CSRFToken": token}))

    assert reply.status_code == 201
    assert reply.json is not None
    assert reply.json["provider"]["name"] == "Bramble Home Care"
    assert re.fullmatch(r"[\w-]{43}", reply.json["append"])
    assert caller.get("/state", reply.json["read"]).status_code == 200


def test_without_the_csrf_token_a_cookie_is_not_enough(caller: Caller) -> None:
    client, _ = signed_in(caller)

    assert checked(client.post(f"{PREFIX}/devices")).status_code == 400
