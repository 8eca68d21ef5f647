"""A password alone opens nothing once there is a second step; each way in, and each refusal."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from app import audit, identity
from app.extensions import db
from app.kernel import utc_now
from tests.support.second_step import STEP, give_app, give_codes, make_older
from tests.support.website import PASSWORD, Browser, Place, sign_in

PAGES = ("/staff/", "/staff/people", "/staff/security", "/staff/security/set-up", "/staff/password", "/staff/modules")


def actions() -> list[str]:
    return [entry.action for entry in audit.entries(db.session())]


def test_password_then_code_signs_in(bramble: Place, browser: Browser) -> None:
    app = give_app(bramble)
    browser.get("/staff/people?q=x")
    page = browser.post("/staff/sign-in", name="priya", password=PASSWORD)
    assert page.heading == "One more step"
    page = browser.post("/staff/second-step", code=app.at(utc_now()))
    assert page.heading == "People"
    assert browser.seen[-1] == "/staff/people", "and where they wanted to go"
    assert actions()[0] == "sign-in.done"


def test_a_sign_in_that_was_not_stored_signs_nobody_in(bramble: Place, app: Flask, browser: Browser) -> None:
    """The cookie is sent with the error page, too: it must not be worth more than what the database was told."""
    code = give_app(bramble).at(utc_now())
    sign_in(browser, "priya")

    def full(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if "INSERT INTO audit_entries" in statement:
            raise OperationalError(statement, {}, Exception("database or disk is full"))

    event.listen(db.engine, "before_cursor_execute", full)
    token = browser.page.form("/staff/second-step") if browser.page else {}
    reply = browser.send("POST", "/staff/second-step", data={**token, "code": code})
    event.remove(db.engine, "before_cursor_execute", full)

    assert reply.status_code == 503
    assert browser.get("/staff/people").heading == "Sign in"
    browser.get("/staff/second-step")
    assert browser.post("/staff/second-step", code=code).heading == "People", "the code was not used up"


def test_the_password_alone_opens_nothing(bramble: Place, browser: Browser) -> None:
    give_app(bramble)
    sign_in(browser, "priya")
    for address in PAGES:
        assert browser.get(address).heading == "Sign in", address
    token = browser.get("/staff/second-step").form("/staff/second-step")["csrf_token"]
    reply = browser.send("POST", "/api/v1/devices", headers={"X-CSRFToken": token})
    assert reply.status_code == 401


def test_a_code_is_good_once_also_in_another_browser(bramble: Place, app: Flask, browser: Browser) -> None:
    code = give_app(bramble).at(utc_now())
    other = Browser(app.test_client())
    for each in (browser, other):
        sign_in(each, "priya")
    assert browser.post("/staff/second-step", code=code).heading == "People"
    assert "That code does not fit" in other.post("/staff/second-step", code=code).text


def test_a_recovery_code_is_good_once_and_tells_how_many_are_left(bramble: Place, browser: Browser) -> None:
    give_app(bramble)
    code = give_codes(bramble)[0]
    sign_in(browser, "priya")
    page = browser.post("/staff/second-step", code=code.lower())
    assert page.heading == "People"
    assert "You used a recovery code. 9 codes are left." in page.text
    assert "second-step.code-used" in actions()
    browser.post("/staff/sign-out")
    sign_in(browser, "priya")
    assert browser.post("/staff/second-step", code=code).status == 400


@pytest.mark.parametrize(("code", "status"), [("", 400), ("000000", 400), ("nonsense", 400), ("ABCDE-FGHJK", 400)])
def test_anything_else_is_refused_kindly(bramble: Place, browser: Browser, code: str, status: int) -> None:
    give_app(bramble)
    sign_in(browser, "priya")
    page = browser.post("/staff/second-step", code=code)
    assert (page.status, page.heading) == (status, "One more step")


def test_after_five_wrong_codes_a_right_one_waits(bramble: Place, browser: Browser) -> None:
    app = give_app(bramble)
    sign_in(browser, "priya")
    for _ in range(5):
        assert browser.post("/staff/second-step", code="000000").status == 400
    page = browser.post("/staff/second-step", code=app.at(utc_now()))
    assert page.status == 429
    assert int(page.reply.headers["Retry-After"]) > 800
    assert "Wait 15 minutes" in page.text
    assert actions().count("second-step.refused") == 1


def test_apps_and_recovery_codes_share_the_count(bramble: Place, browser: Browser) -> None:
    give_app(bramble)
    codes = give_codes(bramble)
    sign_in(browser, "priya")
    for number in range(5):
        browser.post("/staff/second-step", code="ABCDE-FGHJK" if number % 2 else "000000")
    assert browser.post("/staff/second-step", code=codes[0]).status == 429


def test_a_day_of_guessing_ends_after_twenty(bramble: Place, browser: Browser) -> None:
    give_app(bramble)
    person = identity.find_person(db.session(), bramble.manager.person_id)
    assert person is not None
    sign_in(browser, "priya")
    for _ in range(4):
        for _ in range(5):
            assert browser.post("/staff/second-step", code="000000").status == 400
        # A quarter of an hour goes by.
        identity.clear_tries(db.session(), f"second-step:{person.uuid}")
        db.session.commit()
    page = browser.post("/staff/second-step", code="000000")
    assert page.status == 429
    assert int(page.reply.headers["Retry-After"]) > 80_000


def test_a_half_sign_in_ends_after_ten_minutes(bramble: Place, browser: Browser) -> None:
    app = give_app(bramble)
    sign_in(browser, "priya")
    make_older(browser, "half", "at", seconds=601)
    page = browser.post("/staff/second-step", code=app.at(utc_now()))
    assert page.heading == "Sign in"
    assert "That took too long" in page.text


@pytest.mark.parametrize("ends", ["password", "archive", "everywhere", "reset"])
def test_a_half_sign_in_ends_with_what_it_stands_on(bramble: Place, browser: Browser, ends: str) -> None:
    app, person_id = give_app(bramble), bramble.manager.person_id
    sign_in(browser, "priya")
    if ends == "password":
        identity.set_password(db.session(), person_id, "another long one")
    elif ends == "archive":
        identity.archive_person(db.session(), person_id, now=utc_now())
    elif ends == "everywhere":
        identity.end_sign_ins(db.session(), person_id)
    else:
        identity.reset_second_step(db.session(), person_id)
    db.session.commit()
    assert browser.post("/staff/second-step", code=app.at(utc_now())).heading == "Sign in"


def test_the_cookie_is_another_after_each_step(bramble: Place, browser: Browser) -> None:
    """What somebody planted in a browser before, or read from it half way, is worth nothing after."""
    app = give_app(bramble)
    browser.get("/staff/sign-in")
    values = [browser.client.get_cookie("bv")]
    sign_in(browser, "priya")
    values.append(browser.client.get_cookie("bv"))
    with browser.client.session_transaction() as cookie:
        half_token = cookie["csrf_token"]
    browser.post("/staff/second-step", code=app.at(utc_now()))
    values.append(browser.client.get_cookie("bv"))
    assert len({each.value for each in values if each}) == 3
    with browser.client.session_transaction() as cookie:
        assert "half" not in cookie
        assert cookie.get("csrf_token") != half_token


def test_a_step_added_elsewhere_counts_at_the_next_request(bramble: Place, priya: Browser) -> None:
    app = give_app(bramble)
    assert priya.get("/staff/people").heading == "One more step"
    assert priya.post("/staff/second-step", code=app.at(utc_now())).heading == "People"


def test_nobody_half_signed_in_is_sent_to_the_door(bramble: Place, browser: Browser) -> None:
    assert browser.get("/staff/second-step").heading == "Sign in"
    token = browser.get("/staff/sign-in").form("/staff/sign-in")["csrf_token"]
    reply = browser.send("POST", "/staff/second-step/passkey/options", headers={"X-CSRFToken": token})
    assert reply.status_code == 401
    reply = browser.send("POST", "/staff/second-step/passkey", data={"csrf_token": token})
    assert reply.headers["Location"].endswith("/staff/sign-in")


def test_a_code_from_a_manager_does_not_go_around_the_second_step(bramble: Place, browser: Browser) -> None:
    app = give_app(bramble)
    code = bramble.code_for(bramble.manager)
    browser.get(f"/join/{code}/pin")
    browser.post(f"/join/{code}/pin")
    for address in PAGES:
        assert browser.get(address).heading == "One more step", address
    assert browser.post("/staff/second-step", code=app.at(utc_now() + STEP)).heading == "People"
    assert browser.get("/staff/security/app").heading == "Your password once more", "a code is no password"
