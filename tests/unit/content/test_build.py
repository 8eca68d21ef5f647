"""A module becomes the same bytes everywhere, and they hold what phones and the server agreed on."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import brotli
import jsonschema
import pytest

from app.content import Quiz, build
from app.content.build import canonical, compress, whole
from app.content.render import Renderer
from app.learning import quiz_of
from app.learning.marking import mark
from tests.support.content import EXAMPLE, checked, example

GOLDEN = Path(__file__).parent / "example/edition.json"
ALONE = """
import sys
from pathlib import Path
from tests.support.content import checked
from app.content import build
folder = Path(sys.argv[1])
found = checked((folder / "module.md").read_bytes(), files={"stairs.svg": (folder / "stairs.svg").read_bytes()})
print(build(found.module, found.media).sha)
"""


def built() -> Any:
    found = checked(example())
    return build(found.module, found.media)


def question(name: str) -> dict[str, Any]:
    parts = built().data["parts"]
    return next(part["question"] for part in parts if part["id"] == name)


def test_the_example_gives_the_golden_edition() -> None:
    """If this fails on purpose, new editions get another SHA-256 than before: say so in the changelog."""
    assert json.loads(built().body) == json.loads(GOLDEN.read_bytes())
    assert built().body == GOLDEN.read_bytes().rstrip(b"\n")


def test_the_example_uses_all_seven_kinds() -> None:
    kinds = {part["question"]["kind"] for part in built().data["parts"] if part["kind"] == "question"}
    assert kinds == {"single", "multiple", "truefalse", "ordering", "matching", "reflection", "branching"}


@pytest.mark.parametrize("seed", ["0", "1", "4242"])
def test_another_folder_and_another_process_give_the_same_sha(tmp_path: Path, seed: str) -> None:
    for name in ("module.md", "stairs.svg"):
        (tmp_path / name).write_bytes((EXAMPLE / name).read_bytes())
    found = subprocess.run(
        [sys.executable, "-c", ALONE, str(tmp_path)],
        env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": ".", "TZ": "Asia/Tokyo", "LC_ALL": "C"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout.strip() == built().sha


def test_newlines_and_a_byte_order_mark_change_nothing() -> None:
    windows = b"\xef\xbb\xbf" + example().replace("\n", "\r\n").encode()
    found = checked(windows)
    assert found.problems == ()
    assert build(found.module, found.media).sha == built().sha


def test_the_source_hash_follows_text_and_pictures_but_not_unused_files() -> None:
    other_text = checked(example().replace("sixth", "seventh"))
    other_picture = checked(
        example(), files={"stairs.svg": (EXAMPLE / "stairs.svg").read_bytes().replace(b"Stairs", b"Steps")}
    )
    unused = checked(example(), files={"stairs.svg": (EXAMPLE / "stairs.svg").read_bytes(), "spare.webp": b"x"})
    sources = [build(found.module, found.media).source for found in (other_text, other_picture, unused)]
    assert sources[0] != built().source
    assert sources[1] != built().source
    assert sources[2] == built().source


def test_the_sha_names_the_bytes_and_the_bytes_are_canonical() -> None:
    edition = built()
    assert edition.sha == hashlib.sha256(edition.body).hexdigest()
    assert canonical(json.loads(edition.body)) == edition.body


def test_compressed_forms_hold_the_same_bytes_and_are_the_same_each_time() -> None:
    body = built().body
    br, gz = compress(body)
    assert br is not None
    assert gz is not None
    assert brotli.decompress(br) == gzip.decompress(gz) == body
    assert compress(body) == (br, gz)
    assert compress(b"x") == (None, None)


def test_withheld_answers_are_not_in_the_bytes_and_come_back_with_the_key() -> None:
    edition = built()
    shown = question("match-signs")
    assert {"pairs", "explain"}.isdisjoint(shown)
    assert b"Both matter" not in edition.body
    restored = next(q for q in whole(edition.data, edition.answer_key) if q["id"] == "match-signs")
    assert restored["pairs"] == {"a": "q", "b": "r"}
    assert restored["explain"] == "<p>Both matter.</p>"


@pytest.mark.parametrize("name", ["stops-first", "safer-stairs", "stand-above", "stop-in-order"])
def test_any_withheld_question_gives_nothing_away_and_can_be_marked_with_the_key(name: str) -> None:
    text = example().replace(f"Id: {name}", f"Id: {name}\nFeedback: after-sync")
    found = checked(text)
    edition = build(found.module, found.media)
    shown = next(part["question"] for part in edition.data["parts"] if part["id"] == name)
    assert "right" not in json.dumps(shown.get("options", []))
    assert {"order", "explain"}.isdisjoint(shown)
    quiz = Quiz(sha=edition.sha, key="k", number=1, edition=edition.data, answer_key=edition.answer_key)
    key = edition.answer_key[name]
    right: Any = [option["key"] for option in key.get("options", []) if option["right"]] or key.get("order")
    if shown["kind"] in ("single", "truefalse"):
        right = right[0]
    result = mark(quiz_of(quiz.edition, quiz.answer_key), {name: [right]})
    assert next(q.first for q in result.questions if q.id == name) == 100
    if "items" in shown:
        words = [item["html"] for item in shown["items"]]
        assert words == sorted(words)


def test_spare_answers_are_sorted_among_the_right_ones() -> None:
    assert [item["html"] for item in question("match-signs")["right"]] == [
        "Call the plumber",
        "He may be ill",
        "Report it",
    ]


def test_an_edition_has_the_agreed_shape() -> None:
    schema = json.loads((Path(__file__).parent / "edition.schema.json").read_text(encoding="utf-8"))
    jsonschema.validate(built().data, schema)


def test_reading_aloud_has_the_words_and_the_pictures_but_no_marks() -> None:
    text = built().data["parts"][0]["text"]
    assert "Stand below him, one step down." in text
    assert "Picture: Six stairs with a rail on the wall side." in text
    assert "Grey face, Ill" in text
    assert not set(text) & set("<>*|[")


def test_an_answer_that_looks_like_a_list_or_a_heading_stays_words() -> None:
    found = checked(
        example()
        .replace("Go and look for a chair", "5. Fetch a chair")
        .replace("Hurry him on before he falls", "# Hurry")
    )
    options = next(
        part["question"]["options"]
        for part in build(found.module, found.media).data["parts"]
        if part["id"] == "stops-first"
    )
    assert [option["html"] for option in options][::2] == ["# Hurry", "5. Fetch a chair"]


def test_a_decorative_picture_has_empty_alt_and_a_picture_its_size() -> None:
    found = checked(example().replace("![Six stairs with a rail on the wall side]", "![decorative]"))
    html = build(found.module, found.media).data["parts"][0]["html"]
    assert found.problems == ()
    assert 'alt=""' in html
    assert 'width="32"' in html
    assert 'height="20"' in html


def test_headings_inside_a_lesson_start_at_two() -> None:
    found = checked(example().replace("| Sign | What", "### Signs\n\n#### Small\n\n| Sign | What"))
    html = build(found.module, found.media).data["parts"][0]["html"]
    assert "<h2>Signs</h2>" in html
    assert "<h3>Small</h3>" in html


def test_a_sound_is_played_on_request_and_its_words_can_be_read() -> None:
    text = example().replace(
        "![Six stairs with a rail on the wall side](stairs.svg)", "![He says: wait a moment](call.mp3)"
    )
    found = checked(text, files={"call.mp3": b"ID3" + bytes(20)})
    lesson = build(found.module, found.media).data["parts"][0]
    assert found.problems == ()
    assert [file.kind for file in found.media] == ["sound"]
    attributes = f'aria-label="He says: wait a moment" controls="" preload="none" src="{found.media[0].address}"'
    assert f"<audio {attributes}></audio>" in lesson["html"]
    assert "Sound: He says: wait a moment" in lesson["text"]


def test_easier_words_fold_out_below_the_lesson_and_are_sanitised_like_it() -> None:
    text = example().replace(
        "### Question: Mr Okafor stops",
        "### Easier words\n\nStop with him. [x](javascript:x)\n\n### Question: Mr Okafor stops",
    )
    found = checked(text)
    part = build(found.module, found.media).data["parts"][0]

    assert part["html"].endswith('<div class="bv-more__body"><p>Stop with him. x</p></div></details>')
    assert "Stop with him" not in part["text"], "a reader of the whole lesson does not hear it twice"


def test_a_backslash_before_the_sign_shows_the_sign_alone() -> None:
    """The check tells authors to write it so."""
    assert Renderer().inline(r"under \<b> 5") == "under &lt;b&gt; 5"
    assert Renderer().block(r"\<script>") == "<p>&lt;script&gt;</p>"
