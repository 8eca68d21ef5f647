"""A carer's passkey: not without the PIN, not twice, not elsewhere, for nobody else, and on no staff page."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from app import identity, providers
from app.extensions import db
from app.identity import PasskeyRefused, PasskeySite, TokenKind
from app.kernel import new_uuid7, utc_now
from app.providers import Role
from tests.support.api import Caller
from tests.support.passkey import Authenticator
from tests.support.phone_passkey import PIN, add, answer, asked, finger, made, offered, shown, sign_in, who
from tests.support.website import Browser, Place
from tests.support.world import add_phone

REFUSED = (401, "passkey-refused")


@pytest.fixture
def caller(app: Flask, bramble: Place) -> Caller:
    """Ngozi's phone, with a PIN."""
    ngozi = bramble.add("Ngozi Obi")
    identity.set_pin(db.session(), ngozi.person_id, PIN)
    return Caller(app, add_phone(db.session(), ngozi, now=utc_now()))


@pytest.fixture
def tom(app: Flask, bramble: Place) -> Caller:
    """Tom's phone, with a passkey of his own."""
    member = bramble.add("Tom Price")
    identity.set_pin(db.session(), member.person_id, PIN)
    return Caller(app, add_phone(db.session(), member, now=utc_now()))


@pytest.fixture
def key(caller: Caller) -> Authenticator:
    """The finger of Ngozi's phone."""
    made_here = finger(caller)
    assert add(caller, made_here).status_code == 201
    return made_here


def code(reply: Any) -> tuple[int, str]:
    return reply.status_code, reply.json["error"]["code"]


def count(caller: Caller) -> int:
    return len(identity.second_steps(db.session(), caller.phone.person_id).passkeys)


def test_a_phone_found_unlocked_makes_itself_no_key(caller: Caller) -> None:
    """It has both tokens and the person's id; the PIN is what it lacks."""
    assert code(offered(caller, "")) == (401, "pin-wrong")
    assert code(offered(caller, "111213")) == (401, "pin-wrong")
    # What signing in is offered to everybody is no ticket for adding.
    for ticket in (asked(caller).json["ticket"], "", "x" * 200):  # type: ignore[index]
        options = {"rp": {"id": "localhost"}, "user": {"id": "AA"}, "challenge": "AA"}
        credential = json.loads(finger(caller).create(json.dumps(options)))
        sent = {"ticket": ticket, "credential": credential}
        assert code(caller.post("/passkey", sent, caller.phone.read)) == REFUSED
    for token in (None, caller.phone.append):
        assert code(caller.post("/passkey/options", {"pin": PIN}, token)) == (401, "sign-in-ended")
    assert count(caller) == 0


def test_guessing_the_pin_here_is_counted_with_all_other_guessing(caller: Caller) -> None:
    for path in ("/passkey/options", "/passkey/remove", "/export", "/passkey/options", "/passkey/remove"):
        assert (
            caller.client.post(
                f"/api/v1{path}", json={"pin": "111213"}, headers={"Authorization": f"Bearer {caller.phone.read}"}
            ).status_code
            == 401
        )
    assert code(offered(caller)) == (429, "throttled")


def test_an_answer_counts_once(caller: Caller, key: Authenticator) -> None:
    offer = asked(caller)
    sent = {**who(caller), **answer(key.get, offer)}
    assert caller.post("/sign-in/passkey", sent).status_code == 200
    assert code(caller.post("/sign-in/passkey", sent)) == REFUSED
    assert code(shown(caller, key, offer)) == REFUSED, "nor another answer to the same challenge"
    new = offered(caller)
    assert made(caller, finger(caller), new).status_code == 201
    assert code(made(caller, finger(caller), new)) == REFUSED
    assert count(caller) == 2


@pytest.mark.parametrize(
    "change",
    [{"origin": "http://localhost.evil.example"}, {"origin": "https://learn.example.org"}, {"verifies": False}],
)
def test_another_site_or_nobodys_finger_is_refused(caller: Caller, key: Authenticator, change: dict[str, Any]) -> None:
    assert code(sign_in(caller, replace(key, **change))) == REFUSED
    assert code(add(caller, replace(finger(caller), **change))) == REFUSED
    assert count(caller) == 1


def test_nobody_signs_in_as_somebody_else(caller: Caller, key: Authenticator, tom: Caller) -> None:
    his = finger(tom)
    assert add(tom, his).status_code == 201
    assert code(sign_in(caller, his)) == REFUSED
    assert code(sign_in(caller, replace(his, handle=caller.phone.person_uuid.bytes))) == REFUSED
    assert code(sign_in(tom, key)) == REFUSED
    # With his own name, on her phone: it stays hers.
    hers = {"dev": str(caller.phone.dev)}
    assert code(sign_in(tom, his, **hers)) == (401, "sign-in-ended")
    assert code(add(tom, key)) == REFUSED, "a passkey cannot be taken over"


@pytest.mark.parametrize("changed", ["dev", "person"])
def test_a_ticket_is_for_one_phone_and_one_person(
    caller: Caller, key: Authenticator, tom: Caller, changed: str
) -> None:
    offer = asked(tom)
    sent = {**who(tom), **answer(key.get, offer), changed: who(caller)[changed]}
    other = {"dev": "person", "person": "dev"}[changed]
    assert code(caller.post("/sign-in/passkey", {**sent, other: who(tom)[other]})) == REFUSED
    new = offered(tom)
    assert code(made(caller, finger(caller), new)) == REFUSED, "nor is one for adding"


def test_a_ticket_lives_five_minutes_and_only_here(caller: Caller, key: Authenticator) -> None:
    database, now, phone = db.session(), utc_now(), caller.phone
    site = PasskeySite(name="Between Visits", host="localhost", origin=key.origin)

    def tried(at: timedelta, *, secret: bytes = b"ours") -> int:
        options, ticket = identity.offer_to_sign_in_on_phone(
            database, phone.person_uuid, phone.dev, site, secret=b"ours", now=now
        )
        given = key.get(options)
        return identity.check_on_phone(
            database, phone.person_uuid, phone.dev, given, ticket, site=site, secret=secret, now=now + at
        ).person_id

    assert tried(timedelta(minutes=5)) == phone.person_id
    for late in (timedelta(minutes=5, seconds=1), timedelta(seconds=-1)):
        with pytest.raises(PasskeyRefused):
            tried(late)
    with pytest.raises(PasskeyRefused):
        tried(timedelta(), secret=b"theirs")
    who_asks = identity.bearer(database, phone.read, TokenKind.READ, now=now)
    options, ticket = identity.offer_to_add_on_phone(database, who_asks, site, secret=b"ours", now=now)
    new, later = Authenticator(origin=key.origin).create(options), now + timedelta(minutes=5, seconds=1)
    with pytest.raises(PasskeyRefused):
        identity.add_on_phone(database, who_asks, new, ticket, site=site, secret=b"ours", now=later)
    assert identity.add_on_phone(database, who_asks, new, ticket, site=site, secret=b"ours", now=now).name == "Phone"


def test_nobody_learns_who_is_here_or_who_has_a_passkey(caller: Caller, key: Authenticator, tom: Caller) -> None:
    def offer_to(person: str) -> Any:
        body: Any = asked(caller, person=person).json
        assert body["options"].pop("challenge")
        assert body.pop("ticket")
        return body

    stranger = str(new_uuid7())
    people = [str(each.phone.person_uuid) for each in (caller, tom)] + [stranger]
    assert [offer_to(one) for one in people[1:]] == [offer_to(people[0])] * 2
    outsider = finger(caller)
    outsider.handle = caller.phone.person_uuid.bytes
    said = {json.dumps(sign_in(caller, outsider, person=one).json["error"]) for one in people}  # type: ignore[index]
    assert len(said) == 1


def test_answers_are_counted_by_address_with_those_of_the_staff_pages(caller: Caller, browser: Browser) -> None:
    for _ in range(50):
        sent = {**who(caller), "ticket": "x", "credential": {}}
        assert code(caller.post("/sign-in/passkey", sent)) == REFUSED
    reply = caller.post("/sign-in/passkey", {**who(caller), "ticket": "x", "credential": {}})
    assert code(reply) == (429, "throttled")
    browser.get("/staff/sign-in")
    assert browser.post("/staff/sign-in/passkey", credential="{}").status == 429


def test_it_opens_no_staff_page_whatever_its_person_becomes(
    app: Flask, bramble: Place, caller: Caller, key: Authenticator
) -> None:
    """A PIN let it in, and any manager of hers can have a new PIN set with a code."""
    person_id = caller.phone.person_id

    def by_passkey() -> tuple[int, str]:
        browser = Browser(app.test_client())
        token = browser.get("/staff/sign-in").form("/staff/sign-in/passkey")["csrf_token"]
        options = browser.send("POST", "/staff/sign-in/passkey/options", data={"csrf_token": token})
        sent = {"csrf_token": token, "credential": key.get(options.get_data(as_text=True))}
        reply = browser.send("POST", "/staff/sign-in/passkey", data=sent)
        return reply.status_code, browser.get("/staff/people").heading

    assert by_passkey() == (400, "Sign in")
    providers.change_roles(db.session(), bramble.provider.id, person_id, (Role.MANAGER, Role.LEARNER))
    db.session.commit()
    assert by_passkey() == (400, "Sign in")
    identity.set_password(db.session(), person_id, "three quiet teapots")
    db.session.commit()
    assert by_passkey() == (400, "Sign in"), "it went when she chose a password"
    assert count(caller) == 0
