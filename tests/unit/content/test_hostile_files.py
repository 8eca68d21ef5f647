"""Files that are not what they should be: each is named with its line and the mend, and none takes the check down."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.content import Problem, load
from app.content.many import Kept, check_many
from tests.support.content import checked, example
from tests.support.library import Place

NOW = datetime(2026, 11, 22, tzinfo=UTC)
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)) * 40


def codes(raw: bytes) -> list[tuple[int, str]]:
    return [(problem.line, problem.code) for problem in checked(raw).problems if problem.stops]


def of_folder(place: Place) -> list[Problem]:
    library = load(place.root)
    return [problem for found in check_many(library, library.folders, now=NOW, kept=Kept(None)) for problem in found]


@pytest.mark.parametrize("form", ["utf-16", "utf-16-be", "utf-16-le"])
def test_utf_16_is_one_mistake_and_not_hundreds(form: str) -> None:
    raw = example().encode(form)
    if form != "utf-16":
        raw = example().encode("utf-16")[:2][:: 1 if form.endswith("le") else -1] + raw
    found = checked(raw).problems
    assert [(problem.line, problem.code, problem.suggestion) for problem in found] == [
        (1, "encoding", "Save the file as UTF-8.")
    ]


def test_a_picture_called_module_md_is_said_to_be_no_text() -> None:
    found = checked(PNG).problems
    assert (found[0].code, found[0].message) == ("encoding", "This file is not text.")
    assert len(found) < 6


def test_windows_newlines_and_a_byte_order_mark_are_as_good_as_none() -> None:
    assert checked(b"\xef\xbb\xbf" + example().replace("\n", "\r\n").encode()).problems == ()
    assert checked(example().replace("\n", "\r").encode()).problems == ()


def test_text_that_runs_the_other_way_is_named_and_taken_out() -> None:
    text = example().replace("Ask him how he feels", "Ask \u202ehim\u202c how he feels")
    found = checked(text)
    assert [problem.code for problem in found.problems] == ["hidden-character"]
    assert "\u202e" not in found.module.text


def test_a_label_with_a_letter_of_another_alphabet_says_which() -> None:
    text = example().replace("Id: stops-first", "\u0406d: stops-first")
    told = [problem for problem in checked(text).problems if problem.code == "look-alike"]
    assert [problem.line for problem in told] == [39]
    assert "cyrillic capital letter byelorussian-ukrainian i" in told[0].message


def test_words_of_other_alphabets_and_micrograms_are_fine() -> None:
    text = example().replace("Wait for the answer.", "\u0414\u043e\u0431\u0440\u044b\u0439 is hello. 50 \u03bcg.")
    assert checked(text).problems == ()


def test_a_huge_text_is_too_large_before_anybody_waits() -> None:
    began = time.process_time()
    found = checked((example() + "Long words again. " * 1_000_000).encode()).problems
    assert [problem.message for problem in found if problem.code == "too-large"] == [
        "The text has 18003 kB. The limit is 60 kB.", "Text and pictures have 18003 kB. The limit is 400 kB."
    ]  # fmt: skip
    assert time.process_time() - began < 20


def test_a_file_beyond_all_size_is_not_even_read(tmp_path: Path) -> None:
    place = Place(tmp_path / "content")
    with (place.module / "stairs.svg").open("wb") as file:
        file.truncate(30_000_000)
    [problem] = of_folder(place)
    assert (problem.code, problem.message) == ("file-unreadable", '"stairs.svg" cannot be read: File too large.')


def test_one_module_that_cannot_be_read_hides_no_other(tmp_path: Path) -> None:
    place = Place(tmp_path / "content")
    place.edit(("**Pick one.**", "**Pick won.**"))
    place.write("packs/core/stairs/broken/module.md", "x")
    (place.root / "packs/core/stairs/broken/loop.svg").symlink_to("loop.svg")
    (place.root / "packs/core/stairs/gone").mkdir()
    (place.root / "packs/core/stairs/gone/module.md").symlink_to("nowhere.md")
    assert "bold-unknown" in {problem.code for problem in of_folder(place)}


@pytest.mark.parametrize(
    ("name", "body", "words"),
    [
        ("stairs.svg", PNG, "not UTF-8"),
        ("stairs.svg", b"<html><body>no</body></html>", "not an SVG"),
        (
            "stairs.svg",
            b'<!DOCTYPE x [<!ENTITY a "b">]><svg xmlns="http://www.w3.org/2000/svg"/>',
            "which we do not serve",
        ),
        ("stairs.svg", b"", "cannot be read"),
    ],
    ids=["png", "html", "entities", "empty"],
)
def test_a_picture_that_is_none_is_named_where_it_is_used(name: str, body: bytes, words: str) -> None:
    [problem] = checked(example(), files={name: body}).problems
    assert problem.line == 21
    assert words in problem.message
