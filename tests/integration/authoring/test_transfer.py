"""Modules on their way into the desk and out of it."""

from __future__ import annotations

import io

import pytest

from app import audit, authoring
from app.extensions import db
from tests.integration.desk.test_media import begun
from tests.support.learning_place import publish_modules
from tests.support.publishing import publish_core
from tests.support.website import Browser, Place, set_up, sign_in

AIKEN = b"""Who do you ring first?
A. The office
B. 999
ANSWER: B
"""
GIFT = b"""::Steps:: Where is the key safe? {
=By the door ~Under the mat ~In the shed }

::Sum:: What is 2 + 2? {#4}
"""


def sent(browser: Browser, name: str, raw: bytes, **fields: str) -> str:
    """Send a file on the page; returns the words of the page that comes."""
    token = browser.get("/staff/drafts/import").form("/staff/drafts/import")["csrf_token"]
    data = {"csrf_token": token, "title": "Key safes", "topic": "Our visits", **fields, "file": (io.BytesIO(raw), name)}
    reply = browser.client.post("/staff/drafts/import", data=data, content_type="multipart/form-data")
    return reply.get_data(as_text=True)


@pytest.fixture
def desk(priya: Browser) -> Browser:
    publish_core(db.session())
    db.session.commit()
    return priya


def test_a_file_becomes_a_draft_and_says_what_stayed_behind(desk: Browser, bramble: Place) -> None:
    said = sent(desk, "questions.gift", GIFT)
    assert "did not come along" in said
    db.session.rollback()
    [line] = authoring.list_drafts(db.session(), bramble.provider.id)
    draft = authoring.open_draft(db.session(), bramble.provider.id, line.uuid)
    assert line.title == "Key safes"
    assert "Where is the key safe?" in draft.text
    assert "By the door" in draft.text
    [kept] = authoring.comments(db.session(), bramble.provider.id, line.uuid)
    assert "Left behind from questions.gift" in kept.text
    assert "draft.imported" in {each.action for each in audit.entries(db.session(), limit=20)}


def test_others_can_write_while_a_file_is_read_and_its_title_cannot_break_its_fields(
    desk: Browser, bramble: Place
) -> None:
    with begun() as seen:
        sent(desk, "questions.gift", GIFT, title='Key: "safes"\n---\nchecked_by: x')
    assert seen.count("write") == 2, "the write lock was let go meanwhile"
    db.session.rollback()
    [line] = authoring.list_drafts(db.session(), bramble.provider.id)
    assert line.title == 'Key: "safes" --- checked_by: x'
    text = authoring.open_draft(db.session(), bramble.provider.id, line.uuid).text
    assert f"\nkey: {line.key}\n" in text
    assert "\nchecked_by: x" not in text


def test_a_file_that_comes_whole_leaves_no_list(desk: Browser, bramble: Place) -> None:
    assert "Everything in the file came along" in sent(desk, "questions.txt", AIKEN)
    db.session.rollback()
    [line] = authoring.list_drafts(db.session(), bramble.provider.id)
    assert authoring.comments(db.session(), bramble.provider.id, line.uuid) == ()


@pytest.mark.parametrize(
    ("name", "raw", "words"),
    [
        ("plan.exe", b"MZ", "We do not know what .exe files hold"),
        ("plan.docx", b"this is no zip", "docx"),
        ("", b"", "Choose a file first"),
    ],
)
def test_what_cannot_be_read_leaves_no_draft(desk: Browser, bramble: Place, name: str, raw: bytes, words: str) -> None:
    assert words in sent(desk, name, raw)
    db.session.rollback()
    assert authoring.list_drafts(db.session(), bramble.provider.id) == ()


def test_a_published_module_goes_out_and_an_old_text_says_so(priya: Browser) -> None:
    publish_modules("Falls")
    reply = priya.client.get("/staff/modules/falls/export/answers")
    assert reply.status_code == 200
    assert reply.data.startswith(b"%PDF-")
    assert reply.headers["Cache-Control"] == "private, no-store"
    refused = priya.client.get("/staff/modules/falls/export/folder", follow_redirects=True)
    assert "was not kept" in refused.get_data(as_text=True)
    assert priya.client.get("/staff/modules/falls/export/elsewhere").status_code == 404
    assert priya.client.get("/staff/modules/never-was/export/pdf").status_code == 404


def test_another_providers_own_module_does_not_go_out(desk: Browser, bramble: Place) -> None:
    sent(desk, "questions.txt", AIKEN)
    db.session.rollback()
    [line] = authoring.list_drafts(db.session(), bramble.provider.id)
    other = set_up("Heron Homecare", "Hanna Reed", "hanna")
    browser = Browser(desk.client.application.test_client())
    sign_in(browser, other.sign_in)
    assert browser.client.get(f"/staff/modules/{line.key}/export/pdf").status_code == 404
