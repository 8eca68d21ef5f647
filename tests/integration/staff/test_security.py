"""The page about one's own sign-in, and signing out everywhere."""

from __future__ import annotations

from flask import Flask

from app import identity
from app.extensions import db
from app.kernel import utc_now
from app.providers import Role
from tests.support.second_step import give_app
from tests.support.website import Browser, Place, sign_in


def test_it_tells_what_happened_lately(bramble: Place, browser: Browser) -> None:
    for _ in range(5):
        sign_in(browser, "priya", "wrong wrong wrong")
    identity.clear_tries(db.session(), "staff-name:priya")
    db.session.commit()
    sign_in(browser, "priya")
    text = browser.get("/staff/security").text
    assert "You signed in today" in text
    assert "Somebody typed a wrong password too often today" in text
    assert "You sign in with your password alone." in text


def test_others_happenings_are_not_told(bramble: Place, browser: Browser, priya: Browser) -> None:
    tom = bramble.add("Tom Price", Role.LEARNER)
    priya.get(f"/staff/people/{tom.person_uuid}")
    priya.post(f"/staff/people/{tom.person_uuid}/invite")
    assert "Tom" not in priya.get("/staff/security").text


def test_signing_out_everywhere_may_leave_this_browser(bramble: Place, app: Flask, priya: Browser) -> None:
    other = Browser(app.test_client())
    sign_in(other, "priya")
    priya.get("/staff/security")
    page = priya.post("/staff/security/sign-out-everywhere", stay="yes")
    assert "Every other browser is signed out." in page.text
    assert priya.get("/staff/people").heading == "People"
    assert other.get("/staff/people").heading == "Sign in"


def test_staying_signed_in_proves_nothing_and_lasts_no_longer(bramble: Place, priya: Browser) -> None:
    """Whoever finds the browser could else press a button, and add a passkey of their own without the password."""
    long_ago = int(utc_now().timestamp()) - 3600
    with priya.client.session_transaction() as kept:
        kept.update(since=long_ago, proved=long_ago)
    priya.get("/staff/security")
    assert "Every other browser" in priya.post("/staff/security/sign-out-everywhere", stay="yes").text
    with priya.client.session_transaction() as kept:
        assert (kept["since"], kept["proved"]) == (long_ago, long_ago)
    assert "/staff/security/confirm" in priya.send("GET", "/staff/security/passkey").headers["Location"]


def test_signing_out_everywhere_means_here_too(bramble: Place, priya: Browser) -> None:
    priya.get("/staff/security")
    assert "You are signed out everywhere." in priya.post("/staff/security/sign-out-everywhere").text
    assert priya.get("/staff/people").heading == "Sign in"


def test_a_strong_sign_in_stays_strong(bramble: Place, priya: Browser) -> None:
    app = give_app(bramble)
    priya.get("/staff/people")
    priya.post("/staff/second-step", code=app.at(utc_now()))
    priya.get("/staff/security")
    priya.post("/staff/security/sign-out-everywhere", stay="yes")
    assert priya.get("/staff/people").heading == "People"
    priya.get("/staff/password")
    page = priya.post("/staff/password", old="three plain words", password="her own long one", again="her own long one")
    assert page.heading == "People"
