"""Answers that prove nothing sign nobody in: each in words at the door, and with its reason in the log."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from app.interop.openid import Client
from app.kernel import utc_now
from tests.integration.openid.doors import REFUSED, actions, is_signed_in, linked, set_off, through
from tests.support.openid import CLIENT, SECRET, START, query_of
from tests.support.openid_made_up import MadeUpProvider
from tests.support.second_step import make_older
from tests.support.website import Browser, Place, sign_in

LATE = "That took too long, or was begun in another window. Try again."
Token = Callable[[MadeUpProvider, dict[str, Any]], Any]


@pytest.fixture(autouse=True)
def _linked(bramble: Place, office: MadeUpProvider) -> None:
    """Everything here would sign the manager in, were it good."""
    linked(bramble, office)


# Times are seconds from now.
BAD_CLAIMS = {
    "another nonce": ({"nonce": "x" * 43}, "nonce"),
    "no nonce": ({"nonce": None}, "nonce"),
    "for another": ({"aud": "somebody-else"}, "aud"),
    "for nobody": ({"aud": None}, "aud"),
    "for several, and not said for whom": ({"aud": [CLIENT, "somebody-else"]}, "azp"),
    "given to another": ({"azp": "somebody-else"}, "azp"),
    "of another issuer": ({"iss": "https://evil.example"}, "iss"),
    "of the issuer with a slash": ({"iss": "{issuer}/"}, "iss"),
    "over": ({"exp": -120}, "exp"),
    "never over": ({"exp": None}, "exp"),
    "over in words": ({"exp": "tomorrow"}, "exp"),
    "of tomorrow": ({"iat": 86_400, "exp": 90_000}, "iat"),
    "not yet": ({"nbf": 86_400}, "nbf"),
    "about nobody": ({"sub": None}, "sub"),
    "about an empty name": ({"sub": ""}, "sub"),
    "about a number": ({"sub": 7}, "sub"),
    "about too long a name": ({"sub": "x" * 256}, "sub"),
    "about another access token": ({"at_hash": "x" * 22}, "at_hash"),
}


def filled(office: MadeUpProvider, name: str, value: Any) -> Any:
    if name in ("exp", "iat", "nbf") and isinstance(value, int):
        return int(utc_now().timestamp()) + value
    return value.format(issuer=office.issuer) if name == "iss" else value


@pytest.mark.parametrize(("claims", "named"), BAD_CLAIMS.values(), ids=BAD_CLAIMS)
def test_a_token_with_a_wrong_claim(
    office: MadeUpProvider, browser: Browser, caplog: pytest.LogCaptureFixture, claims: dict[str, Any], named: str
) -> None:
    there = set_off(browser)
    good = {**office.claims(there), **{name: filled(office, name, value) for name, value in claims.items()}}
    token = office.signed({name: value for name, value in good.items() if value is not None})
    with caplog.at_level(logging.WARNING):
        page = browser.get(office.back_with(there, token))
    assert REFUSED in page.text
    assert not is_signed_in(browser)
    assert "sign-in.done" not in actions()
    codes = [record.getMessage().removeprefix("OpenID provider: openid-") for record in caplog.records]
    assert any(named in code for code in codes), codes
    assert "dawn-1" not in caplog.text


def unsigned(_office: MadeUpProvider, claims: dict[str, Any]) -> str:
    parts = [base64.urlsafe_b64encode(json.dumps(each).encode()).rstrip(b"=") for each in ({"alg": "none"}, claims)]
    return b".".join([*parts, b""]).decode()


def with_the_secret(office: MadeUpProvider, claims: dict[str, Any]) -> str:
    key = OctKey.import_key(SECRET.ljust(32))
    return jwt.encode({"alg": "HS256", "kid": office.key.kid}, claims, key, algorithms=["HS256"])


def with_the_public_key(office: MadeUpProvider, claims: dict[str, Any]) -> str:
    # Made by hand: no library signs like that.
    parts = [
        base64.urlsafe_b64encode(json.dumps(each).encode()).rstrip(b"=").decode()
        for each in ({"alg": "HS256", "kid": office.key.kid}, claims)
    ]
    made = hmac.new(office.key.as_pem(private=False), ".".join(parts).encode(), hashlib.sha256).digest()
    return ".".join([*parts, base64.urlsafe_b64encode(made).rstrip(b"=").decode()])


def by_another_key(office: MadeUpProvider, claims: dict[str, Any]) -> str:
    return office.signed(claims, key=RSAKey.generate_key(2048, {"kid": office.key.kid}))


def by_a_key_it_brings(office: MadeUpProvider, claims: dict[str, Any]) -> str:
    key = RSAKey.generate_key(2048, {"kid": "brought"})
    return office.signed(claims, key=key, jwk=key.as_dict(private=False))


def changed(office: MadeUpProvider, claims: dict[str, Any]) -> str:
    head, _body, signature = office.signed(claims).split(".")
    other = base64.urlsafe_b64encode(json.dumps({**claims, "amr": ["mfa"]}).encode()).rstrip(b"=").decode()
    return ".".join([head, other, signature])


def as_a_list(office: MadeUpProvider, claims: dict[str, Any]) -> list[str]:
    return [office.signed(claims)]


def of_a_list(office: MadeUpProvider, claims: dict[str, Any]) -> str:
    return jwt.encode({"alg": "RS256", "kid": office.key.kid}, claims, office.key) + "." + office.signed(claims)


def too_long(office: MadeUpProvider, claims: dict[str, Any]) -> str:
    return office.signed({**claims, "more": "x" * 40_000})


FORGED: tuple[Token, ...] = (
    unsigned, with_the_secret, with_the_public_key, by_another_key, by_a_key_it_brings, changed, as_a_list, of_a_list,
    too_long, lambda *_: None, lambda *_: "", lambda *_: "a.b.c", lambda *_: "....", lambda *_: {"alg": "none"},
)  # fmt: skip


@pytest.mark.parametrize("forge", FORGED)
def test_a_token_nobody_signed(office: MadeUpProvider, browser: Browser, forge: Token) -> None:
    there = set_off(browser)
    page = browser.get(office.back_with(there, forge(office, office.claims(there))))
    assert REFUSED in page.text
    assert not is_signed_in(browser)


def test_the_same_steps_with_nothing_wrong_sign_in(office: MadeUpProvider, browser: Browser) -> None:
    """Or the tests above could not fail."""
    there = set_off(browser)
    assert browser.get(office.back_with(there, office.signed(office.claims(there, aud=[CLIENT])))).heading == "People"


def test_an_answer_this_browser_did_not_ask_for(app: Flask, office: MadeUpProvider, browser: Browser) -> None:
    """Whoever sends somebody a link with a code of their own would sign them in as themselves."""
    other = Browser(app.test_client())
    planted = office.back(set_off(other))
    assert LATE in browser.get(planted).text
    set_off(browser)
    assert REFUSED in browser.get(planted).text
    assert not is_signed_in(browser)


@pytest.mark.parametrize("state", ["", "&state=x", "&state={state}&state={state}", "&state={state}x"])
def test_a_state_that_is_not_the_one(office: MadeUpProvider, browser: Browser, state: str) -> None:
    there = set_off(browser)
    back, asked = office.back(there), query_of(there)
    address = back.partition("&state=")[0] + state.format(state=asked["state"])
    assert REFUSED in browser.get(address).text
    assert not is_signed_in(browser)


def test_a_state_is_good_once_also_for_a_copy_of_the_cookie(
    app: Flask, office: MadeUpProvider, browser: Browser
) -> None:
    there = set_off(browser)
    with browser.client.session_transaction() as cookie:
        copied = dict(cookie)
    thief = Browser(app.test_client())
    with thief.client.session_transaction() as cookie:
        cookie.update(copied)
    assert browser.get(office.back(there)).heading == "People"
    assert LATE in thief.get(office.back(there)).text
    assert not is_signed_in(thief)
    assert LATE in browser.get(office.back(there)).text


def test_a_state_lives_for_ten_minutes(office: MadeUpProvider, browser: Browser) -> None:
    back = office.back(set_off(browser))
    make_older(browser, "openid", "at", seconds=601)
    assert LATE in browser.get(back).text


def test_a_code_of_another_sign_in(office: MadeUpProvider, browser: Browser) -> None:
    """The code is bound to the browser that set off, by PKCE."""
    stolen = query_of(office.back(set_off(browser)))["code"]
    state = query_of(set_off(browser))["state"]
    assert REFUSED in browser.get(f"{START}/back?code={stolen}&state={state}").text


@pytest.mark.parametrize(("said", "names_itself"), [("https://evil.example", False), ("https://evil.example", True)])
def test_an_answer_of_another_provider(office: MadeUpProvider, browser: Browser, said: str, names_itself: bool) -> None:
    office.about["authorization_response_iss_parameter_supported"] = names_itself
    back = office.back(set_off(browser))
    asked = len(office.asked)
    assert REFUSED in browser.get(f"{back}&iss={said}").text
    assert len(office.asked) == asked, "no code is given to a provider that may not have made it"


def test_a_provider_that_names_itself_has_to(office: MadeUpProvider, browser: Browser) -> None:
    office.about["authorization_response_iss_parameter_supported"] = True
    assert REFUSED in browser.get(office.back(set_off(browser))).text
    back = office.back(set_off(browser))
    assert browser.get(f"{back}&iss={office.issuer}").heading == "People"


def test_who_turns_back_reads_so(office: MadeUpProvider, browser: Browser) -> None:
    state = query_of(set_off(browser))["state"]
    page = browser.get(f"{START}/back?error=access_denied&error_description=<b>evil</b>&state={state}")
    assert "Bramble Office did not sign you in." in page.text
    assert "evil" not in page.text


def test_a_new_key_is_asked_for(office: MadeUpProvider, browser: Browser) -> None:
    assert through(browser, office).heading == "People"
    office.turn_key()
    there = set_off(browser)
    client: Client = browser.client.application.extensions["bv.openid"]
    assert client._keys is not None
    # As if the keys had been fetched a minute ago.
    client._keys = (client._keys[0] - timedelta(minutes=1), client._keys[1])
    assert browser.get(office.back(there)).heading == "People"
    assert office.asked.count("/keys") == 2


def test_unknown_keys_make_us_ask_no_more_than_twice_a_minute(office: MadeUpProvider, browser: Browser) -> None:
    for _ in range(4):
        there = set_off(browser)
        browser.get(office.back_with(there, by_a_key_it_brings(office, office.claims(there))))
    assert office.asked.count("/keys") == 1


def test_guessing_at_the_way_out_ends(office: MadeUpProvider, browser: Browser) -> None:
    for _ in range(50):
        browser.send("GET", START)
    assert "Too many tries" in browser.get(START).text
    assert sign_in(browser, "priya").heading == "People"
