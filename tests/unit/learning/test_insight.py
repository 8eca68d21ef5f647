"""What answers say back: of people, never of one, and only where there are enough of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.learning import FEWEST, EditionInsight, GoAt, insight, outcome, quiz_of
from tests.support.editions import edition, pick_one

START = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)

ORDERING = {
    **pick_one("steps"),
    "kind": "ordering",
    "items": [{"key": "a", "html": "<p>Look</p>"}, {"key": "b", "html": "<p>Ring</p>"}],
    "order": ["a", "b"],
}
MATCHING = {
    **pick_one("pairs"),
    "kind": "matching",
    "left": [{"key": "a", "html": "Red"}],
    "right": [{"key": "p", "html": "Stop"}, {"key": "q", "html": "Go"}],
    "pairs": {"a": "p"},
}
STORY = {
    **pick_one("story"),
    "kind": "branching",
    "start": "door",
    "scenes": [
        {
            "key": "door",
            "title": "Door",
            "html": "",
            "text": "",
            "choices": [
                {"key": "door.1", "html": "Ring", "to": "well"},
                {"key": "door.2", "html": "Wait", "to": "ill"},
            ],
            "ending": None,
        },
        {"key": "well", "title": "Well", "html": "", "text": "", "choices": [], "ending": "good"},
        {"key": "ill", "title": "Ill", "html": "", "text": "", "choices": [], "ending": "try again"},
    ],
}


def worked_out(
    said: list[dict[str, Any]], *questions: dict[str, Any], before: EditionInsight | None = None, **kept: Any
) -> EditionInsight:
    """Let one person after another give these first tries; `kept=False` as if the answers were removed since."""
    body = edition(questions=list(questions))
    quiz = quiz_of(body)
    marking = {each.id: each for each in quiz.questions}
    goes, answers = [], {}
    for number, tries in enumerate(said):
        record = uuid4()
        first = {name: outcome(marking[name], answer) for name, answer in tries.items()}
        at = START + timedelta(hours=number)
        goes.append(
            GoAt(
                record=record,
                person_id=number,
                module="m",
                edition=1,
                sha="",
                at=at,
                received_at=at,
                seconds=60 + number,
                first=first,
            )
        )
        if kept.get("kept", True):
            answers[record] = {name: [answer] for name, answer in tries.items()}
    return insight(body, quiz, goes, answers, before, number=1)


def test_nothing_is_said_of_fewer_than_five_people() -> None:
    four = worked_out([{"first-thing": "a"}] * (FEWEST - 1), pick_one())
    assert (four.people, four.seconds, four.questions) == (FEWEST - 1, None, ())


def test_a_question_only_few_reached_says_nothing_either() -> None:
    many = [{"first-thing": "b"}] * 6
    found = worked_out([*many, {"first-thing": "b", "steps": ["a", "b"]}], pick_one(), ORDERING)
    assert [(each.right, each.shares) for each in found.questions if each.id == "steps"] == [(None, ())]
    assert found.questions[0].right == 100


def test_each_person_counts_once_with_their_first_go() -> None:
    body = edition(questions=[pick_one()])
    quiz, goes = quiz_of(body), []
    for person in range(5):
        for go in range(4):
            at = START + timedelta(days=-go)  # the list is in no order
            goes.append(
                GoAt(
                    record=UUID(int=person * 10 + go),
                    person_id=person,
                    module="m",
                    edition=1,
                    sha="",
                    at=at,
                    received_at=START,
                    seconds=100,
                    first={"first-thing": 0 if go == 3 else 100},
                )
            )
    found = insight(body, quiz, goes, {}, None, number=1)
    assert (found.people, found.questions[0].people, found.questions[0].right) == (5, 5, 0)


def test_options_chosen_and_a_wrong_one_that_wins() -> None:
    found = worked_out([{"first-thing": "a"}] * 4 + [{"first-thing": "b"}] * 1, pick_one()).questions[0]
    assert [(each.words, each.right, each.percent) for each in found.shares] == [("a", False, 80), ("b", True, 20)]
    assert (found.right, found.hard, found.broken) == (20, True, True)


def test_other_kinds_say_what_was_right_in_them() -> None:
    tries = [{"steps": ["a", "b"], "pairs": {"a": "p"}, "story": ["door.1"]}] * 3
    tries += [{"steps": ["b", "a"], "pairs": {"a": "q"}, "story": ["door.2"]}] * 2
    steps, pairs, story = worked_out(tries, ORDERING, MATCHING, STORY).questions
    assert [(each.words, each.percent) for each in steps.shares] == [("Look", 60), ("Ring", 60)]
    assert [(each.words, each.percent) for each in pairs.shares] == [("Red", 60)]
    assert [(each.words, each.right, each.percent) for each in story.shares] == [
        ("A good ending", True, 60),
        ("An ending to try again", False, 40),
    ]
    assert not any(each.broken for each in (steps, pairs, story))


def test_a_fall_between_editions_is_broken_until_it_is_looked_at() -> None:
    before = worked_out([{"first-thing": "b"}] * 10, pick_one())
    after = worked_out([{"first-thing": "b"}] * 7 + [{"first-thing": "a"}] * 3, pick_one(), before=before)
    assert (before.questions[0].broken, after.questions[0].right, after.questions[0].broken) == (False, 70, True)
    same = worked_out([{"first-thing": "b"}] * 8 + [{"first-thing": "a"}] * 2, pick_one(), before=before)
    assert not same.questions[0].broken


def test_answers_removed_since_leave_the_outcomes() -> None:
    found = worked_out([{"first-thing": "a"}] * 5, pick_one(), kept=False).questions[0]
    assert (found.right, found.shares, found.hard, found.broken) == (0, (), True, False)


def test_time_is_a_range() -> None:
    assert worked_out([{"first-thing": "b"}] * 10, pick_one()).seconds == (62, 64, 67)


@given(
    said=st.lists(st.fixed_dictionaries({}, optional={"first-thing": st.sampled_from("ab")}), max_size=14),
    more=st.sampled_from("ab"),
)
def test_one_more_person_is_never_read_off_the_figures(said: list[dict[str, Any]], more: str) -> None:
    before, after = (worked_out(each, pick_one()) for each in (said, [*said, {"first-thing": more}]))
    tried = sum("first-thing" in each for each in said)
    if (tried + 1) % FEWEST:
        assert [(q.right, q.shares) for q in before.questions if q.right is not None] == [
            (q.right, q.shares) for q in after.questions if q.right is not None
        ]


def test_what_comes_late_pushes_nobody_out() -> None:
    body = edition(questions=[pick_one()])
    goes = [
        GoAt(
            record=UUID(int=number),
            person_id=number,
            module="m",
            edition=1,
            sha="",
            at=START - timedelta(days=number),
            received_at=START + timedelta(days=number),
            seconds=60,
            first={"first-thing": 100 if number < FEWEST else 0},
        )
        for number in range(FEWEST + 1)
    ]
    found = insight(body, quiz_of(body), goes, {}, None, number=1)
    assert (found.people, found.questions[0].right) == (FEWEST, 100)


# What a phone sends is never trusted to be of the question's kind.
JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)


@given(st.lists(st.fixed_dictionaries(dict.fromkeys(("first-thing", "steps", "pairs", "story"), JUNK)), max_size=12))
def test_whatever_was_answered_shares_are_per_cent(said: list[dict[str, Any]]) -> None:
    found = worked_out(said, pick_one(), ORDERING, MATCHING, STORY)
    assert (not found.questions) == (len(said) < FEWEST)
    for question in found.questions:
        assert question.right is not None
        assert 0 <= question.right <= 100
        assert all(0 <= share.percent <= 100 for share in question.shares)


@pytest.mark.parametrize("kind", ["single", "truefalse"])
def test_one_answer_each_adds_up(kind: str) -> None:
    question = {**pick_one(), "kind": kind}
    shares = worked_out([{"first-thing": "ab"[number % 2]} for number in range(10)], question).questions[0].shares
    assert sum(share.percent for share in shares) == 100
