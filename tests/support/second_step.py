"""People with a second step, for tests of the pages: their app, their passkey, their browser."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from html import unescape
from typing import Any

import pyotp
from flask import Flask

from app import identity
from app.config import Mode, Settings
from app.extensions import db
from app.kernel import utc_now
from tests.support.passkey import Authenticator
from tests.support.website import KEY, Browser, Page, Place

STEP = timedelta(seconds=30)


def give_app(place: Place) -> pyotp.TOTP:
    """Give the manager an authenticator app that was set up an hour ago; committed."""
    base32 = pyotp.random_base32()
    app, then = pyotp.TOTP(base32), utc_now() - timedelta(hours=1)
    person_id = place.manager.person_id
    assert identity.keep_totp(db.session(), person_id, base32, app.at(then), secret=KEY.encode(), now=then)
    db.session.commit()
    return app


def give_codes(place: Place) -> tuple[str, ...]:
    """Give the manager recovery codes; committed."""
    codes = identity.make_recovery_codes(db.session(), place.manager.person_id, secret=KEY.encode(), now=utc_now())
    db.session.commit()
    return codes


def give_passkey(browser: Browser, *, name: str = "My phone", key: Authenticator | None = None) -> Authenticator:
    """Add a passkey on the page, in a browser that is signed in."""
    key = key or Authenticator()
    browser.get("/staff/security/passkey")
    options = ask(browser, "/staff/security/passkey", "/staff/security/passkey/options")
    browser.post("/staff/security/passkey", credential=key.create(options), name=name)
    return key


def ask(browser: Browser, form: str, address: str) -> str:
    """Ask for a passkey's options as the page's script does, with the token of the form that goes to `form`."""
    assert browser.page is not None
    token = browser.page.form(form)["csrf_token"]
    reply = browser.send("POST", address, headers={"X-CSRFToken": token})
    assert reply.status_code == 200, reply.get_data(as_text=True)
    assert reply.mimetype == "application/json"
    return reply.get_data(as_text=True)


def use_passkey(browser: Browser, key: Authenticator, form: str = "/staff/sign-in/passkey") -> Page:
    """Answer with a passkey on the page the browser shows."""
    options = ask(browser, form, f"{form}/options")
    return browser.post(form, credential=key.get(options))


def in_production(app: Flask) -> None:
    """Let managers need a second step, as where records are real; the address stays that of the test."""
    settings: Settings = app.extensions["bv.settings"]
    app.extensions["bv.settings"] = replace(settings, mode=Mode.PRODUCTION)


def make_older(browser: Browser, *path: str, seconds: int) -> None:
    """Set a moment that the browser's cookie carries back, as if so many seconds had passed."""
    with browser.client.session_transaction() as cookie:
        held: Any = cookie
        for step in path[:-1]:
            held = held[step]
        held[path[-1]] -= seconds
        cookie.modified = True


def secret_on(page: Page) -> str:
    """The letters that the page for adding an app shows."""
    strong = [e for e in page.all(".//p[@class='bv-strong']") if e.text and " " in e.text]
    return unescape(strong[0].text or "").replace(" ", "")
