"""One PIN for every place of a person: no provider's code changes it alone, or opens anything of another."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import create_engine, event, text
from werkzeug.test import TestResponse

from app import audit, identity, providers
from app.extensions import db
from app.kernel import utc_now
from app.providers import Role
from tests.support.two_places import PIN, Two, add_anew
from tests.support.website import Browser, Page, Place

NEW_PIN = "385024"


@pytest.fixture
def two(app: Flask, bramble: Place) -> Two:
    """Ngozi with a place at both."""
    two = add_anew(app, bramble)
    assert two.add().status_code == 201
    return two


def at_pin(two: Two, code: str) -> tuple[Browser, Page]:
    browser = Browser(two.app.test_client())
    return browser, browser.get(f"/join/{code}/pin")


def devices(browser: Browser) -> TestResponse:
    """Enrol the browser that has just joined, as its page does."""
    assert browser.page is not None
    token = browser.page.all(".//meta[@name='csrf-token']")[0].get("content", "")
    return browser.send("POST", "/api/v1/devices", headers={"X-CSRFToken": token})


def has_pin(two: Two, pin: str) -> bool:
    db.session.rollback()
    return identity.check_pin(db.session(), two.ngozi.person_id, pin)


def test_a_new_code_asks_for_the_pin_she_has_and_lets_her_in_with_it(two: Two) -> None:
    code = two.thistle.code_for(two.ngozi)
    browser, page = at_pin(two, code)
    assert page.heading == "Type your PIN"
    assert "Hello, Ngozi." in page.text
    assert "Bramble" not in page.reply.get_data(as_text=True)

    page = browser.post(f"/join/{code}/pin", pin="274 913")

    assert browser.seen[-1] == "/join/home-screen"
    sent = devices(browser).get_json()
    assert (sent["provider"]["name"], sent["person"]["id"]) == ("Thistle Care", str(two.ngozi.person_uuid))
    assert has_pin(two, PIN)
    assert at_pin(two, code)[1].status == 410


def test_who_types_the_pin_while_others_write_is_let_in(two: Two) -> None:
    """Between looking at the code and counting the try the page reads; SQLite lets no reader become a writer then."""
    code = two.thistle.code_for(two.ngozi)
    browser, _ = at_pin(two, code)
    others = create_engine(db.engine.url)
    wrote: list[str] = []

    def write(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if not wrote and statement.startswith("SELECT memberships"):
            with others.begin() as connection:
                connection.execute(text("UPDATE providers SET contact = 'Priya'"))
            wrote.append(statement)

    event.listen(db.engine, "after_cursor_execute", write)
    try:
        page = browser.post(f"/join/{code}/pin", pin=PIN)
    finally:
        event.remove(db.engine, "after_cursor_execute", write)
        others.dispose()
    assert wrote
    assert (page.status, browser.seen[-1]) == (200, "/join/home-screen")


def test_a_wrong_pin_leaves_the_code_good_and_runs_out_of_tries(two: Two) -> None:
    code = two.thistle.code_for(two.ngozi)
    browser, _ = at_pin(two, code)
    for left in ("4 more tries", "3 more tries", "2 more tries", "1 more try", "Wait 15 minutes"):
        page = browser.post(f"/join/{code}/pin", pin="111213")
        assert page.status == 400
        assert left in page.text
        assert "manager" not in page.text, "one manager alone cannot help"
    page = browser.post(f"/join/{code}/pin", pin=PIN)
    assert (page.status, "Too many tries." in page.text) == (429, True)
    assert int(page.reply.headers["Retry-After"]) > 0
    identity.clear_tries(db.session(), f"pin:{two.ngozi.person_uuid}")
    db.session.commit()
    assert "Put it on your home screen" in browser.post(f"/join/{code}/pin", pin=PIN).heading


def test_the_holder_of_one_code_can_neither_set_a_pin_nor_read_or_send_for_the_other(two: Two) -> None:
    """Maya of Thistle makes a code for Ngozi, keeps it, and tries it herself."""
    code = two.thistle.code_for(two.ngozi)
    browser, _ = at_pin(two, code)
    assert browser.post(f"/join/{code}/pin", pin=NEW_PIN, again=NEW_PIN).status == 400
    assert browser.send("GET", "/join/home-screen").status_code == 401
    page = browser.get(f"/join/{code}/forgot")
    assert page.heading == "Choose a new PIN"
    assert "Bramble" not in page.reply.get_data(as_text=True)
    for codes in ("", code, two.thistle.code_for(two.thistle.add("Ada Bell"))):
        page = browser.post(f"/join/{code}/forgot", codes=codes, pin=NEW_PIN, again=NEW_PIN)
        assert page.status == 400
        assert "Bramble" not in page.text
    assert browser.send("GET", "/join/home-screen").status_code == 401
    assert has_pin(two, PIN)


def test_even_with_the_pin_a_code_of_one_opens_only_that_one(two: Two) -> None:
    code = two.thistle.code_for(two.ngozi)
    browser, _ = at_pin(two, code)
    browser.post(f"/join/{code}/pin", pin=PIN)
    sent = devices(browser).get_json()
    state = browser.send("GET", "/api/v1/state", headers={"Authorization": f"Bearer {sent['read']}"})
    assert state.get_json()["provider"]["name"] == "Thistle Care"
    assert "Bramble" not in state.get_data(as_text=True)


def test_who_forgot_it_brings_a_code_from_every_place(two: Two) -> None:
    code, other = two.thistle.code_for(two.ngozi), two.bramble.code_for(two.ngozi)
    browser, _ = at_pin(two, code)
    browser.get(f"/join/{code}/forgot")
    page = browser.post(f"/join/{code}/forgot", codes=f"{other[:4]} {other[4:]}", pin=NEW_PIN, again=NEW_PIN)
    assert "Put it on your home screen" in page.heading
    assert has_pin(two, NEW_PIN)
    assert not has_pin(two, PIN)
    assert devices(browser).get_json()["provider"]["name"] == "Thistle Care"
    for used in (code, other):
        assert at_pin(two, used)[1].status == 410
    for place in (two.thistle, two.bramble):
        for action in ("code.used", "pin.set"):
            newest = audit.entries(db.session(), provider=place.provider.uuid, action=action, limit=1)
            assert newest[0].actor == audit.by_person(two.ngozi.person_uuid)


def test_nothing_that_was_typed_and_no_code_is_lost_on_an_error(two: Two) -> None:
    code, other = two.thistle.code_for(two.ngozi), two.bramble.code_for(two.ngozi)
    browser, _ = at_pin(two, code)
    browser.get(f"/join/{code}/forgot")
    for codes, pin, again, words in (
        (other, "123456", "123456", "Digits in a row"),
        (other, NEW_PIN, PIN, "The two PINs differ."),
        ("AAAA2222", NEW_PIN, NEW_PIN, "AAAA2222: That code does not match."),
        ("", NEW_PIN, NEW_PIN, "A code is missing."),
        (two.bramble.code_for(two.bramble.add("Ada Bell")), NEW_PIN, NEW_PIN, "this code was not made for you"),
    ):
        page = browser.post(f"/join/{code}/forgot", codes=codes, pin=pin, again=again)
        assert page.status == 400
        assert words in page.text
        [box] = page.all(".//textarea[@id='codes']")
        assert (box.text or "") == codes
    assert has_pin(two, PIN)
    browser.post(f"/join/{code}/forgot", codes=other, pin=NEW_PIN, again=NEW_PIN)
    assert has_pin(two, NEW_PIN)


def test_guessing_codes_there_is_slowed_down(two: Two) -> None:
    code = two.thistle.code_for(two.ngozi)
    browser, _ = at_pin(two, code)
    browser.get(f"/join/{code}/forgot")
    pages = [
        browser.post(f"/join/{code}/forgot", codes=f"AAAA222{n % 8 + 2}", pin=NEW_PIN, again=NEW_PIN).status
        for n in range(10)
    ]
    assert pages == [400] * 10
    assert at_pin(two, code)[1].status == 429


@pytest.mark.parametrize("left", ["Bramble", "Thistle"])
def test_with_one_place_left_a_code_of_that_one_sets_the_pin_as_before(two: Two, left: str) -> None:
    gone, stays = (two.bramble, two.thistle) if left == "Bramble" else (two.thistle, two.bramble)
    providers.end_membership(db.session(), gone.provider.id, two.ngozi.person_id, now=utc_now())
    db.session.commit()
    code = stays.code_for(two.ngozi)
    browser, page = at_pin(two, code)
    assert page.heading == "Choose a PIN"
    assert browser.get(f"/join/{code}/forgot").heading == "Choose a PIN"
    browser.get(f"/join/{code}/pin")
    browser.post(f"/join/{code}/pin", pin=NEW_PIN, again=NEW_PIN)
    assert has_pin(two, NEW_PIN)


def test_who_does_not_learn_there_types_the_pin_too_before_choosing_a_password(two: Two) -> None:
    """Else the code of one place would set a password that opens the staff pages of the other."""
    providers.change_roles(db.session(), two.thistle.provider.id, two.ngozi.person_id, [Role.TRAINER])
    db.session.commit()
    code = two.thistle.code_for(two.ngozi)
    browser, page = at_pin(two, code)
    assert page.heading == "Type your PIN"
    assert browser.post(f"/join/{code}/pin").status == 400
    assert browser.post(f"/join/{code}/pin", pin=PIN).heading == "Choose a password"


def test_a_phone_that_nobody_knows_is_of_no_place_until_a_code_says_which(two: Two) -> None:
    sent = {"dev": "019af3c2-7d50-7000-8000-000000000001", "person": str(two.ngozi.person_uuid), "pin": PIN}
    reply = two.app.test_client(use_cookies=False).post("/api/v1/sign-in", json=sent)
    assert reply.get_json()["error"]["code"] == "which-place"
    assert "Bramble" not in reply.get_data(as_text=True)


def test_wrong_tries_at_the_old_pin_hold_nothing_against_the_new_one(two: Two) -> None:
    code, other = two.thistle.code_for(two.ngozi), two.bramble.code_for(two.ngozi)
    browser, _ = at_pin(two, code)
    for _ in range(5):
        browser.post(f"/join/{code}/pin", pin="111213")
    browser.get(f"/join/{code}/forgot")
    browser.post(f"/join/{code}/forgot", codes=other, pin=NEW_PIN, again=NEW_PIN)
    dev = devices(browser).get_json()["dev"]
    sent = {"dev": dev, "person": str(two.ngozi.person_uuid), "pin": NEW_PIN}
    assert two.app.test_client(use_cookies=False).post("/api/v1/sign-in", json=sent).status_code == 200
