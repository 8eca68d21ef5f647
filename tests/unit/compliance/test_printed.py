"""A pack on paper: only a table with a word too long for its column may be cut at any letter."""

from __future__ import annotations

import pytest

from app.compliance.evidence.printed import sheet_of
from app.compliance.tables import table


@pytest.mark.parametrize(
    ("cell", "long"),
    [
        ("Moving and handling people safely in their own homes", False),
        ("a" * 24, False),
        ("x/" + "a" * 23, True),
        ("see https://example.org/fire-safety-certificate", True),
    ],
)
def test_a_long_word_may_be_cut_and_only_then(cell: str, long: bool) -> None:
    made = table("topics", "Topics", (("title", "Title"), ("note", "Note")), [("Fire", ""), ("Stroke", cell)])
    sheet = sheet_of(made, made.rows, 20)
    assert sheet.long_words is long
    assert sheet.rows == (("Fire", ""), ("Stroke", cell))


def test_only_what_is_printed_decides() -> None:
    made = table("topics", "Topics", (("title", "Title"),), [("Fire",), ("a" * 60,)])
    sheet = sheet_of(made, made.rows, 1)
    assert (sheet.long_words, sheet.left) == (False, 1)
