"""Who helped to write a module is named below its last lesson, in the edition, and on paper; nowhere else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema

from app.content import build
from app.content.exports import module_page
from tests.support.content import checked, example

WHO = 'licence: CC-BY-4.0\ncredits: ["Bramble <Care>", "Oak & Ash"]'


def built(text: str) -> Any:
    found = checked(text)
    assert "field-wrong" not in {problem.code for problem in found.problems}
    return build(found.module, found.media)


def test_who_helped_stands_below_the_last_lesson_as_words() -> None:
    plain = built(example())
    made = built(example().replace("licence: CC-BY-4.0", WHO, 1))

    assert made.data["credits"] == ["Bramble <Care>", "Oak & Ash"]
    lessons = [part["html"] for part in made.data["parts"] if part["kind"] == "lesson"]
    before = [part["html"] for part in plain.data["parts"] if part["kind"] == "lesson"]
    assert lessons[:-1] == before[:-1]
    assert lessons[-1] == before[-1] + (
        '<p class="bv-soft bv-small">With words by Bramble &lt;Care&gt;, Oak &amp; Ash.</p>'
    )
    assert "Bramble" not in made.data["parts"][-1].get("text", "")
    assert "With words by Bramble &lt;Care&gt;, Oak &amp; Ash." in module_page(made.data, {})
    jsonschema.validate(
        dict(made.data), json.loads((Path(__file__).parent / "edition.schema.json").read_text(encoding="utf-8"))
    )


def test_where_nobody_is_named_nothing_changes() -> None:
    made = built(example())
    assert "credits" not in made.data
    assert (
        built(example().replace("licence: CC-BY-4.0", "licence: CC-BY-4.0\ncredits: []", 1)).data["parts"]
        == (made.data["parts"])
    )


def test_a_crowd_or_a_whole_sentence_is_refused() -> None:
    many = json.dumps([f"Provider {number}" for number in range(21)])
    for wrong in (many, json.dumps(["x" * 121])):
        found = checked(example().replace("licence: CC-BY-4.0", f"licence: CC-BY-4.0\ncredits: {wrong}", 1))
        assert "field-wrong" in {problem.code for problem in found.problems if problem.stops}
