"""Passkeys through the pages: alone, as the second step, and every way they are refused."""

from __future__ import annotations

from dataclasses import replace

from flask import Flask

from app import identity
from app.config import Settings
from app.extensions import db
from app.kernel import utc_now
from app.providers import Role
from app.web.access import PASSKEYS_PER_ADDRESS
from tests.support.passkey import Authenticator
from tests.support.second_step import ask, give_app, give_passkey, in_production, make_older, use_passkey
from tests.support.website import PASSWORD, Browser, Page, Place, sign_in

ALONE, STEP = "/staff/sign-in/passkey", "/staff/second-step/passkey"


def signed_out(browser: Browser) -> Browser:
    browser.get("/staff/people")
    browser.post("/staff/sign-out")
    browser.get("/staff/sign-in")
    return browser


def test_a_passkey_signs_in_alone_and_counts_as_both(bramble: Place, app: Flask, priya: Browser) -> None:
    key = give_passkey(priya)
    assert priya.page is not None
    assert priya.page.heading == "Your recovery codes"
    in_production(app)
    assert use_passkey(signed_out(priya), key, ALONE).heading == "People"
    assert "My phone" in priya.get("/staff/security").text


def test_where_they_wanted_to_go_is_kept(bramble: Place, priya: Browser) -> None:
    key = give_passkey(priya)
    signed_out(priya).get("/staff/people?q=x")
    options = ask(priya, ALONE, f"{ALONE}/options")
    priya.post(ALONE, credential=key.get(options))
    assert priya.seen[-1] == "/staff/people"


def test_a_passkey_is_a_second_step_after_the_password(bramble: Place, priya: Browser) -> None:
    key = give_passkey(priya)
    assert sign_in(signed_out(priya), "priya").heading == "One more step"
    assert use_passkey(priya, key, STEP).heading == "People"


def refused(page: Page) -> bool:
    return page.status == 400 and ("did not work here" in page.text or "took too long" in page.text)


def test_a_strangers_passkey_opens_nothing(bramble: Place, priya: Browser) -> None:
    give_passkey(priya)
    stranger = Authenticator(handle=bramble.manager.person_uuid.bytes)
    assert refused(use_passkey(signed_out(priya), stranger, ALONE))
    sign_in(priya, "priya")
    assert refused(use_passkey(priya, stranger, STEP))
    assert priya.get("/staff/people").heading == "Sign in"


def test_a_colleagues_passkey_is_not_a_second_step(bramble: Place, app: Flask, priya: Browser) -> None:
    tom = bramble.add("Tom Price", Role.TRAINER)
    identity.set_sign_in_name(db.session(), tom.person_id, "tom")
    identity.set_password(db.session(), tom.person_id, PASSWORD)
    db.session.commit()
    toms = Browser(app.test_client())
    sign_in(toms, "tom")
    key = give_passkey(toms)
    give_passkey(priya)
    sign_in(signed_out(priya), "priya")
    assert refused(use_passkey(priya, key, STEP))


def test_an_answer_cannot_be_sent_twice_even_with_the_old_cookie(bramble: Place, app: Flask, priya: Browser) -> None:
    key = give_passkey(priya)
    options = ask(signed_out(priya), ALONE, f"{ALONE}/options")
    answer = key.get(options)
    with priya.client.session_transaction() as cookie:
        before = dict(cookie)
    assert priya.post(ALONE, credential=answer).heading == "People"
    thief = Browser(app.test_client())
    with thief.client.session_transaction() as cookie:
        cookie.update(before)
    thief.get("/staff/sign-in")
    with thief.client.session_transaction() as cookie:
        cookie["challenge"] = before["challenge"]
    assert refused(thief.post(ALONE, credential=answer))
    assert thief.get("/staff/people").heading == "Sign in"


def test_an_answer_made_in_one_browser_is_no_good_in_another(bramble: Place, app: Flask, priya: Browser) -> None:
    key = give_passkey(priya)
    options = ask(signed_out(priya), ALONE, f"{ALONE}/options")
    other = Browser(app.test_client())
    other.get("/staff/sign-in")
    assert refused(other.post(ALONE, credential=key.get(options)))


def test_a_challenge_for_one_purpose_is_none_for_another(bramble: Place, priya: Browser) -> None:
    key = give_passkey(priya)
    options = ask(signed_out(priya), ALONE, f"{ALONE}/options")
    with priya.client.session_transaction() as cookie:
        asked = cookie["challenge"]
    sign_in(priya, "priya")
    with priya.client.session_transaction() as cookie:
        cookie["challenge"] = asked
    assert refused(priya.post(STEP, credential=key.get(options)))


def test_a_challenge_is_old_after_five_minutes(bramble: Place, priya: Browser) -> None:
    key = give_passkey(priya)
    options = ask(signed_out(priya), ALONE, f"{ALONE}/options")
    make_older(priya, "challenge", "at", seconds=301)
    assert refused(priya.post(ALONE, credential=key.get(options)))


def test_the_site_is_what_the_settings_say_not_what_the_request_says(
    bramble: Place, app: Flask, priya: Browser
) -> None:
    settings: Settings = app.extensions["bv.settings"]
    app.extensions["bv.settings"] = replace(settings, origin="https://learn.example.org")
    token = priya.get("/staff/security/passkey").form("/staff/security/passkey")["csrf_token"]
    reply = priya.send(
        "POST", "/staff/security/passkey/options", headers={"X-CSRFToken": token}, base_url="http://localhost"
    )
    assert reply.get_json()["rp"]["id"] == "learn.example.org"
    answer = Authenticator(origin="http://localhost").create(reply.get_data(as_text=True))
    assert refused(priya.post("/staff/security/passkey", credential=answer, name="x"))


def test_several_passkeys_have_names_and_go_one_by_one(bramble: Place, app: Flask, priya: Browser) -> None:
    in_production(app)
    priya.get("/staff/security/passkey")
    give_passkey(priya, name="My phone")
    give_passkey(priya, name="Blue key")
    page = priya.get("/staff/security")
    assert "My phone" in page.text
    assert "Blue key" in page.text
    first, second = identity.second_steps(db.session(), bramble.manager.person_id).passkeys
    page = priya.post(f"/staff/security/passkey/{first.uuid}/remove")
    assert "That passkey is taken away." in page.text
    assert "My phone" not in page.text
    page = priya.post(f"/staff/security/passkey/{second.uuid}/remove")
    assert "Your role needs a second step" in page.text
    assert "Blue key" in page.text


def test_a_passkey_taken_away_signs_nobody_in(bramble: Place, priya: Browser) -> None:
    key = give_passkey(priya)
    priya.get("/staff/security")
    (mine,) = identity.second_steps(db.session(), bramble.manager.person_id).passkeys
    priya.post(f"/staff/security/passkey/{mine.uuid}/remove")
    assert refused(use_passkey(signed_out(priya), key, ALONE))


def test_a_second_factor_beside_another_makes_no_new_codes(bramble: Place, priya: Browser) -> None:
    app = give_app(bramble)
    identity.make_recovery_codes(db.session(), bramble.manager.person_id, secret=b"x" * 32, now=utc_now())
    db.session.commit()
    priya.get("/staff/people")
    priya.post("/staff/second-step", code=app.at(utc_now()))
    give_passkey(priya)
    assert priya.page is not None
    assert priya.page.heading == "Security"


def test_many_answers_from_one_address_have_to_wait(bramble: Place, browser: Browser) -> None:
    browser.get("/staff/sign-in")
    for _ in range(PASSKEYS_PER_ADDRESS):
        browser.post(ALONE, credential="{}")
    page = browser.post(ALONE, credential="{}")
    assert page.status == 429
    assert page.reply.headers["Retry-After"]


def test_without_its_token_no_challenge_is_given(bramble: Place, browser: Browser) -> None:
    browser.get("/staff/sign-in")
    assert browser.send("POST", f"{ALONE}/options").status_code == 400
