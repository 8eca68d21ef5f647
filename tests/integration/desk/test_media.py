"""A picture is made small, described and kept; a bad file is refused in words, and the text beside it is not lost."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Connection, event

from app import audit
from app.extensions import db
from tests.integration.desk.conftest import AtTheDesk
from tests.support.website import Page, look_at
from tests.unit.web.test_smaller import FRAME, bomb, photo

ALT = "Six stairs with a rail"


def send(desk: AtTheDesk, body: bytes | None, name: str = "Rail.JPG", *, script: bool = True, **fields: Any) -> Any:
    """Send a file as the form does, to a script's ears or to a person's."""
    page = desk.browser.get(desk.address)
    own = page.form(desk.address)
    data = {"alt": ALT, **own, "text": desk.draft.text, **fields}
    if body is not None:
        data["file"] = (io.BytesIO(body), name)
    headers = {"Accept": "application/json"} if script else {}
    return desk.browser.send("POST", f"{desk.address}/media", data=data, headers=headers)


def names(desk: AtTheDesk) -> list[str]:
    return [media.name for media in desk.draft.media]


def test_a_photo_is_kept_small_with_the_line_that_shows_it(desk: AtTheDesk) -> None:
    reply = send(desk, photo())

    assert reply.json["markdown"] == f"![{ALT}](rail.webp)"
    [kept] = [media for media in desk.draft.media if media.name == "rail.webp"]
    assert kept.type == "image/webp"
    assert kept.bytes < 90_000
    newest = audit.entries(db.session(), limit=1)[0]
    assert newest.action == "draft.media-added"


def test_a_sound_wants_the_words_that_are_said(desk: AtTheDesk) -> None:
    refused = send(desk, FRAME * 50, "Call.mp3", alt="", decorative="decorative")
    assert refused.status_code == 422
    assert refused.json == {"message": "Write the words that are said, for who cannot hear it.", "field": "alt"}

    assert send(desk, FRAME * 50, "Call.mp3", alt="Hello, it is me").json["markdown"] == "![Hello, it is me](call.mp3)"


def test_a_picture_wants_its_words_or_says_that_it_teaches_nothing(desk: AtTheDesk) -> None:
    assert send(desk, photo(), alt=" a ").json["field"] == "alt"
    assert send(desk, photo(), alt="", decorative="decorative").json["markdown"] == "![decorative](rail.webp)"


def test_words_cannot_break_out_of_their_line(desk: AtTheDesk) -> None:
    said = send(desk, photo(), alt="Six](x) [stairs\n\n## A heading").json["markdown"]

    assert said == "![Six)(x) (stairs ## A heading](rail.webp)"


@pytest.mark.parametrize(
    ("body", "name", "words"),
    [
        (None, "", "Choose a picture or a sound first."),
        (b"", "a.png", "empty"),
        (b"MZ" + b"\0" * 99, "../../innocent.png", "not a picture or sound"),
        (bomb(20_000, 20_000), "a.png", "too many pixels"),
        (b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><a href="x"/></svg>', "a.svg", "<a>"),
    ],
    ids=["none", "empty", "program", "bomb", "svg"],
)
def test_a_bad_file_is_refused_and_every_word_is_kept(
    desk: AtTheDesk, body: bytes | None, name: str, words: str
) -> None:
    reply = send(desk, body, name)
    assert reply.status_code == 422
    assert words in reply.json["message"]

    page: Page = look_at(send(desk, body, name, script=False, text="Words typed just before."))

    assert page.status == 422
    assert words in page.text
    assert page.all(".//input[@name='alt']")[0].get("value") == ALT
    assert desk.draft.text == "Words typed just before."
    assert names(desk) == ["stairs.svg"]


def test_with_scripts_off_the_line_to_write_is_shown(desk: AtTheDesk) -> None:
    reply = send(desk, photo(), script=False, text="Words typed just before.")

    assert reply.status_code == 302
    page = desk.browser.get(desk.address)
    assert f"Write this line where it belongs: ![{ALT}](rail.webp)" in page.text
    assert desk.draft.text == "Words typed just before."
    assert names(desk) == ["rail.webp", "stairs.svg"]


def test_the_same_name_twice_is_two_files(desk: AtTheDesk) -> None:
    send(desk, photo())
    send(desk, photo(size=(500, 500)))

    assert names(desk) == ["rail-2.webp", "rail.webp", "stairs.svg"]


def test_a_picture_is_taken_out_and_the_text_is_kept(desk: AtTheDesk) -> None:
    desk.browser.get(desk.address)

    page = desk.browser.post(desk.address, text=desk.draft.text)
    own = page.form(desk.address)
    fields = {**own, "text": "Words typed just before.", "name": "stairs.svg"}
    reply = desk.browser.send("POST", f"{desk.address}/media/remove", data=fields)

    assert reply.status_code == 302
    assert (names(desk), desk.draft.text) == ([], "Words typed just before.")
    assert "stairs.svg is taken out." in desk.browser.get(desk.address).text


@contextmanager
def begun() -> Iterator[list[str]]:
    """How transactions begin within the block, to write or to read, with what is written to the table of pictures."""
    seen: list[str] = []

    def begins(connection: Connection) -> None:
        seen.append("write" if connection.get_execution_options().get("write") else "read")

    def says(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith(("INSERT INTO draft_media", "UPDATE draft_media")):
            seen.append("a picture")

    event.listen(db.engine, "begin", begins)
    event.listen(db.engine, "before_cursor_execute", says)
    try:
        yield seen
    finally:
        event.remove(db.engine, "begin", begins)
        event.remove(db.engine, "before_cursor_execute", says)


def test_others_can_write_while_a_photo_is_made_smaller_and_after_the_text_is_saved(desk: AtTheDesk) -> None:
    # SQLite has one writer. One that reads first fails at once when another came between.
    for script in (True, False):
        with begun() as seen:
            send(desk, photo(), script=script)
        picture = seen.index("a picture")
        assert seen[picture - 1] == "write"
        assert seen[:picture].count("write") > 1, "it was let go meanwhile"

    own = desk.browser.get(desk.address).form(desk.address)
    fields = {**own, "text": "Words typed just before.", "name": "stairs.svg"}
    with begun() as seen:
        desk.browser.send("POST", f"{desk.address}/media/remove", data=fields)
    assert seen[seen.index("a picture") - 1] == "write"


def test_a_body_beyond_the_limit_is_answered_in_words(desk: AtTheDesk) -> None:
    page = desk.browser.get(desk.address)
    token = page.form(desk.address)["csrf_token"]
    headers = {"Content-Type": "multipart/form-data; boundary=b", "X-CSRFToken": token}

    reply = desk.browser.send("POST", f"{desk.address}/media", data=b"--b\r\n" + b"x" * 9_000_000, headers=headers)

    assert reply.status_code == 413
    assert look_at(reply).heading == "This file is too big"
    assert names(desk) == ["stairs.svg"]
