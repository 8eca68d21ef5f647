"""Editions and pictures: the same bytes for ever, in the shortest form the browser takes."""

import gzip
import hashlib
import json

import brotli
import pytest
from sqlalchemy.orm import Session

from tests.support.api import Caller
from tests.support.editions import edition
from tests.support.publishing import publish, publish_core, publish_picture

FOR_EVER = "public, max-age=31536000, immutable"


@pytest.mark.parametrize(
    ("accepted", "encoding", "unpack"),
    [
        ("br, gzip", "br", brotli.decompress),
        ("gzip, deflate", "gzip", gzip.decompress),
        ("", None, bytes),
        ("br;q=0, gzip", "gzip", gzip.decompress),
    ],
)
def test_an_edition_has_the_bytes_its_address_names(
    caller: Caller, inside: Session, accepted: str, encoding: str | None, unpack: type
) -> None:
    sha = publish(inside, edition())

    reply = caller.client.get(f"/e/{sha}", headers={"Accept-Encoding": accepted})

    assert (reply.status_code, reply.mimetype) == (200, "application/json")
    assert reply.headers.get("Content-Encoding") == encoding
    assert hashlib.sha256(unpack(reply.data)).hexdigest() == sha
    assert reply.headers["Cache-Control"] == FOR_EVER
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    assert reply.headers["Vary"] == "Accept-Encoding"
    assert "Set-Cookie" not in reply.headers


def test_the_glossary_lies_beside_the_editions(caller: Caller, inside: Session) -> None:
    publish_core(inside)
    sha = caller.get("/catalogue", caller.phone.read).json["glossary"]["sha"]  # type: ignore[index]

    assert "sepsis" in json.loads(caller.client.get(f"/e/{sha}").data)["words"]


def test_a_picture_opened_alone_can_do_nothing(caller: Caller, inside: Session) -> None:
    sha = publish_picture(inside)

    reply = caller.client.get(f"/m/{sha}.svg")

    assert (reply.status_code, reply.mimetype) == (200, "image/svg+xml")
    assert reply.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert reply.headers["Cache-Control"] == FOR_EVER


def test_a_picture_answers_at_its_own_ending_only(caller: Caller, inside: Session) -> None:
    sha = publish_picture(inside)

    assert [caller.client.get(f"/m/{sha}.{ending}").status_code for ending in ("svg", "mp3", "html")] == [200, 404, 404]


def test_a_piece_of_a_file_can_be_asked_for(caller: Caller, inside: Session) -> None:
    sha = publish_picture(inside, b"<svg>0123456789</svg>")

    reply = caller.client.get(f"/m/{sha}.svg", headers={"Range": "bytes=0-4"})

    assert (reply.status_code, reply.data) == (206, b"<svg>")


def test_who_has_a_file_is_not_sent_it_again(caller: Caller, inside: Session) -> None:
    sha = publish(inside, edition())
    tag = caller.client.get(f"/e/{sha}").headers["ETag"]

    assert caller.client.get(f"/e/{sha}", headers={"If-None-Match": tag}).status_code == 304


@pytest.mark.parametrize(
    "address", [f"/e/{'f' * 64}", "/e/short", f"/m/{'f' * 64}.svg", "/e/%00", "/m/%00.svg", "/m/x", "/learn/%00"]
)
def test_what_is_not_there_is_not_found_and_not_kept(caller: Caller, address: str) -> None:
    reply = caller.client.get(address)

    assert reply.status_code == 404
    assert "immutable" not in reply.headers["Cache-Control"]
