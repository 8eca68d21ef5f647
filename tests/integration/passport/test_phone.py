"""What a phone is told of its person's passport, and what it may ask for."""

from __future__ import annotations

import base64
import json
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app import audit, credentials, identity, providers
from app.credentials import Verdict
from app.extensions import db
from app.kernel import utc_now
from app.web.api.operations import PREFIX
from tests.integration.passport.conftest import SERVER
from tests.support.api import Caller
from tests.support.credentials import Issuing
from tests.support.passport import TOKEN
from tests.support.statements import statements
from tests.support.world import add_phone


@pytest.fixture
def ngozi(app: Flask, bramble: Issuing) -> Caller:
    return Caller(app, add_phone(db.session(), bramble.ngozi, now=utc_now()))


@pytest.fixture
def dawn(app: Flask, bramble: Issuing) -> Caller:
    return Caller(app, add_phone(db.session(), bramble.dawn, now=utc_now()))


def told(caller: Caller) -> dict[str, Any]:
    found: dict[str, Any] = caller.get("/passport", caller.phone.read).json  # type: ignore[assignment]
    return found


def asked(found: dict[str, Any], **more: Any) -> dict[str, Any]:
    items = [each["id"] for each in found["items"]]
    return {"id": str(uuid4()), "token": TOKEN, "items": items, "for": "Thistle Care", "days": 7, **more}


def test_a_phone_puts_the_tokens_together_again_and_each_checks(ngozi: Caller) -> None:
    found = told(ngozi)
    assert found["signs"] is True
    assert [(each["kind"], each["standard"]) for each in found["items"]] == [
        ("knowledge", 13),
        ("practice", 13),
        ("elective", None),
    ]
    known = credentials.own(db.session(), SERVER, now=utc_now())
    for each in found["items"]:
        parts = each["signed"]
        plain = [base64.urlsafe_b64encode(parts[name].encode()).rstrip(b"=").decode() for name in ("head", "body")]
        checked = credentials.check(".".join((*plain, parts["signature"])).encode(), known, now=utc_now())
        assert (checked.verdict, checked.name) == (Verdict.VALID, each["name"])


def test_it_is_not_sent_again_until_something_changed(ngozi: Caller, bramble: Issuing) -> None:
    first = ngozi.get("/passport", ngozi.phone.read)
    tag = first.headers["ETag"]
    assert ngozi.get("/passport", ngozi.phone.read, If_None_Match=tag).status_code == 304
    ngozi.post("/passport/links", asked(first.json), ngozi.phone.read)  # type: ignore[arg-type]
    again = ngozi.get("/passport", ngozi.phone.read, If_None_Match=tag)
    assert [link["for"] for link in again.json["links"]] == ["Thistle Care"]  # type: ignore[index]
    assert "token" not in str(again.json["links"])  # type: ignore[index]


def test_a_link_is_made_once_taken_back_and_opened_again(app: Flask, ngozi: Caller) -> None:
    sent = asked(told(ngozi))
    for _ in range(2):
        made = ngozi.post("/passport/links", sent, ngozi.phone.read)
        assert made.status_code == 201
        assert [each["id"] for each in made.json["links"]] == [sent["id"]]  # type: ignore[index]
    client = app.test_client()

    def status() -> int:
        return client.get(f"/p/{TOKEN}", base_url=SERVER.origin).status_code

    assert status() == 200
    taken = ngozi.post("/passport/links/end", {"id": sent["id"]}, ngozi.phone.read).json
    assert taken["links"][0]["taken_back"]  # type: ignore[index]
    assert status() == 404
    back = ngozi.post("/passport/links/again", {"id": sent["id"]}, ngozi.phone.read).json
    assert "taken_back" not in back["links"][0]  # type: ignore[index]
    assert status() == 200


def test_the_providers_trail_says_nothing_of_whom_somebody_shows_it_to(ngozi: Caller, bramble: Issuing) -> None:
    before = audit.entries(db.session())
    sent = asked(told(ngozi))
    ngozi.post("/passport/links", sent, ngozi.phone.read)
    for path in ("/passport/links/end", "/passport/links/again"):
        assert ngozi.post(path, {"id": sent["id"]}, ngozi.phone.read).status_code == 200
    assert ngozi.app.test_client().get(f"/p/{TOKEN}", base_url=SERVER.origin).status_code == 200
    db.session.rollback()
    assert audit.entries(db.session()) == before


def test_another_persons_link_is_not_there(ngozi: Caller, dawn: Caller) -> None:
    sent = asked(told(ngozi))
    ngozi.post("/passport/links", sent, ngozi.phone.read)
    assert told(dawn)["items"] == []
    for path in ("/passport/links/end", "/passport/links/again"):
        theirs = dawn.post(path, {"id": sent["id"]}, dawn.phone.read)
        never = dawn.post(path, {"id": str(uuid4())}, dawn.phone.read)
        assert (theirs.status_code, theirs.json["error"]) == (404, never.json["error"])  # type: ignore[index]
    # Nor can she show what is Ngozi's, or come to know that the token is taken.
    assert (
        dawn.post("/passport/links", {**sent, "id": str(uuid4()), "token": "e" * 22}, dawn.phone.read).status_code
        == 400
    )
    assert "taken_back" not in told(ngozi)["links"][0]


def test_after_the_phone_was_ended_its_old_tokens_read_nothing_and_new_ones_find_the_links(ngozi: Caller) -> None:
    ngozi.post("/passport/links", asked(told(ngozi)), ngozi.phone.read)
    old = ngozi.phone.read
    who = ngozi.phone
    args = db.session(), who.person_id, who.dev
    identity.end_phone(*args, now=utc_now())
    fresh = identity.renew_tokens(*args, provider_id=who.provider_id, now=utc_now())
    db.session.commit()
    assert ngozi.get("/passport", old).status_code == 401
    assert ngozi.post("/passport/links", {}, old).status_code == 401
    assert fresh.read
    again = ngozi.get("/passport", fresh.read)
    assert len(again.json["links"]) == 1  # type: ignore[index]


def test_who_has_left_still_reads_and_shows_what_the_provider_signed(ngozi: Caller, bramble: Issuing) -> None:
    providers.end_membership(db.session(), bramble.provider.id, bramble.ngozi.person_id, now=utc_now())
    db.session.commit()
    found = told(ngozi)
    assert [each["kind"] for each in found["items"]] == ["knowledge", "practice", "elective"]
    assert ngozi.post("/passport/links", asked(found), ngozi.phone.read).status_code == 201
    assert ngozi.app.test_client().get(f"/p/{TOKEN}", base_url=SERVER.origin).status_code == 200


def test_the_provider_signs_a_record_of_what_holds(ngozi: Caller, bramble: Issuing) -> None:
    def record() -> TestResponse:
        headers = {"Authorization": f"Bearer {ngozi.phone.read}"}
        return ngozi.app.test_client().get(f"{PREFIX}/passport/record", headers=headers)

    made = json.loads(record().data)
    assert len(made["credentialSubject"]["verifiableCredential"]) == 3
    for view in bramble.live().values():
        credentials.revoke(db.session(), bramble.provider.id, view.uuid, "A slip", by=None, now=utc_now())
    db.session.commit()
    assert (record().status_code, record().get_json()["error"]["code"]) == (400, "nothing-signed")


@pytest.mark.parametrize("path", ["/passport/links", "/passport/pdf", "/passport/links/end", "/passport/links/again"])
def test_the_token_that_only_sends_makes_no_link(ngozi: Caller, path: str) -> None:
    for token in (None, "nonsense", ngozi.phone.append):
        assert ngozi.post(path, asked(told(ngozi)), token).status_code == 401


@pytest.mark.parametrize(
    "change",
    [
        {"token": "../../../../etc/passwd"},
        {"token": "a" * 23},
        {"items": ["1"]},
        {"items": []},
        {"days": "7"},
        {"days": 1e9},
        {"id": "x"},
    ],
)
def test_what_cannot_be_a_link_is_refused(ngozi: Caller, change: dict[str, Any]) -> None:
    assert ngozi.post("/passport/links", asked(told(ngozi), **change), ngozi.phone.read).status_code == 400
    assert told(ngozi)["links"] == []


def test_a_pdf_brings_a_link_of_its_own(app: Flask, ngozi: Caller) -> None:
    sent = asked(told(ngozi))
    client = app.test_client()
    reply = client.post(f"{PREFIX}/passport/pdf", json=sent, headers={"Authorization": f"Bearer {ngozi.phone.read}"})
    assert (reply.status_code, reply.mimetype) == (200, "application/pdf")
    assert reply.data.startswith(b"%PDF-")
    (link,) = told(ngozi)["links"]
    assert (link["form"], link["looks"]) == ("pdf", [])


def test_statements_do_not_grow_with_what_there_is(ngozi: Caller, bramble: Issuing) -> None:
    def counted() -> int:
        with statements(db.engine) as found:
            told(ngozi)
        return len(found)

    few = counted()
    for number in range(4):
        sent = asked(told(ngozi), token=f"{number}" * 22)
        ngozi.post("/passport/links", sent, ngozi.phone.read)
        ngozi.app.test_client().get(f"/p/{sent['token']}", base_url=SERVER.origin)
    assert counted() <= few + 3, "what links show, when they were taken back, who looked"
