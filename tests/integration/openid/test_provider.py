"""A provider that is odd, slow, away or hostile: nobody waits long, nobody is signed in, and the password works."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from app.config import OpenIdSettings
from app.interop.openid import AnswerRefused, Client, ProviderAway
from app.interop.openid.line import Line
from app.kernel import utc_now
from tests.integration.openid.doors import REFUSED, linked, set_off, through
from tests.support.openid import BACK, CLIENT, SECRET, START
from tests.support.openid_made_up import MadeUpProvider
from tests.support.website import Browser, Place, sign_in

AWAY = "Bramble Office does not answer just now."


@pytest.fixture(autouse=True)
def _linked(bramble: Place, office: MadeUpProvider) -> None:
    """Everything here would sign the manager in, were it good."""
    linked(bramble, office)


def client_of(office: MadeUpProvider, seconds: float = 5, **changes: str) -> Client:
    values = {"issuer": office.issuer, "client_id": CLIENT, "client_secret": SECRET, "name": "X", **changes}
    return Client(OpenIdSettings(**values), BACK, line=Line(secure=False, seconds=seconds))  # type: ignore[arg-type]


ABOUT = "/.well-known/openid-configuration"


@pytest.mark.parametrize(
    "change",
    [
        {"issuer": "https://evil.example"},
        {"issuer": None},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"authorization_endpoint": "//evil.example/x"},
        {"token_endpoint": "file:///etc/passwd"},
        {"token_endpoint": None},
        {"jwks_uri": ["http://x"]},
        {"jwks_uri": "http://x/\r\nHost: y"},
        {"userinfo_endpoint": "ftp://x"},
        {"id_token_signing_alg_values_supported": ["none", "HS256"]},
        {"id_token_signing_alg_values_supported": "RS256"},
    ],
)
def test_a_provider_that_says_odd_things_of_itself(office: MadeUpProvider, change: dict[str, Any]) -> None:
    office.about.update(change)
    with pytest.raises(AnswerRefused):
        client_of(office).begin(now=utc_now())


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"[" * 100_000, b'"text"', b"\xff\xfe{}"])
def test_a_provider_that_answers_no_document(office: MadeUpProvider, browser: Browser, body: bytes) -> None:
    office.raw[ABOUT] = body
    assert REFUSED in browser.get(START).text


def test_one_that_sends_too_much_is_not_read_to_the_end(office: MadeUpProvider) -> None:
    office.raw[ABOUT] = b" " * 300_000 + b"{}"
    with pytest.raises(ProviderAway, match="more than it may"):
        client_of(office).begin(now=utc_now())


def test_one_that_drips_is_cut(office: MadeUpProvider) -> None:
    office.drip.add(ABOUT)
    began = utc_now()
    with pytest.raises(ProviderAway, match="too slow"):
        client_of(office, seconds=0.5).begin(now=began)
    assert (utc_now() - began).total_seconds() < 4


@pytest.mark.parametrize("where", ["http://127.0.0.1:1/", "http://169.254.169.254/latest", "/elsewhere"])
def test_one_that_sends_us_elsewhere_is_not_followed(office: MadeUpProvider, where: str) -> None:
    office.moved[ABOUT] = where
    with pytest.raises(ProviderAway, match="elsewhere"):
        client_of(office).begin(now=utc_now())
    assert office.asked == [ABOUT]


def test_with_https_nothing_is_asked_without() -> None:
    for address in ("http://127.0.0.1/x", "ftp://127.0.0.1/x", "https://", "nonsense", "https://[::1/x"):
        with pytest.raises(ProviderAway):
            Line(secure=True).get(address)


@pytest.mark.parametrize("reply", [b"null", b"[]", b"<html>", b'{"error": "invalid_grant"}', b"{}", b'{"error": {}}'])
def test_a_token_answer_that_is_none(office: MadeUpProvider, browser: Browser, reply: bytes) -> None:
    back = office.back(set_off(browser))
    office.raw["/token"] = reply
    assert REFUSED in browser.get(back).text


@pytest.mark.parametrize(
    "keys", [{}, {"keys": {}}, {"keys": []}, {"keys": ["x", {"kty": "oct", "k": "eA"}, {"kty": "RSA"}]}]
)
def test_keys_that_are_none(office: MadeUpProvider, browser: Browser, keys: dict[str, Any]) -> None:
    office.served["/keys"] = keys
    assert REFUSED in through(browser, office).text


def test_a_weak_key_is_none(office: MadeUpProvider, browser: Browser) -> None:
    weak = rsa.generate_private_key(65537, 1024)
    number = weak.public_key().public_numbers().n.to_bytes(128, "big")
    shown = {"kty": "RSA", "kid": "first", "e": "AQAB", "n": base64.urlsafe_b64encode(number).decode().rstrip("=")}
    office.served["/keys"] = {"keys": [shown]}
    assert REFUSED in through(browser, office).text


@pytest.mark.parametrize("path", [ABOUT, "/token", "/keys"])
def test_a_provider_in_trouble_leaves_the_password(
    office: MadeUpProvider, browser: Browser, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    office.status[path] = 503
    page = browser.get(START) if path == ABOUT else through(browser, office)
    assert AWAY in page.text
    assert "openid-away" in caplog.text
    assert sign_in(browser, "priya").heading == "People"


def test_a_provider_that_is_gone_leaves_the_password(office: MadeUpProvider, browser: Browser) -> None:
    back = office.back(set_off(browser))
    office.__exit__()
    assert AWAY in browser.get(back).text
    assert sign_in(browser, "priya").heading == "People"
