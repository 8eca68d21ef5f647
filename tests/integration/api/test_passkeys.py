"""A carer's fingerprint or face on their phone: added with the PIN, good in its place, and gone with it."""

import json
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app import audit, identity, providers
from app.kernel import new_uuid7, utc_now
from app.providers import Role
from tests.support.api import Caller
from tests.support.passkey import Authenticator
from tests.support.phone_passkey import PIN, add, asked, finger, made, offered, shown, sign_in
from tests.support.world import add_provider


@pytest.fixture(autouse=True)
def pin(caller: Caller, inside: Session) -> None:
    identity.set_pin(inside, caller.phone.person_id, PIN)
    inside.commit()


@pytest.fixture
def key(caller: Caller) -> Authenticator:
    return finger(caller)


@pytest.fixture
def added(caller: Caller, key: Authenticator) -> Authenticator:
    """The finger of this phone, which the server knows."""
    assert add(caller, key).status_code == 201
    return key


def code(reply: Any) -> tuple[int, str]:
    return reply.status_code, reply.json["error"]["code"]


def noted(session: Session) -> list[str]:
    return [entry.action for entry in audit.entries(session)]


def test_it_gives_a_phone_new_tokens_that_work(caller: Caller, added: Authenticator, inside: Session) -> None:
    reply: Any = sign_in(caller, added)

    assert reply.status_code == 200
    assert reply.json["person"] == str(caller.phone.person_uuid)
    assert caller.get("/state", reply.json["read"]).status_code == 200
    assert caller.post("/records", caller.batch(), reply.json["append"]).status_code == 200
    assert noted(inside)[:2] == ["passkey.used", "passkey.added"]


def test_every_answer_that_gives_tokens_says_since_when_there_is_one(caller: Caller, key: Authenticator) -> None:
    by_pin = {"dev": str(caller.phone.dev), "person": str(caller.phone.person_uuid), "pin": PIN}
    assert "passkey" not in caller.post("/sign-in", by_pin).json  # type: ignore[operator]
    since = add(caller, key).json["passkey"]  # type: ignore[index]
    assert caller.post("/sign-in", by_pin).json["passkey"] == since  # type: ignore[index]
    assert sign_in(caller, key).json["passkey"] == since  # type: ignore[index]


def test_the_phone_is_asked_to_keep_it_and_to_know_its_person(caller: Caller, key: Authenticator) -> None:
    new: Any = offered(caller).json["options"]  # type: ignore[index]
    assert (new["rp"]["id"], new["user"]["name"]) == ("localhost", "Ngozi Obi")
    assert new["authenticatorSelection"]["residentKey"] == "required"
    assert new["authenticatorSelection"]["userVerification"] == "required"
    assert asked(caller).json["options"]["userVerification"] == "required"  # type: ignore[index]


def test_an_ended_phone_is_not_signed_in_again_by_it(caller: Caller, added: Authenticator, inside: Session) -> None:
    identity.end_phone(inside, caller.phone.person_id, caller.phone.dev, now=utc_now())
    inside.commit()

    assert code(sign_in(caller, added)) == (401, "passkey-refused")


def test_a_new_pin_ends_it(caller: Caller, added: Authenticator, inside: Session) -> None:
    """Whoever had the old PIN, or a code, must not keep a key to the new one."""
    identity.set_pin(inside, caller.phone.person_id, "739105")
    inside.commit()

    assert code(sign_in(caller, added)) == (401, "passkey-refused")


@pytest.mark.parametrize("meanwhile", ["pin", "phone", "password"])
def test_what_ends_passkeys_ends_one_about_to_be_added(
    caller: Caller, key: Authenticator, inside: Session, meanwhile: str
) -> None:
    offer = offered(caller)
    who, now = caller.phone.person_id, utc_now()
    if meanwhile == "pin":
        identity.set_pin(inside, who, "739105")
    elif meanwhile == "phone":
        other = identity.enrol_phone(inside, who, provider_id=caller.phone.provider_id, now=now)
        identity.end_phone(inside, who, other.dev, now=now)
    else:
        identity.set_password(inside, who, "three quiet teapots")
    inside.commit()

    reply = made(caller, key, offer)
    assert code(reply) == ((403, "has-password") if meanwhile == "password" else (401, "passkey-refused"))
    assert identity.newest_passkey(inside, who) is None


def test_taking_it_away_wants_the_pin_and_is_safe_to_repeat(
    caller: Caller, added: Authenticator, inside: Session
) -> None:
    assert code(caller.post("/passkey/remove", {"pin": "111213"}, caller.phone.read)) == (401, "pin-wrong")
    assert sign_in(caller, added).status_code == 200
    for _ in range(2):
        assert caller.post("/passkey/remove", {"pin": PIN}, caller.phone.read).status_code == 200
    assert code(sign_in(caller, added)) == (401, "passkey-refused")
    assert noted(inside).count("passkey.removed") == 1


def test_who_has_a_password_looks_after_theirs_on_the_staff_pages(
    caller: Caller, key: Authenticator, inside: Session
) -> None:
    identity.set_password(inside, caller.phone.person_id, "three quiet teapots")
    inside.commit()
    for path in ("/passkey/options", "/passkey/remove"):
        reply = caller.post(path, {"pin": PIN}, caller.phone.read)
        assert code(reply) == (403, "has-password")
        assert "staff pages" in reply.json["error"]["message"]  # type: ignore[index]
    assert caller.get("/ping?n=x").status_code == 200


def test_a_passkey_of_the_staff_pages_signs_in_on_the_phone_too(caller: Caller, inside: Session) -> None:
    identity.set_password(inside, caller.phone.person_id, "three quiet teapots")
    staff, challenge = finger(caller), identity.new_challenge()
    site = identity.PasskeySite(name="Between Visits", host="localhost", origin=staff.origin)
    made_there = staff.create(identity.options_to_add(inside, caller.phone.person_id, site, challenge))
    identity.add_passkey(
        inside, caller.phone.person_id, made_there, site=site, challenge=challenge, name="Laptop", now=utc_now()
    )
    inside.commit()

    assert sign_in(caller, staff).status_code == 200


def test_it_stays_with_the_provider_the_phone_was_enrolled_at(
    caller: Caller, added: Authenticator, inside: Session
) -> None:
    other = add_provider(inside, "Thistle Care")
    providers.add_membership(inside, other.id, caller.phone.person_id, (Role.LEARNER,), now=utc_now())
    inside.commit()
    here: Any = sign_in(caller, added).json
    assert caller.get("/state", here["read"]).json["provider"]["name"] == "Bramble Home Care"  # type: ignore[index]

    unknown = {"dev": str(new_uuid7())}
    offer = asked(caller, **unknown)
    assert code(shown(caller, added, offer, **unknown)) == (403, "which-place")
    providers.end_membership(inside, other.id, caller.phone.person_id, now=utc_now())
    inside.commit()
    assert code(shown(caller, added, offer, **unknown)) == (401, "passkey-refused"), "an offer is answered once"


def test_who_has_left_or_was_archived_is_out(caller: Caller, added: Authenticator, inside: Session) -> None:
    providers.end_membership(inside, caller.phone.provider_id, caller.phone.person_id, now=utc_now())
    inside.commit()
    assert code(sign_in(caller, added)) == (401, "passkey-refused")
    assert code(offered(caller)) == (403, "place-ended")
    identity.archive_person(inside, caller.phone.person_id, now=utc_now())
    inside.commit()
    assert code(sign_in(caller, added)) == (401, "passkey-refused")


def test_nobody_adds_more_than_ten(caller: Caller, inside: Session) -> None:
    for _ in range(10):
        assert add(caller, finger(caller)).status_code == 201
    reply = add(caller, finger(caller))
    assert code(reply) == (401, "passkey-refused")
    assert "10 passkeys" in reply.json["error"]["message"]  # type: ignore[index]


def test_nonsense_in_place_of_an_answer_is_refused(caller: Caller, added: Authenticator) -> None:
    for nonsense in (
        {},
        {"rawId": 1e300, "x": 10**400},
        {"rawId": 1, "response": None},
        {"rawId": "AA", "response": {}},
        {"x": "y" * 30_000},
    ):
        offer: Any = asked(caller).json
        sent = {"dev": str(caller.phone.dev), "person": str(caller.phone.person_uuid), "ticket": offer["ticket"]}
        assert code(caller.post("/sign-in/passkey", {**sent, "credential": nonsense})) == (401, "passkey-refused")
    assert code(caller.post("/sign-in/passkey", json.dumps({}).encode())) == (400, "bad-request")
