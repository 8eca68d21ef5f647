"""The check page without scripts, and what it hands a phone to check by itself."""

from __future__ import annotations

import base64
import gzip
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine

from app import credentials
from app.credentials import Kind, Site, passport
from app.extensions import db
from app.kernel import utc_now
from app.web import assets
from app.web.public import check
from tests.support.credentials import ORIGIN, Issuing
from tests.support.statements import statements
from tests.support.website import KEY, Browser

SITE = Site(origin=ORIGIN, secret=KEY.encode())
PAGE = "/credentials/check"


@pytest.fixture
def bramble(app: Flask) -> Issuing:
    found = Issuing(db.session())
    found.passes()
    found.is_seen()
    found.signs()
    line(found)
    return found


def line(place: Issuing) -> None:
    credentials.bring_into_line(db.session(), place.provider.id, utc_now(), site=SITE)
    db.session.commit()


def asked(browser: Browser, **sent: Any) -> Any:
    """Send the form as a browser without scripts does."""
    browser.client.environ_base["wsgi.url_scheme"] = "https"
    browser.client.environ_base["HTTP_HOST"] = "care.example"
    browser._show(browser.send("GET", PAGE, base_url=ORIGIN))
    assert browser.page is not None
    hidden = browser.page.form(PAGE)
    headers = {"Referer": f"{ORIGIN}{PAGE}"}
    return browser.send("POST", PAGE, base_url=ORIGIN, data={**hidden, **sent}, headers=headers)


def words(browser: Browser, reply: Any) -> str:
    return " ".join(browser._show(reply).text.split())


def test_a_file_of_several_is_told_one_by_one(bramble: Issuing, browser: Browser) -> None:
    both = [bramble.signed(Kind.PRACTICE), bramble.signed(Kind.KNOWLEDGE)]
    credentials.revoke(db.session(), bramble.provider.id, both[1].view.uuid, "A slip", by=None, now=utc_now())
    db.session.commit()
    data = json.dumps(passport.presentation(both)).encode()
    said = words(browser, asked(browser, file=(io.BytesIO(data), "passport.json")))
    assert "Number 1 Valid now" in said
    assert "Number 2 Withdrawn" in said


def test_who_endorsed_it_is_told_of_this_server_s_own_in_either_form(bramble: Issuing, browser: Browser) -> None:
    signed = bramble.signed(Kind.PRACTICE)
    for text in (signed.jwt, json.dumps(json.loads(signed.document), indent=2)):
        said = words(browser, asked(browser, text=text))
        assert "Endorsed by Dawn Marsh. Assessor, named by Bramble Home Care: I state that I saw" in said
    browser._show(browser.send("GET", f"/credentials/{signed.view.uuid}", base_url=ORIGIN))
    assert "Endorsed by" in (browser.page.text if browser.page else "")
    reply = browser.send("GET", f"/credentials/{signed.view.uuid}/endorsements.json", base_url=ORIGIN)
    (document,) = json.loads(reply.data)["verifiableCredential"]
    base = f"/credentials/{bramble.provider.uuid}/assessors/{document['issuer']['id'].rpartition(':')[2]}"
    did = browser.send("GET", f"{base}/did.json", base_url=ORIGIN).get_json()
    assert (did["id"], did["controller"]) == (document["issuer"]["id"], document["issuer"]["parentOrg"]["id"])
    assert document["credentialStatus"]["statusListCredential"] == f"{ORIGIN}{base}/status/1"
    listed = json.loads(browser.send("GET", f"{base}/status/1", base_url=ORIGIN).data)
    assert listed["issuer"] == did["id"]


def test_what_endorses_nobody_is_not_there(bramble: Issuing, browser: Browser) -> None:
    other = f"{bramble.provider.uuid}/assessors/{bramble.dawn.person_uuid}"
    for path in (f"{other}/did.json", f"{other}/status/1", f"{bramble.provider.uuid}/endorsements.json"):
        assert browser.send("GET", f"/credentials/{path}", base_url=ORIGIN).status_code == 404, path
    db.session.rollback()


def test_a_stranger_s_credential_with_the_address_of_ours_borrows_no_endorsement(
    bramble: Issuing, browser: Browser
) -> None:
    thistle = Issuing(db.session(), "Thistle Care")
    signer = credentials.signer(db.session(), thistle.provider.id, thistle.provider.uuid, SITE, now=utc_now())
    db.session.commit()
    document = bramble.document(Kind.PRACTICE)
    document.pop("proof")
    document |= {"issuer": {"id": signer.did, "type": ["Profile"], "name": "Thistle Care"}}
    document.pop("credentialStatus")
    said = words(browser, asked(browser, text=credentials.securing.as_jwt(document, signer)))
    assert "Valid now Thistle Care signed it" in said
    assert "Endorsed by" not in said


def test_a_link_of_this_server_leads_to_its_page_and_another_is_told(bramble: Issuing, browser: Browser) -> None:
    uuid = bramble.live()[Kind.PRACTICE].uuid
    for link in (f"{ORIGIN}/credentials/{uuid}", f"{ORIGIN}/credentials/{uuid}.png"):
        reply = asked(browser, text=link)
        assert (reply.status_code, reply.location) == (303, f"/credentials/{uuid}")
    assert asked(browser, text=f"{ORIGIN}/p/{'a' * 22}").location == f"/p/{'a' * 22}"
    for link in (f"https://other.example/credentials/{uuid}", f"{ORIGIN}/credentials/check", f"{ORIGIN}/"):
        reply = asked(browser, text=link)
        assert reply.status_code == 400, link
        assert "That link is not one of this server" in words(browser, reply)


def test_a_file_of_many_is_given_up_before_it_costs_too_much(
    bramble: Issuing, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(check, "TOGETHER", -1.0)
    data = json.dumps(passport.presentation([bramble.signed(Kind.PRACTICE), bramble.signed(Kind.KNOWLEDGE)]))
    said = words(browser, asked(browser, text=data))
    assert "Number 1 Valid now" in said
    assert "Number 2 Not looked at" in said


def test_a_phone_is_given_every_issuer_with_keys_and_lists(bramble: Issuing, browser: Browser, app: Flask) -> None:
    signed = bramble.signed(Kind.PRACTICE)
    reply = browser.send("GET", "/credentials/known.json", base_url=ORIGIN)
    tag, codes = reply.headers["ETag"], []
    for _ in range(2):
        again = browser.send("GET", "/credentials/known.json", base_url=ORIGIN, headers={"If-None-Match": tag})
        tag = again.headers["ETag"]
        codes.append(again.status_code)
    # An hour may have begun between the first two.
    assert codes[1] == 304
    assert reply.headers["Cache-Control"] == "public, max-age=300"
    known = reply.get_json()
    (issuer,) = known["issuers"]
    assert known["complete"] is True
    assert issuer["did"] == json.loads(signed.document)["issuer"]["id"]
    assert issuer["document"]["id"] == issuer["did"]
    entry = json.loads(signed.document)["credentialStatus"]
    place = int(entry["statusListIndex"])
    assert [each["url"] for each in issuer["lists"]] == [entry["statusListCredential"]]
    assert bits(issuer)[place // 8] == 0
    credentials.revoke(db.session(), bramble.provider.id, signed.view.uuid, "A slip", by=None, now=utc_now())
    db.session.commit()
    after = browser.send("GET", "/credentials/known.json", base_url=ORIGIN).get_json()
    assert bits(after["issuers"][0])[place // 8] == 0x80 >> place % 8
    for word in ("Ngozi", "Dawn", "sealed"):
        assert word not in reply.text


def bits(issuer: dict[str, Any]) -> bytes:
    return gzip.decompress(base64.urlsafe_b64decode(issuer["lists"][0]["bits"] + "=="))


def test_how_many_statements_that_takes_does_not_depend_on_how_many_they_are(
    bramble: Issuing, browser: Browser
) -> None:
    def counted() -> int:
        bind = db.session().get_bind()
        assert isinstance(bind, Engine)
        with statements(bind) as made:
            browser.send("GET", "/credentials/known.json", base_url=ORIGIN)
        return len(made)

    counted()
    one = counted()
    for name in ("Thistle Care", "Clover Care"):
        other = Issuing(db.session(), name)
        other.is_seen()
        line(other)
    assert counted() == one


def test_the_page_s_own_worker_names_the_files_the_page_is_made_of(app: Flask, browser: Browser) -> None:
    reply = browser.send("GET", "/credentials/check-worker.js", base_url=ORIGIN)
    assert reply.mimetype == "text/javascript"
    listed = json.loads(re.match(r"const CHECK=(\{.*\});\n", reply.text)[1])  # type: ignore[index]
    page = browser.send("GET", PAGE, base_url=ORIGIN).text
    built = assets.Assets()
    assert listed["page"] == PAGE
    assert listed["files"] == [built(name) for name in check.FILES]
    for file in listed["files"]:
        assert file in page
    Path(app.instance_path, "worker-off").touch()
    off = browser.send("GET", "/credentials/check-worker.js", base_url=ORIGIN).text
    assert "unregister" in off
    assert "CHECK" not in off
