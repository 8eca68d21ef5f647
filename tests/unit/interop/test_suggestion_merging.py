"""A suggestion is put onto today's text line by line; what both sides changed is told, and today's words stay."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.interop.suggesting import merge

BASE = "one\ntwo\nthree\nfour\nfive\nsix"
LINES = st.lists(st.sampled_from(["a", "b", "c", "d", "", "e f"]), max_size=12).map("\n".join)


def test_changes_in_different_places_are_both_kept() -> None:
    made = merge(BASE, BASE.replace("two", "two, today"), BASE.replace("five", "five, suggested"))

    assert made.text == "one\ntwo, today\nthree\nfour\nfive, suggested\nsix"
    assert made.conflicts == ()


def test_where_both_changed_a_line_todays_stays_and_the_other_is_told() -> None:
    made = merge(BASE, BASE.replace("three", "3"), BASE.replace("three", "III"))

    assert made.text == BASE.replace("three", "3")
    [conflict] = made.conflicts
    assert (conflict.line, conflict.today, conflict.suggested) == (3, "3", "III")


def test_the_same_change_on_both_sides_is_no_conflict() -> None:
    changed = BASE.replace("three", "3")
    made = merge(BASE, changed, changed)
    assert (made.text, made.conflicts) == (changed, ())


def test_a_line_taken_out_here_and_changed_there_is_told_at_its_place() -> None:
    made = merge(BASE, BASE.replace("three\n", ""), BASE.replace("three", "III"))

    assert made.text == BASE.replace("three\n", "")
    assert [(each.line, each.today, each.suggested) for each in made.conflicts] == [(3, "", "III")]


@pytest.mark.parametrize("edge", ["zero\n" + BASE, BASE + "\nseven", "", "one"])
def test_what_is_put_in_or_taken_out_at_the_ends_is_carried_over(edge: str) -> None:
    assert merge(BASE, BASE, edge).text == edge
    assert merge(BASE, edge, BASE).text == edge


@given(base=LINES, other=LINES)
def test_a_side_that_changed_nothing_has_no_say(base: str, other: str) -> None:
    for made in (merge(base, base, other), merge(base, other, base), merge(base, other, other)):
        assert (made.text, made.conflicts) == (other, ())


@given(base=LINES, today=LINES, suggested=LINES)
def test_nothing_is_lost_without_a_word(base: str, today: str, suggested: str) -> None:
    made = merge(base, today, suggested)
    said = "\n".join(
        [made.text, *(each.suggested for each in made.conflicts), *(each.today for each in made.conflicts)]
    )
    lines = set(said.split("\n"))
    new = {line for line in suggested.split("\n") if line and line not in base.split("\n")}
    assert new <= lines
    assert {line for line in today.split("\n") if line and line not in base.split("\n")} <= lines


def test_the_longest_text_there_may_be_is_merged_in_a_moment() -> None:
    began = time.process_time()
    base = "\n".join(f"Line {number} of a long module." for number in range(2000))
    merge(base, "\n".join(reversed(base.split("\n"))), "x\n" * 30_000)
    merge(base, "\n" * 60_000, "\n".join(base.split("\n")[::-1]))
    assert time.process_time() - began < 2
