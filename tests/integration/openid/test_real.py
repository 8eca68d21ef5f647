"""The same with a real OpenID provider: npm oidc-provider 8 on loopback."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from app import identity
from app.cli.doctor import check_openid
from app.config import Settings
from app.extensions import db
from app.interop.openid import Client
from tests.integration.openid.doors import accounts_of, is_signed_in, set_off
from tests.support.openid import START, RealProvider
from tests.support.website import PASSWORD, Browser, Page, Place, _running, set_up, settings_in, sign_in

DAWN = {"email": "dawn@thistle.example", "email_verified": True, "name": "Dawn Reid"}
ACCOUNTS = {
    "dawn": DAWN,
    "evil": {**DAWN, "name": "Not Dawn"},
    "unverified": {**DAWN, "email_verified": False},
}
FIRST = "/staff/sign-in/openid/first"


@pytest.fixture(params=["e-mail in the token", "e-mail on asking", "without a secret"])
def provider(request: pytest.FixtureRequest) -> Iterator[RealProvider]:
    strict, secret = request.param == "e-mail on asking", request.param != "without a secret"
    with RealProvider(ACCOUNTS, strict=strict, **({} if secret else {"secret": ""})) as found:  # type: ignore[arg-type]
        yield found


@pytest.fixture
def app(tmp_path: Path, empty_tables: Path, provider: RealProvider) -> Iterator[Flask]:
    shutil.copy(empty_tables, tmp_path / "test.sqlite")
    yield from _running(settings_in(tmp_path, openid=provider.settings))


@pytest.fixture
def thistle(app: Flask) -> Place:
    return set_up("Thistle Care", "Dawn Reid", "dawn@thistle.example")


def through(browser: Browser, provider: RealProvider, account: str, start: str = START) -> Page:
    return browser.get(provider.sign_in(set_off(browser, start), account).removeprefix("http://localhost"))


def test_staff_sign_in_with_it_and_nobody_else_by_an_e_mail_address(
    app: Flask, thistle: Place, provider: RealProvider, browser: Browser
) -> None:
    page = through(browser, provider, "unverified")
    assert "signs nobody in here yet" in page.text

    # Somebody who has got Dawn's address at the provider, and does not know her password.
    assert through(browser, provider, "evil").heading == "Is it you?"
    assert browser.post(FIRST, password="a guess at it").status == 400
    assert not is_signed_in(browser)
    assert accounts_of(thistle) == []

    dawns = Browser(app.test_client())
    assert through(dawns, provider, "dawn").heading == "Is it you?"
    assert dawns.post(FIRST, password=PASSWORD).heading == "People"
    assert accounts_of(thistle) == ["dawn@thistle.example"]
    dawns.post("/staff/sign-out")
    assert through(dawns, provider, "dawn").heading == "People"

    # The same address once more changes nothing: the account is another one.
    assert through(browser, provider, "evil").heading == "Is it you?"
    browser.post(FIRST, password=PASSWORD)
    assert accounts_of(thistle) == ["dawn@thistle.example"]


def test_a_code_is_good_once(thistle: Place, provider: RealProvider, browser: Browser, app: Flask) -> None:
    sign_in(browser, "dawn@thistle.example")
    back = provider.sign_in(set_off(browser, "/staff/security/openid/go"), "dawn")
    assert "knows you as dawn@thistle.example" in browser.get(back.removeprefix("http://localhost")).text
    thief = Browser(app.test_client())
    set_off(thief)
    assert "proves nothing" in thief.get(back.removeprefix("http://localhost")).text
    browser.get("/staff/security/openid")
    browser.post("/staff/security/openid")
    assert accounts_of(thistle) == ["dawn@thistle.example"]


def test_who_is_at_the_door_says_doctor(app: Flask, provider: RealProvider) -> None:
    settings: Settings = app.extensions["bv.settings"]
    assert [found.level.name for found in check_openid(settings)] == ["FINE"]
    provider.__exit__()
    [found] = check_openid(settings)
    assert (found.level.name, "password" in found.words) == ("LOOK", True)
    provider.__enter__()


def test_a_provider_that_starts_anew_with_another_key(
    app: Flask, thistle: Place, provider: RealProvider, browser: Browser
) -> None:
    through(browser, provider, "dawn")
    browser.post(FIRST, password=PASSWORD)
    client: Client = app.extensions["bv.openid"]
    assert client._keys is not None
    provider.__exit__()
    provider.key = "second"
    provider.__enter__()
    browser.post("/staff/sign-out")
    there = set_off(browser)
    # As if the keys had been fetched a minute ago.
    client._keys = (client._keys[0] - timedelta(minutes=1), client._keys[1])
    assert browser.get(provider.sign_in(there, "dawn").removeprefix("http://localhost")).heading == "People"
    assert identity.links_of(db.session(), thistle.manager.person_id)[0].last_used_at is not None
