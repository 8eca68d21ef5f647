"""What differs between two texts: nothing of either is left out, and no text takes minutes."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.authoring.history import diff_lines, lines_now, words_between

TEXTS = st.lists(st.sampled_from(["", "a", "b", "c d"]), max_size=12).map("\n".join)


@given(old=TEXTS, new=TEXTS)
def test_a_difference_holds_both_texts_whole(old: str, new: str) -> None:
    lines = list(diff_lines(old, new))
    assert [each.text for each in lines if each.sign != "+"] == old.split("\n")
    assert [each.text for each in lines if each.sign != "-"] == new.split("\n")
    assert [each.before for each in lines if each.before] == list(range(1, old.count("\n") + 2))
    assert (words_between(old, new) == 0) == (old.split() == new.split())


def test_a_line_is_found_where_it_moved_to() -> None:
    assert lines_now("one\n\ntwo\n\nthree", "new\n\none\n\ntwo\n\nthree")[3] == 5
    assert 3 not in lines_now("one\n\ntwo", "one\n\n2")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("x\n\n" * 20_000, "y\n\n" * 20_000),
        ("a\n" * 50_000, "b\n" + "a\nc\n" * 50_000),
        ("a b " * 20_000, "b c a " * 20_000),
    ],
)
def test_texts_made_to_be_slow_are_not(old: str, new: str) -> None:
    # Comparing each line with each took hours.
    began = time.process_time()
    assert list(diff_lines(old, new))
    assert words_between(old, new)
    assert time.process_time() - began < 10
