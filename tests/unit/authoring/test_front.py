"""The desk sets its own fields and leaves every other byte as it is."""

from __future__ import annotations

import pytest

from app.authoring.front import quoted, with_fields

TEXT = """---
key: gate  # never changes
title: "A: gate"
edition: 1
sources:
  - "one"
  - "two"
checked_by:
pocket: >
  lift
  and push
---
## The gate

key: stays in the words
"""


def test_a_field_keeps_its_place_and_the_rest_its_bytes() -> None:
    changed = with_fields(TEXT, {"edition": "2", "checked_by": quoted('Dr "Lee", nurse'), "change": "minor"})
    assert changed == TEXT.replace("edition: 1", "edition: 2").replace(
        "checked_by:\n", 'checked_by: "Dr \\"Lee\\", nurse"\n'
    ).replace("  and push\n---", "  and push\nchange: minor\n---")


def test_a_value_over_several_lines_is_replaced_whole() -> None:
    changed = with_fields(TEXT, {"sources": quoted(["three"]), "pocket": None})
    assert '  - "one"' not in changed
    assert 'sources: ["three"]\nchecked_by:\n---' in changed


def test_setting_twice_is_setting_once() -> None:
    fields = {"edition": "7", "change": "major", "sources": quoted(["x"]), "pocket": None}
    once = with_fields(TEXT, fields)
    assert with_fields(once, fields) == once


@pytest.mark.parametrize(
    "text", ["", "no fields", "---\nkey: [\n---\n", "---\n{key: gate, edition: 1}\n---\n", "---\nx"]
)
def test_fields_that_cannot_be_read_are_left_to_the_check(text: str) -> None:
    assert with_fields(text, {"edition": "2"}) == text


def test_empty_fields_take_what_is_set() -> None:
    assert with_fields("---\n---\nwords", {"edition": "2"}) == "---\nedition: 2\n---\nwords"
