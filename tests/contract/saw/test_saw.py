"""The server's half of what a confirmation says was on screen; the phone's half runs the same cases."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.assessment.saw import MOST_STEP, digest_of, digests_of

CASES = json.loads(Path(__file__).with_name("saw.json").read_text("utf-8"))
DAY = date(2026, 6, 14)
LINES = st.lists(
    st.tuples(st.sampled_from(["1.1a", "1.1b", "3.2c"]), st.sampled_from(["yes", "not-yet", "not-seen"]), st.text()),
    min_size=1,
    max_size=5,
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_the_digests_are_those_agreed_with_the_phone(case: dict[str, Any]) -> None:
    found = digests_of(
        standard=case["standard"],
        seen_on=date.fromisoformat(case["seen_on"]),
        lines=[(each["code"], each["decision"], each["saw"]) for each in case["decisions"]],
        next_step=case["next_step"],
        next_on=date.fromisoformat(case["next_on"]) if case["next_on"] else None,
    )
    assert found == f"{case['whole']} {case['told']}"


@given(lines=LINES, step=st.none() | st.text(max_size=300), at=st.integers(0, 4))
def test_any_change_of_what_is_shown_is_another_digest(
    lines: list[tuple[str, str, str]], step: str | None, at: int
) -> None:
    kept = digests_of(standard=1, seen_on=DAY, lines=lines, next_step=step, next_on=None).split()
    code, decision, words = lines[at % len(lines)]
    other = [*lines]
    for changed in (("9.9z", decision, words), (code, "maybe", words), (code, decision, words + ".")):
        other[at % len(lines)] = changed
        assert digest_of(standard=1, seen_on=DAY, lines=other, next_step=step, next_on=None) not in kept
    assert digest_of(standard=2, seen_on=DAY, lines=lines, next_step=step, next_on=None) not in kept
    assert digest_of(standard=1, seen_on=DAY, lines=lines, next_step=f"{step}.", next_on=None) not in kept


@given(step=st.text(min_size=MOST_STEP + 1, max_size=400), more=st.text(max_size=20))
def test_the_squares_tell_of_a_long_step_only_how_it_begins(step: str, more: str) -> None:
    lines = [("1.1c", "not-yet", "")]
    one = digests_of(standard=1, seen_on=DAY, lines=lines, next_step=step, next_on=None).split()
    two = digests_of(standard=1, seen_on=DAY, lines=lines, next_step=step + more, next_on=None).split()
    assert one[1] == two[1]
    assert (one[0] == two[0]) == (not more)
