"""Adding second steps and taking them away; where managers need one."""

from __future__ import annotations

import pyotp
import pytest
from flask import Flask
from sqlalchemy import select

from app import audit, identity, providers
from app.extensions import db
from app.identity import TotpSecret
from app.kernel import utc_now
from app.providers import Role
from tests.support.second_step import STEP, give_app, give_codes, in_production, make_older, secret_on
from tests.support.website import PASSWORD, Browser, Place, sign_in


def actions() -> list[str]:
    return [entry.action for entry in audit.entries(db.session())]


def test_an_app_counts_once_a_code_confirms_it(bramble: Place, priya: Browser) -> None:
    page = priya.get("/staff/security/app")
    app = pyotp.TOTP(secret_on(page))
    qr = priya.send("GET", "/staff/security/app.svg")
    assert qr.mimetype == "image/svg+xml"
    assert "script" not in qr.get_data(as_text=True)
    assert "does not fit" in priya.post("/staff/security/app", code="000000").text
    assert not identity.has_second_step(db.session(), bramble.manager.person_id)
    page = priya.post("/staff/security/app", code=app.at(utc_now()))
    assert page.heading == "Your recovery codes"
    codes = [e.text for e in page.all(".//li[@class='bv-invite__code']")]
    assert len(set(codes)) == 10
    assert priya.get("/staff/people").heading == "People", "this browser goes on"
    assert {"second-step.added", "second-step.codes-made"} <= set(actions())
    priya.post("/staff/sign-out")
    sign_in(priya, "priya")
    assert priya.post("/staff/second-step", code=app.at(utc_now() + STEP)).heading == "People"


def test_the_secret_is_in_no_row_and_in_no_cookie(bramble: Place, priya: Browser) -> None:
    base32 = secret_on(priya.get("/staff/security/app"))
    cookie = priya.client.get_cookie("bv")
    assert cookie is not None
    with priya.client.session_transaction() as kept:
        assert base32 not in str(dict(kept))
    assert db.session.scalars(select(TotpSecret)).all() == []


def test_an_offer_that_was_never_made_is_made_anew(bramble: Place, priya: Browser) -> None:
    token = priya.get("/staff/security/app").form("/staff/security/app")["csrf_token"]
    with priya.client.session_transaction() as cookie:
        cookie["offered_app"] = identity.new_totp(bramble.provider.uuid, secret=b"another key of another server")
    reply = priya.send("POST", "/staff/security/app", data={"csrf_token": token, "code": "123456"})
    assert reply.status_code == 400
    assert "Add this new one" in reply.get_data(as_text=True)


def test_confirming_an_app_is_counted_too(bramble: Place, priya: Browser) -> None:
    priya.get("/staff/security/app")
    for _ in range(5):
        assert priya.post("/staff/security/app", code="000000").status == 400
    page = priya.post("/staff/security/app", code="000000")
    assert page.status == 429
    assert page.reply.headers["Retry-After"]


@pytest.mark.parametrize(
    "address", ["/staff/security/set-up", "/staff/security/app", "/staff/security/app.svg", "/staff/security/passkey"]
)
def test_the_password_is_asked_again_after_ten_minutes(bramble: Place, priya: Browser, address: str) -> None:
    make_older(priya, "proved", seconds=601)
    page = priya.get(address)
    assert page.heading == "Your password once more"
    assert priya.post("/staff/security/confirm", old="not hers").status == 400
    priya.post("/staff/security/confirm", old=PASSWORD)
    assert priya.seen[-1] == address


@pytest.mark.parametrize(
    "address", ["/staff/security/codes", "/staff/security/app/remove", "/staff/security/passkey/options"]
)
def test_nothing_changes_before_the_password_is_given_again(bramble: Place, priya: Browser, address: str) -> None:
    app = give_app(bramble)
    priya.get("/staff/people")
    priya.post("/staff/second-step", code=app.at(utc_now()))
    token = priya.get("/staff/security").form("/staff/security/codes")["csrf_token"]
    make_older(priya, "proved", seconds=601)
    reply = priya.send("POST", address, data={"csrf_token": token})
    assert reply.status_code == 302
    assert "/staff/security/confirm" in reply.headers["Location"]
    steps = identity.second_steps(db.session(), bramble.manager.person_id)
    assert (steps.any, steps.codes_left) == (True, 0)


def test_asking_for_the_password_again_is_counted(bramble: Place, priya: Browser) -> None:
    make_older(priya, "proved", seconds=601)
    priya.get("/staff/security/app")
    for _ in range(5):
        priya.post("/staff/security/confirm", old="wrong wrong wrong")
    page = priya.post("/staff/security/confirm", old=PASSWORD)
    assert page.status == 429
    assert page.reply.headers["Retry-After"]
    assert actions().count("sign-in.refused") == 1


def test_new_codes_end_the_old_and_are_shown_once(bramble: Place, priya: Browser) -> None:
    app, old = give_app(bramble), give_codes(bramble)
    priya.get("/staff/people")
    priya.post("/staff/second-step", code=app.at(utc_now()))
    assert "You have 10 left" in priya.get("/staff/security").text
    page = priya.post("/staff/security/codes")
    assert page.heading == "Your recovery codes"
    assert not set(old) & {e.text for e in page.all(".//li[@class='bv-invite__code']")}
    assert old[0] not in priya.get("/staff/security").text
    priya.post("/staff/sign-out")
    sign_in(priya, "priya")
    assert priya.post("/staff/second-step", code=old[0]).status == 400


def test_where_nothing_is_at_stake_the_last_step_can_go(bramble: Place, priya: Browser) -> None:
    app = give_app(bramble)
    priya.get("/staff/people")
    priya.post("/staff/second-step", code=app.at(utc_now()))
    priya.get("/staff/security")
    page = priya.post("/staff/security/app/remove")
    assert "Your app is taken away." in page.text
    priya.post("/staff/sign-out")
    assert sign_in(priya, "priya").heading == "People"


def test_in_production_a_manager_sets_a_second_step_up_before_anything_else(
    bramble: Place, app: Flask, browser: Browser
) -> None:
    in_production(app)
    assert sign_in(browser, "priya").heading == "Add a second step"
    for address in ("/staff/", "/staff/people", "/staff/modules", "/staff/security", "/staff/provider"):
        assert browser.get(address).heading == "Add a second step", address
    hers = pyotp.TOTP(secret_on(browser.get("/staff/security/app")))
    assert browser.post("/staff/security/app", code=hers.at(utc_now())).heading == "Your recovery codes"
    assert browser.get("/staff/people").heading == "People"
    browser.get("/staff/security")
    page = browser.post("/staff/security/app/remove")
    assert "Your role needs a second step" in page.text
    assert identity.has_second_step(db.session(), bramble.manager.person_id)


def test_in_production_a_one_time_password_is_replaced_first(bramble: Place, app: Flask, browser: Browser) -> None:
    in_production(app)
    identity.set_password(db.session(), bramble.manager.person_id, "told-on-the-telephone", temporary=True)
    db.session.commit()
    assert sign_in(browser, "priya", "told-on-the-telephone").heading == "Choose a password"
    page = browser.post("/staff/password", password="her own long one", again="her own long one")
    assert page.heading == "Add a second step"


def test_in_production_a_trainer_may_go_without(bramble: Place, app: Flask, browser: Browser) -> None:
    in_production(app)
    tom = bramble.add("Tom Price", Role.TRAINER)
    identity.set_sign_in_name(db.session(), tom.person_id, "tom")
    identity.set_password(db.session(), tom.person_id, PASSWORD)
    db.session.commit()
    assert sign_in(browser, "tom").heading == "Modules"
    assert browser.get("/staff/security").heading == "Security"


def test_who_becomes_a_manager_needs_one_at_the_next_request(bramble: Place, app: Flask, browser: Browser) -> None:
    in_production(app)
    tom = bramble.add("Tom Price", Role.TRAINER)
    identity.set_sign_in_name(db.session(), tom.person_id, "tom")
    identity.set_password(db.session(), tom.person_id, PASSWORD)
    db.session.commit()
    sign_in(browser, "tom")
    providers.change_roles(db.session(), bramble.provider.id, tom.person_id, (Role.MANAGER,))
    db.session.commit()
    assert browser.get("/staff/people").heading == "Add a second step"
    providers.change_roles(db.session(), bramble.provider.id, tom.person_id, (Role.LEARNER,))
    db.session.commit()
    assert browser.get("/staff/people").status == 403


def test_a_reset_signs_out_at_once_and_leaves_the_password(bramble: Place, priya: Browser) -> None:
    app = give_app(bramble)
    priya.get("/staff/people")
    priya.post("/staff/second-step", code=app.at(utc_now()))
    assert identity.reset_second_step(db.session(), bramble.manager.person_id)
    db.session.commit()
    assert priya.get("/staff/people").heading == "Sign in"
    assert sign_in(priya, "priya").heading == "People"
