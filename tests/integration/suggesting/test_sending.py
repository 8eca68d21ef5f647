"""A suggestion on its way to a server that may be gone, slow, hostile or of another opinion. Time is passed in."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from uuid import UUID

import pytest
from flask import Flask

from app.cli import suggestions_job
from app.content import queries as content
from app.extensions import db
from app.interop import suggesting
from app.interop.suggesting import State, SuggestionLine
from app.interop.suggesting.models import Suggestion
from tests.support.site import free_port
from tests.support.suggesting import BETTER, MODULE, REASON, WAS, OwnServer
from tests.support.website import Place

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
RECEIPT = "A" * 22
GOOD = json.dumps({"format": 1, "kind": "suggestion-receipt", "receipt": RECEIPT}).encode()


class Publisher:
    """A server on loopback that answers as a test says, and keeps what it was sent."""

    def __init__(self) -> None:
        self.status, self.body, self.headers = 201, GOOD, {}
        self.sent: list[bytes] = []
        self.asked: list[str] = []
        publisher = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                publisher.sent.append(self.rfile.read(int(self.headers["Content-Length"])))
                self.answer()

            def do_GET(self) -> None:
                self.answer()

            def answer(self) -> None:
                publisher.asked.append(self.path)
                self.send_response(publisher.status)
                for name, value in publisher.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(publisher.body)))
                self.end_headers()
                self.wfile.write(publisher.body)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", free_port()), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}"


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    made = Publisher()
    thread = threading.Thread(target=made.server.serve_forever, daemon=True)
    thread.start()
    yield made
    made.server.shutdown()
    made.server.server_close()
    thread.join(10)


@pytest.fixture
def waiting(app: Flask, bramble: Place, server: OwnServer, publisher: Publisher) -> UUID:
    """A suggestion for that server, to be sent."""
    app.extensions["bv.settings"] = replace(app.extensions["bv.settings"], follow="any")
    session, provider = db.session(), bramble.provider.id
    [edition] = content.editions_of(session, MODULE)
    uuid = suggesting.start(session, provider, edition, now=NOW)
    text = server.text.replace(WAS, BETTER)
    suggesting.save(session, provider, uuid, text=text, reason=REASON, credit=True, now=NOW)
    session.query(Suggestion).one().address = publisher.address
    session.flush()
    suggesting.ask(session, provider, uuid, person="Priya Nair", now=NOW)
    session.commit()
    return uuid


def line(bramble: Place) -> SuggestionLine:
    db.session.rollback()
    db.session.expire_all()
    [found] = suggesting.list_own(db.session(), bramble.provider.id)
    return found


def test_it_is_sent_once_with_what_the_publisher_needs(waiting: UUID, publisher: Publisher, bramble: Place) -> None:
    assert suggestions_job.due(NOW) == f"A suggestion went to {publisher.address}."
    assert suggestions_job.due(NOW + timedelta(hours=2)) is None

    [body] = publisher.sent
    made = suggesting.read(body)
    assert (made.id, made.module, made.by.person, made.licence) == (waiting, MODULE, "Priya Nair", "CC-BY-4.0")
    assert line(bramble).state is State.SENT
    # The name was for them, and is not kept here.
    assert db.session.query(Suggestion).one().person is None


@pytest.mark.parametrize(
    ("status", "headers", "why"),
    [
        (302, {"Location": "http://127.0.0.1/inside"}, "sends us elsewhere, where we do not go"),
        (503, {}, "answered 503"),
        (429, {}, "did not take it in"),
        (200, {"Content-Encoding": "gzip"}, "came packed"),
    ],
)
def test_trouble_is_told_and_it_is_tried_again_in_an_hour(
    waiting: UUID, publisher: Publisher, bramble: Place, status: int, headers: dict[str, str], why: str
) -> None:
    publisher.status, publisher.headers = status, headers

    assert why in (suggestions_job.due(NOW) or "")
    assert why in line(bramble).trouble
    assert suggestions_job.due(NOW + timedelta(minutes=59)) is None
    assert len(publisher.sent) == 1

    publisher.status, publisher.headers = 201, {}
    assert suggestions_job.due(NOW + timedelta(hours=1)) == f"A suggestion went to {publisher.address}."
    assert publisher.sent[0] == publisher.sent[1].replace(b'"2026-11-23T13:', b'"2026-11-23T12:')
    assert (line(bramble).state, line(bramble).trouble) == (State.SENT, "")


@pytest.mark.parametrize(
    "body", [b"", b"<html>Sign in to the Wi-Fi</html>", GOOD.replace(b"AAAA", b"/../"), b"[" * 3000]
)
def test_an_answer_that_is_no_receipt_is_not_believed(
    waiting: UUID, publisher: Publisher, bramble: Place, body: bytes
) -> None:
    """A café's portal answers 200 too."""
    publisher.status, publisher.body = 200, body
    suggestions_job.due(NOW)
    assert line(bramble).state is State.SENDING

    publisher.status = 201
    assert "in a way that cannot be read" in (suggestions_job.due(NOW + timedelta(hours=1)) or "")
    assert line(bramble).state is State.SENDING


def test_what_is_refused_is_told_in_their_words_and_can_be_mended(
    waiting: UUID, publisher: Publisher, bramble: Place
) -> None:
    publisher.status, publisher.body = 409, json.dumps({"words": "Edition 1 reads another way here."}).encode()
    suggestions_job.due(NOW)

    found = line(bramble)
    assert found.trouble == f"{publisher.address} did not take it in: Edition 1 reads another way here."
    assert found.state is State.WRITING
    assert suggestions_job.due(NOW + timedelta(days=1)) is None


@pytest.mark.parametrize("body", [b"<h1>No</h1>", b'{"words": "a\\u0000b"}', b'{"words": "' + b"x" * 100_000 + b'"}'])
def test_a_refusal_that_is_poison_is_told_by_its_number(
    waiting: UUID, publisher: Publisher, bramble: Place, body: bytes
) -> None:
    publisher.status, publisher.body = 409, body
    suggestions_job.due(NOW)
    assert line(bramble).trouble == f"{publisher.address} did not take it in (409)."


def test_where_there_is_no_inbox_a_file_is_the_way(waiting: UUID, publisher: Publisher, bramble: Place) -> None:
    publisher.status = 404
    suggestions_job.due(NOW)
    assert "takes in no suggestions. Save yours as a file" in line(bramble).trouble
    assert line(bramble).state is State.WRITING


def test_after_a_week_it_is_left_to_a_person(waiting: UUID, publisher: Publisher, bramble: Place) -> None:
    publisher.status = 503
    for day in range(12):
        suggestions_job.due(NOW + timedelta(days=day))
    assert len(publisher.sent) == 9
    assert line(bramble).state is State.WRITING


def test_the_answer_is_asked_for_once_a_day_until_it_is_there(
    waiting: UUID, publisher: Publisher, bramble: Place
) -> None:
    suggestions_job.due(NOW)
    told = {"format": 1, "kind": "suggestion-answer", "state": "waiting", "edition": None, "words": None}
    publisher.status, publisher.body = 200, json.dumps(told).encode()
    publisher.asked.clear()

    for hours in (23, 24, 30, 48):
        suggestions_job.due(NOW + timedelta(hours=hours))
    assert publisher.asked == [f"/catalogue/suggestions/{RECEIPT}.json"] * 2
    for body in (b"{}", json.dumps({**told, "state": "taken", "edition": -1}).encode(), b"[" * 3900):
        publisher.body = body
        assert "cannot be read" in (suggestions_job.due(NOW + timedelta(days=len(publisher.asked) + 5)) or "")
    publisher.body = json.dumps({**told, "state": "not-taken", "words": "The guide says otherwise."}).encode()
    suggestions_job.due(NOW + timedelta(days=30))

    found = line(bramble)
    assert (found.state, found.answer_words) == (State.NOT_TAKEN, "The guide says otherwise.")
    publisher.asked.clear()
    suggestions_job.due(NOW + timedelta(days=60))
    assert publisher.asked == []


def test_a_publisher_that_is_gone_leaves_what_was_sent_as_sent(
    waiting: UUID, publisher: Publisher, bramble: Place
) -> None:
    suggestions_job.due(NOW)
    publisher.status = 404
    suggestions_job.due(NOW + timedelta(days=2))
    found = line(bramble)
    assert found.state is State.SENT
    assert "There is nothing at" in found.trouble
