"""Editions and pictures: the same bytes for ever, in the shortest form the browser takes."""

import gzip
import hashlib
import json

import brotli
import pytest
from sqlalchemy.orm import Session

from app.web.api.files import ALTOGETHER, LARGEST
from tests.support.api import Caller
from tests.support.editions import edition
from tests.support.publishing import publish, publish_core, publish_picture
from tests.support.statements import statements

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


def lot(body: bytes) -> list[bytes | None]:
    """What a reply of several files holds, as a phone takes it apart."""
    first, _, rest = body.partition(b"\n")
    files: list[bytes | None] = []
    for length in json.loads(first):
        files.append(None if length is None else rest[:length])
        rest = rest[length or 0 :]
    assert rest == b""
    return files


@pytest.mark.parametrize(("accepted", "unpack"), [("br", brotli.decompress), ("gzip", gzip.decompress), ("", bytes)])
def test_several_files_come_in_one_reply(caller: Caller, inside: Session, accepted: str, unpack: type) -> None:
    shas = [publish(inside, edition()), publish_picture(inside, b"<svg>" + b"0" * 2_000 + b"</svg>")]

    reply = caller.client.get(f"/together/{','.join(shas)}", headers={"Accept-Encoding": accepted})

    found = lot(unpack(reply.data))
    assert [hashlib.sha256(each or b"").hexdigest() for each in found] == shas
    assert (reply.headers["Cache-Control"], reply.headers["Vary"]) == (FOR_EVER, "Accept-Encoding")
    assert "Set-Cookie" not in reply.headers


def test_what_is_missing_or_large_is_to_be_asked_for_by_itself(caller: Caller, inside: Session) -> None:
    small, large = publish_picture(inside), publish_picture(inside, b"<svg>" + b"0" * LARGEST + b"</svg>")

    reply = caller.client.get(f"/together/{large},{small},{'f' * 64}")

    found = lot(reply.data)
    assert [each is None for each in found] == [True, False, True]
    assert hashlib.sha256(found[1] or b"").hexdigest() == small
    assert reply.headers["Cache-Control"] == "no-store"


def test_many_that_are_large_keep_the_server_no_longer_than_a_lesson_or_two(caller: Caller, inside: Session) -> None:
    """Packing them takes seconds, and anybody may ask for the same ones in one order after another."""
    shas = [publish_picture(inside, f"<svg>{number:099000}</svg>".encode()) for number in range(5)]

    reply = caller.client.get(f"/together/{','.join(shas)}")

    found = lot(reply.data)
    assert [each is None for each in found] == [False] * 3 + [True] * 2
    assert len(reply.data) <= ALTOGETHER + 1_000
    assert reply.headers["Cache-Control"] == "no-store"


def test_how_many_come_makes_no_difference_to_the_database(caller: Caller, inside: Session) -> None:
    shas = [publish_picture(inside, f"<svg>{number}</svg>".encode()) for number in range(40)]

    engine = inside.get_bind().engine
    with statements(engine) as few:
        caller.client.get(f"/together/{','.join(shas[:2])}")
    with statements(engine) as many:
        caller.client.get(f"/together/{','.join(shas)}")

    assert len(few) == len(many) > 0


@pytest.mark.parametrize(
    "asked", ["", "short", "f" * 64, ",".join(["f" * 64] * 2), ",".join(f"{n:064}" for n in range(41))]
)
def test_a_list_of_files_that_makes_no_sense_is_not_found(caller: Caller, asked: str) -> None:
    reply = caller.client.get(f"/together/{asked}")

    assert reply.status_code == 404
    assert "immutable" not in reply.headers["Cache-Control"]
