"""Marking never fails, never exceeds full marks, and knows withheld answers when it has their key."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from app.learning.rules import mark, quiz_of
from tests.support.editions import edition, pick_one

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)
ORDER = pick_one("order") | {"kind": "ordering", "order": ["a", "b", "c"], "options": []}
PAIRS = pick_one("pairs") | {"kind": "matching", "pairs": {"a": "p", "b": "q"}, "options": []}
SCENES = [
    {"key": "s", "choices": [{"key": "s.1", "to": "e"}, {"key": "s.2", "to": "s"}], "ending": None},
    {"key": "e", "choices": [], "ending": "good"},
]
STORY = pick_one("story") | {"kind": "branching", "start": "s", "scenes": SCENES, "options": []}
PICK = pick_one("pick") | {"kind": "multiple"}
QUIZ = quiz_of(edition(questions=[pick_one("one"), PICK, ORDER, PAIRS, STORY]))


@given(st.dictionaries(st.sampled_from(["one", "pick", "order", "pairs", "story", "?"]), JSON))
def test_whatever_was_sent_marks_lie_between_nothing_and_full(answers: dict[str, Any]) -> None:
    result = mark(QUIZ, answers)

    assert 0 <= result.score <= 100
    assert all(0 <= each.first <= 100 and 0 <= each.last <= 100 for each in result.questions)
    assert len(result.questions) == 5


def test_withheld_answers_are_marked_where_their_key_is() -> None:
    whole = pick_one()
    shown = whole | {"feedback": "after-sync", "options": [{"key": "a", "html": ""}, {"key": "b", "html": ""}]}
    body = edition(questions=[shown])

    without = mark(quiz_of(body), {"first-thing": ["b"]})
    with_key = mark(quiz_of(body, {"first-thing": {"options": whole["options"]}}), {"first-thing": ["b"]})

    assert (without.passed, without.pending) == (False, ("first-thing",))
    assert (with_key.passed, with_key.score, with_key.pending) == (True, 100, ())
