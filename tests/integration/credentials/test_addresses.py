"""What others check against: served to anybody, cacheable, and by the server's own name only."""

from __future__ import annotations

import io
import json

import pytest
from flask import Flask
from PIL import Image

from app import credentials
from app.credentials import Kind, Site, Verdict
from app.credentials.status import PLACES, unpacked
from app.extensions import db
from app.kernel import utc_now
from tests.support.credentials import ORIGIN, Issuing
from tests.support.website import KEY, Browser

SITE = Site(origin=ORIGIN, secret=KEY.encode())


@pytest.fixture
def bramble(app: Flask) -> Issuing:
    found = Issuing(db.session())
    found.passes()
    found.is_seen()
    line(found)
    return found


def line(place: Issuing) -> None:
    credentials.bring_into_line(db.session(), place.provider.id, utc_now(), site=SITE)
    db.session.commit()


def get(browser: Browser, path: str, **headers: str):  # type: ignore[no-untyped-def]
    return browser.send("GET", path, base_url=ORIGIN, headers=headers)


def test_the_did_document_holds_both_keys_with_absolute_ids(bramble: Issuing, browser: Browser) -> None:
    reply = get(browser, f"/credentials/{bramble.provider.uuid}/did.json")
    document = reply.get_json()
    did = f"did:web:care.example:credentials:{bramble.provider.uuid}"
    assert document["id"] == did
    assert document["assertionMethod"] == [f"{did}#ed25519-1", f"{did}#p256-1"]
    assert [each["type"] for each in document["verificationMethod"]] == ["Multikey", "JsonWebKey"]
    assert set(document["verificationMethod"][1]["publicKeyJwk"]) == {"kty", "crv", "x", "y"}
    assert reply.headers["Cache-Control"] == "public, max-age=300"
    assert reply.headers["Access-Control-Allow-Origin"] == "*"


def test_did_document_and_status_list_are_not_sent_twice_to_who_has_them(bramble: Issuing, browser: Browser) -> None:
    for path in ("did.json", "status/1"):
        address = f"/credentials/{bramble.provider.uuid}/{path}"
        first = get(browser, address)
        again = get(browser, address, **{"If-None-Match": first.headers["ETag"]})
        assert (first.status_code, again.status_code, again.data) == (200, 304, b"")


def test_the_status_list_is_long_enough_and_shows_what_was_revoked(bramble: Issuing, browser: Browser) -> None:
    signed = bramble.signed(Kind.KNOWLEDGE)
    entry = json.loads(signed.document)["credentialStatus"]
    assert entry["statusListCredential"] == f"{ORIGIN}/credentials/{bramble.provider.uuid}/status/1"
    path = entry["statusListCredential"].removeprefix(ORIGIN)
    place = int(entry["statusListIndex"])
    before = get(browser, path)
    bits = unpacked(json.loads(before.data)["credentialSubject"]["encodedList"])
    assert len(bits) * 8 == PLACES == 131_072
    assert not any(bits)
    credentials.revoke(db.session(), bramble.provider.id, signed.view.uuid, "A slip", by=None, now=utc_now())
    db.session.commit()
    after = get(browser, path)
    assert after.headers["ETag"] != before.headers["ETag"]
    bits = unpacked(json.loads(after.data)["credentialSubject"]["encodedList"])
    assert bits[place // 8] == 0x80 >> place % 8
    assert sum(bits) == bits[place // 8]


def test_a_badge_is_carried_in_four_forms_and_each_checks(bramble: Issuing, browser: Browser) -> None:
    uuid = bramble.live()[Kind.PRACTICE].uuid
    known = credentials.own(db.session(), SITE, now=utc_now())
    for form in ("jwt", "json", "png", "svg"):
        reply = get(browser, f"/credentials/{uuid}.{form}")
        assert "private" in reply.headers["Cache-Control"]
        checked = credentials.check(reply.data, known, now=utc_now())
        assert (checked.verdict, checked.person) == (Verdict.VALID, "Ngozi Obi"), form
        if form == "png":
            assert Image.open(io.BytesIO(reply.data)).size == (480, 480)
            assert len(reply.data) < 64 * 1024


def test_anybody_may_look_at_a_badge_and_check_a_file_without_scripts(bramble: Issuing, browser: Browser) -> None:
    uuid = bramble.live()[Kind.PRACTICE].uuid
    token = bramble.signed(Kind.PRACTICE).jwt
    browser.client.environ_base["wsgi.url_scheme"] = "https"
    browser.client.environ_base["HTTP_HOST"] = "care.example"
    page = browser._show(get(browser, f"/credentials/{uuid}"))
    assert "Valid now" in page.text
    assert "Dawn Marsh" in page.text
    browser._show(get(browser, "/credentials/check"))
    hidden = browser.page.form("/credentials/check") if browser.page else {}
    sent = {**hidden, "text": token}
    page = browser._show(
        browser.send(
            "POST", "/credentials/check", base_url=ORIGIN, data=sent, headers={"Referer": f"{ORIGIN}/credentials/check"}
        )
    )
    assert "Valid now" in page.text
    spoilt = {**hidden, "text": token[:-6] + "AAAAAA"}
    page = browser._show(
        browser.send(
            "POST",
            "/credentials/check",
            base_url=ORIGIN,
            data=spoilt,
            headers={"Referer": f"{ORIGIN}/credentials/check"},
        )
    )
    assert "Altered" in page.text
    assert "Ngozi" not in page.text
    nothing = browser.send(
        "POST", "/credentials/check", base_url=ORIGIN, data=hidden, headers={"Referer": f"{ORIGIN}/credentials/check"}
    )
    assert nothing.status_code == 400


def test_what_is_not_there_is_not_there(bramble: Issuing, browser: Browser) -> None:
    thistle = Issuing(db.session(), "Thistle Care")
    for path in (
        f"{thistle.provider.uuid}/did.json",
        f"{thistle.provider.uuid}/status/1",
        f"{bramble.provider.uuid}/status/2",
        f"{bramble.provider.uuid}.jwt",
        f"{bramble.provider.uuid}",
    ):
        assert get(browser, f"/credentials/{path}").status_code == 404, path
    db.session.rollback()
