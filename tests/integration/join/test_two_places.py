"""Somebody whose record is on this phone joins another provider: one account, one PIN, a place at each."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from uuid import UUID, uuid4

import pytest
from flask import Flask

from app import audit, identity, providers
from app.extensions import db
from app.identity import TokenKind
from app.kernel import utc_now
from app.providers import Role
from tests.support.two_places import PIN, Two, add_anew
from tests.support.website import KEY, Browser, Place

OTHER_PIN = "385024"


@pytest.fixture
def two(app: Flask, bramble: Place) -> Two:
    return add_anew(app, bramble)


def test_a_code_and_the_pin_she_has_give_the_phone_a_second_place(two: Two) -> None:
    reply = two.add()

    assert reply.status_code == 201
    sent = reply.get_json()
    assert sent["person"] == {"id": str(two.ngozi.person_uuid), "name": "Ngozi Obi"}
    assert sent["provider"]["name"] == "Thistle Care"
    read = identity.bearer(db.session(), sent["read"], TokenKind.READ, now=utc_now())
    assert (read.person_id, read.provider_id) == (two.ngozi.person_id, two.thistle.provider.id)
    assert str(read.dev) == sent["dev"]
    assert two.places() == ["Bramble Home Care", "Thistle Care"]
    assert identity.check_pin(db.session(), two.ngozi.person_id, PIN)


def test_the_uuid_the_provider_first_gave_her_finds_her(two: Two) -> None:
    two.add()

    person = identity.find_person(db.session(), two.fresh.person_uuid)
    assert person is not None
    assert (person.id, person.uuid) == (two.ngozi.person_id, two.ngozi.person_uuid)
    member = providers.find_member(db.session(), two.thistle.provider.id, two.fresh.person_uuid)
    assert member is not None
    assert (member.person_uuid, member.started) == (two.ngozi.person_uuid, two.fresh.started)
    # What each calls her stays: nobody told the other.
    assert member.name == "Ngozi Obi-Ade"
    at_bramble = providers.find_member(db.session(), two.bramble.provider.id, two.ngozi.person_id)
    assert at_bramble is not None
    assert at_bramble.name == "Ngozi Obi"


def test_only_the_provider_whose_code_it_was_is_told(two: Two) -> None:
    at_bramble = audit.entries(db.session(), provider=two.bramble.provider.uuid)
    two.add()

    assert audit.entries(db.session(), provider=two.bramble.provider.uuid) == at_bramble
    newest = audit.entries(db.session(), provider=two.thistle.provider.uuid, limit=2)
    assert [each.action for each in newest] == ["phone.added", "code.used"]
    assert {each.actor for each in newest} == {audit.by_person(two.ngozi.person_uuid)}


def test_a_wrong_pin_leaves_the_code_good_and_is_counted_as_at_signing_in(two: Two) -> None:
    for left in range(4, -1, -1):
        reply = two.add(pin="111213")
        assert reply.status_code == 401
        words = reply.get_json()["error"]
        assert (words["code"], words["field"]) == ("pin-wrong", "pin")
        assert (f"{left} more tr" in words["message"]) is (left > 0)
    assert two.add().status_code == 429
    assert two.places() == ["Bramble Home Care"]
    identity.clear_tries(db.session(), f"pin:{two.ngozi.person_uuid}")
    db.session.commit()
    assert two.add().status_code == 201


def test_the_right_pin_forgives_wrong_ones_though_the_code_is_refused_after_it(two: Two) -> None:
    providers.add_membership(db.session(), two.thistle.provider.id, two.ngozi.person_id, (Role.LEARNER,), now=utc_now())
    db.session.commit()
    for _ in range(3):
        for _ in range(3):
            assert two.error(pin="111213")[1] == "pin-wrong"
        assert two.error()[1] == "here-already"


def test_somebody_nobody_knows_is_told_the_same_as_a_wrong_pin(two: Two) -> None:
    assert two.error(person=str(uuid4())) == (401, "pin-wrong", "pin")


def test_codes_that_do_not_work_say_why(two: Two) -> None:
    assert two.error(code="AAAA2222") == (403, "code-wrong", "code")
    old = providers.issue_invite(
        db.session(),
        two.thistle.provider.id,
        two.fresh.person_id,
        secret=KEY.encode(),
        now=utc_now() - timedelta(days=15),
    )
    db.session.commit()
    assert two.error(code=old) == (403, "code-expired", "code")
    assert two.error(code=two.code) == (403, "code-expired", "code"), "a newer code was made"
    code = two.thistle.code_for(two.fresh)
    assert two.add(code=code).status_code == 201
    assert two.error(code=code) == (403, "code-used", "code")


def test_guessing_codes_is_slowed_down(two: Two) -> None:
    for _ in range(10):
        assert two.error(code="BBBB3333")[1] == "code-wrong"
    assert two.error() == (429, "throttled", None)


@pytest.mark.parametrize("left", [False, True])
def test_who_has_or_had_a_place_there_is_sent_to_whom_to_ask(two: Two, left: bool) -> None:
    place = two.thistle.provider.id
    providers.add_membership(db.session(), place, two.ngozi.person_id, (Role.LEARNER,), now=utc_now())
    if left:
        providers.end_membership(db.session(), place, two.ngozi.person_id, now=utc_now())
    db.session.commit()

    assert two.error() == (409, "here-already", None)
    assert "Maya" in two.add().get_json()["error"]["message"]
    assert isinstance(
        providers.look_up_invite(db.session(), two.code, secret=KEY.encode(), address="", now=utc_now()),
        providers.InviteView,
    ), "the code is still good"


@pytest.mark.parametrize("begun", ["pin", "password", "phone", "name", "place", "joined"])
def test_a_record_somebody_has_begun_to_use_stays_apart(two: Two, begun: str) -> None:
    session, fresh, now = db.session(), two.fresh.person_id, utc_now()
    match begun:
        case "pin":
            identity.set_pin(session, fresh, OTHER_PIN)
        case "password":
            identity.set_password(session, fresh, "three plain words")
        case "phone":
            phone = identity.enrol_phone(session, fresh, provider_id=two.thistle.provider.id, now=now)
            identity.end_phone(session, fresh, phone.dev, now=now)
        case "name":
            identity.set_sign_in_name(session, fresh, "ngozi")
        case "place":
            providers.add_membership(session, two.bramble.provider.id, fresh, (Role.LEARNER,), now=now)
            providers.end_membership(session, two.bramble.provider.id, fresh, now=now)
        case "joined":
            providers.accept_invite(session, two.code, secret=KEY.encode(), now=now)
    session.commit()
    if begun == "joined":
        two.code = two.thistle.code_for(two.fresh)

    assert two.error() == (409, "used-before", None)
    assert "your two records stay apart" in two.add().get_json()["error"]["message"]
    assert identity.find_person(session, two.fresh.person_uuid) == identity.find_person(session, fresh)
    assert two.places() == ["Bramble Home Care"]


def test_a_code_of_her_own_gives_a_phone_there_and_sets_no_pin(two: Two) -> None:
    two.add()
    code = two.thistle.code_for(two.ngozi)
    generation = identity.sign_in_generation(db.session(), two.ngozi.person_id)

    reply = two.add(code=code)

    assert reply.status_code == 201
    assert reply.get_json()["provider"]["id"] == str(two.thistle.provider.uuid)
    assert identity.sign_in_generation(db.session(), two.ngozi.person_id) == generation
    assert two.error(code=code)[1] == "code-used"


def test_who_has_left_everywhere_takes_their_record_along(two: Two) -> None:
    providers.end_membership(db.session(), two.bramble.provider.id, two.ngozi.person_id, now=utc_now())
    db.session.commit()

    assert two.add().status_code == 201
    assert two.places() == ["Thistle Care"]


def test_an_earlier_uuid_is_worth_no_more_tries(two: Two) -> None:
    two.add()
    phone = next(each for each in identity.phones_of(db.session(), two.ngozi.person_id))
    sent = {"dev": str(phone.uuid), "pin": "111213"}
    client = two.app.test_client(use_cookies=False)
    for each in range(6):
        person = two.fresh.person_uuid if each % 2 else two.ngozi.person_uuid
        reply = client.post("/api/v1/sign-in", json={**sent, "person": str(person)})
        assert reply.status_code == (429 if each == 5 else 401)
    assert UUID(str(person)) == two.fresh.person_uuid


def test_of_two_phones_that_send_one_code_at_once_one_gets_in(two: Two) -> None:
    db.session.rollback()
    sent = {"proto": 1, "code": two.code, "person": str(two.ngozi.person_uuid), "pin": PIN}
    start = Barrier(2)

    def send() -> int:
        client = two.app.test_client(use_cookies=False)
        start.wait()
        return client.post("/api/v1/places", json=sent).status_code

    with ThreadPoolExecutor(2) as both:
        statuses = sorted(each.result() for each in [both.submit(send), both.submit(send)])
    assert statuses == [201, 403]
    phones = identity.phones_of(db.session(), two.ngozi.person_id)
    assert sorted(phone.provider_id or 0 for phone in phones) == [two.bramble.provider.id, two.thistle.provider.id]


def test_somebody_else_on_the_same_phone_joins_as_before(two: Two) -> None:
    browser = Browser(two.app.test_client())
    browser.get(f"/join/{two.code}/pin")
    page = browser.post(f"/join/{two.code}/pin", pin=OTHER_PIN, again=OTHER_PIN)
    assert "Your PIN is saved" in page.text
    assert two.error() == (403, "code-used", "code")
    assert two.places() == ["Bramble Home Care"]


def test_a_forgotten_phone_of_one_place_never_becomes_one_of_the_other(two: Two) -> None:
    """A server put back to before she came: else what was done at Thistle would be sent to Bramble as Bramble's own."""
    dev = str(uuid4())
    assert two.places() == ["Bramble Home Care"]
    sent = {"dev": dev, "person": str(two.ngozi.person_uuid), "pin": PIN}
    client = two.app.test_client(use_cookies=False)

    there = client.post("/api/v1/sign-in", json={**sent, "provider": str(two.thistle.provider.uuid)})

    assert (there.status_code, there.get_json()["error"]["code"]) == (403, "which-place")
    assert "Bramble" not in there.get_data(as_text=True)
    db.session.rollback()
    assert all(str(phone.uuid) != dev for phone in identity.phones_of(db.session(), two.ngozi.person_id))
    here = client.post("/api/v1/sign-in", json={**sent, "provider": str(two.bramble.provider.uuid)})
    assert here.status_code == 200, "a phone of the place she has is taken in again, as before"


def test_a_forgotten_phone_of_somebody_with_two_places_opens_neither_by_its_own_word(two: Two) -> None:
    two.add()
    sent = {"dev": str(uuid4()), "person": str(two.ngozi.person_uuid), "pin": PIN}
    reply = two.app.test_client(use_cookies=False).post(
        "/api/v1/sign-in", json={**sent, "provider": str(two.thistle.provider.uuid)}
    )
    assert (reply.status_code, reply.get_json()["error"]["code"]) == (403, "which-place")


@pytest.mark.parametrize("tried_at", ["Bramble", "Thistle"])
def test_only_the_place_whose_phone_it_was_is_told_of_somebody_who_guesses(two: Two, tried_at: str) -> None:
    two.add()
    here, other = (two.bramble, two.thistle) if tried_at == "Bramble" else (two.thistle, two.bramble)
    phones = identity.phones_of(db.session(), two.ngozi.person_id)
    dev = next(str(each.uuid) for each in phones if each.provider_id == here.provider.id)
    at_other = audit.entries(db.session(), provider=other.provider.uuid)
    client = two.app.test_client(use_cookies=False)
    for _ in range(5):
        client.post("/api/v1/sign-in", json={"dev": dev, "person": str(two.ngozi.person_uuid), "pin": "111213"})
    db.session.rollback()
    assert audit.entries(db.session(), provider=here.provider.uuid, limit=1)[0].action == "sign-in.refused"
    assert audit.entries(db.session(), provider=other.provider.uuid) == at_other
