"""Leaving a provider: she keeps her account and record, the provider what law lets it keep; the next sees neither."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask

from app import identity, learning, privacy, providers
from app.audit import WORKER
from app.extensions import db
from app.kernel import utc_now
from app.privacy import Keeping
from app.sync.trail import last_arrivals
from app.web import words
from tests.support.api import Caller
from tests.support.learning_place import RIGHT, ask_for, publish_modules
from tests.support.two_places import PIN, Two, add_anew
from tests.support.website import Browser, Place, sign_in
from tests.support.world import Phone, add_phone

FALLS = "Falls on the stairs"
KEPT = Keeping(results_years=6, answers_months=12, audit_months=72)


@pytest.fixture
def sha(app: Flask) -> str:
    return publish_modules(FALLS, "Strokes")["falls-on-the-stairs"]


@pytest.fixture
def two(app: Flask, bramble: Place, sha: str) -> Two:
    """Ngozi, who passed a module at Bramble; Thistle has added her anew and made her a code."""
    return add_anew(app, bramble)


@pytest.fixture
def caller(two: Two) -> Caller:
    """Her phone, on which she passed a module at Bramble."""
    ask_for(two.bramble, two.ngozi, "falls-on-the-stairs", in_days=9)
    return Caller(two.app, add_phone(db.session(), two.ngozi, now=utc_now() - timedelta(days=20)))


def passed(phone: Phone, sha: str) -> dict[str, object]:
    return phone.answered(sha, RIGHT, at=f"{utc_now() - timedelta(minutes=5):%Y-%m-%dT%H:%M:%S.000Z}")


def leaves(two: Two, browser: Browser) -> str:
    """Bramble's manager notes that she has left; returns what the page then says."""
    sign_in(browser, two.bramble.sign_in)
    browser.get(f"/staff/people/{two.ngozi.person_uuid}")
    page = browser.post(f"/staff/people/{two.ngozi.person_uuid}/leave")
    assert page.status == 200
    return page.text


def test_her_phone_reads_where_she_left_and_when_and_what_it_kept_still_arrives(
    two: Two, caller: Caller, browser: Browser, sha: str
) -> None:
    before = passed(caller.phone, sha)
    leaves(two, browser)
    member = providers.find_member(db.session(), two.bramble.provider.id, two.ngozi.person_id)
    assert member is not None
    assert member.ended is not None

    error = caller.get("/state", caller.phone.read).get_json()["error"]
    assert error["code"] == "place-ended"
    assert error["message"] == f"You left Bramble Home Care on {words.on(member.ended)}. Your record stays yours."

    [receipt] = caller.send(before).get_json()["receipts"]
    assert (receipt["id"], receipt["r"]) == (before["id"], "stored")
    page = browser.get(f"/staff/people/{two.ngozi.person_uuid}")
    assert FALLS in page.text
    person = identity.find_person(db.session(), two.ngozi.person_id)
    assert person is not None
    assert (person.archived_at, person.has_pin) == (None, True), "the account is the person's"


def test_the_page_says_what_is_kept_and_what_she_keeps(two: Two, caller: Caller, browser: Browser) -> None:
    said = leaves(two, browser)
    assert "You keep what was done here for 6 years after that day. Then it is erased by itself." in said
    assert "Ngozi keeps their account, their record and their passport on their own phone." in said


def test_nothing_new_is_asked_of_who_has_left(two: Two, caller: Caller, browser: Browser) -> None:
    leaves(two, browser)
    address = f"/staff/people/{two.ngozi.person_uuid}"
    token = browser.get(address).form(f"{address}/return")["csrf_token"]
    reply = browser.send("POST", f"{address}/assignments", data={"csrf_token": token, "module": "strokes"})
    assert reply.status_code == 400
    assert "Ngozi Obi has left. Bring them back first." in reply.get_data(as_text=True)
    asked = learning.assignments_of(db.session(), two.bramble.provider.id, [two.ngozi.person_id])
    assert {each.module for each in asked} == {"falls-on-the-stairs"}


def test_the_provider_keeps_it_for_six_years_and_no_longer(
    two: Two, caller: Caller, browser: Browser, sha: str
) -> None:
    caller.send(passed(caller.phone, sha))
    leaves(two, browser)
    left = utc_now()
    for years, known in ((5, True), (7, False)):
        db.session.rollback()
        privacy.sweep(db.session(), KEPT, actor=WORKER, now=left + timedelta(days=365 * years))
        db.session.commit()
        member = providers.find_member(db.session(), two.bramble.provider.id, two.ngozi.person_id)
        assert (member is not None) is known


def test_she_joins_the_next_with_the_pin_she_has_and_it_sees_nothing_of_the_one_before(
    two: Two, caller: Caller, browser: Browser, sha: str, app: Flask
) -> None:
    caller.send(passed(caller.phone, sha))
    late = passed(caller.phone, sha)
    leaves(two, browser)

    reply = two.add()
    assert reply.status_code == 201
    got = reply.get_json()
    assert got["person"]["id"] == str(two.ngozi.person_uuid), "the account she has"
    assert (got["provider"]["name"], two.places()) == ("Thistle Care", ["Thistle Care"])
    # What the phone kept of Bramble goes with Bramble's own token, and to Bramble alone.
    assert [each["r"] for each in caller.send(late).get_json()["receipts"]] == ["stored"]
    maya = Browser(app.test_client())
    sign_in(maya, two.thistle.sign_in)
    page = maya.get(f"/staff/people/{two.ngozi.person_uuid}")
    assert (page.status, page.heading) == (200, "Ngozi Obi-Ade")
    assert not [title for title in page.all(".//h3") if FALLS in "".join(title.itertext())]
    assert "Bramble" not in page.text
    assert last_arrivals(db.session(), two.thistle.provider.id, [two.ngozi.person_id]) == {}
    there = Caller(app, replace(caller.phone, dev=got["dev"], append=got["append"], read=got["read"]))
    said = there.get("/state", got["read"]).get_json()
    assert (said["provider"]["name"], said["results"]) == ("Thistle Care", [])
    # And the old one, which has it, hears nothing of the next.
    page = browser.get(f"/staff/people/{two.ngozi.person_uuid}")
    assert [title for title in page.all(".//h3") if FALLS in "".join(title.itertext())]
    assert "Thistle" not in page.text


def test_who_never_chose_a_pin_joins_as_anybody_and_keeps_what_she_has(
    app: Flask, bramble: Place, browser: Browser, sha: str
) -> None:
    """Nobody can show to be her without one, so the next provider's record stays apart; her phone keeps both."""
    two = add_anew(app, bramble)
    _forget_pin(two)
    caller = Caller(app, add_phone(db.session(), two.ngozi, now=utc_now() - timedelta(days=20)))
    kept = passed(caller.phone, sha)
    leaves(two, browser)
    assert two.error()[:2] == (401, "pin-wrong")

    new = Browser(app.test_client())
    new.get(f"/join/{two.code}/pin")
    page = new.post(f"/join/{two.code}/pin", pin=PIN, again=PIN)
    assert page.status == 200
    person = identity.find_person(db.session(), two.fresh.person_uuid)
    assert person is not None
    assert (person.uuid, person.has_pin) == (two.fresh.person_uuid, True)
    assert [each["r"] for each in caller.send(kept).get_json()["receipts"]] == ["stored"]
    assert providers.memberships_of(db.session(), two.ngozi.person_id, now=utc_now()) == ()


def _forget_pin(two: Two) -> None:
    row = db.session().get(identity.Person, two.ngozi.person_id)
    assert row is not None
    row.pin_hash = None
    db.session.commit()


def test_who_comes_back_has_what_was_there(two: Two, caller: Caller, browser: Browser, sha: str) -> None:
    caller.send(passed(caller.phone, sha))
    leaves(two, browser)
    browser.post(f"/staff/people/{two.ngozi.person_uuid}/return")
    state = caller.get("/state", caller.phone.read).get_json()
    assert [each["module"] for each in state["results"]] == ["falls-on-the-stairs"]
