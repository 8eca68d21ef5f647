"""Marking, as the phone does it too: both run the cases in tests/contract/marking."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.learning.types import Answer, Question, QuestionResult, Quiz, Result

ENDINGS = {"good": 100, "safe but late": 50, "try again": 0}


def quiz_of(edition: Mapping[str, Any], key: Mapping[str, Any] | None = None) -> Quiz:
    """Read what marking needs from an edition's JSON.

    `key` holds what the edition withholds of questions with feedback after sync, by question id; without it they cannot
    be marked, as on a phone.
    """
    withheld = key or {}
    questions = (part["question"] for part in edition["parts"] if part["kind"] == "question")
    return Quiz(
        questions=tuple(_question(question, withheld.get(question["id"], {})) for question in questions),
        pass_mark=edition["pass"],
    )


def outcome(question: Question, answer: Answer) -> int:
    """Return the outcome of one try, a whole number 0..100. What cannot be read scores 0 and is never an error."""
    match question.kind:
        case "single" | "truefalse":
            return 100 if isinstance(answer, str) and answer in question.right else 0
        case "multiple":
            return _multiple(question, answer)
        case "ordering":
            return _ordering(question, answer)
        case "matching":
            return _matching(question, answer)
        case "branching":
            return _branching(question, answer)
        case _:
            return 0


def mark(quiz: Quiz, answers: Mapping[str, Sequence[Answer]]) -> Result:
    """Mark answers against the edition they were given to.

    An unanswered question scores nothing and is not an error: visits interrupt people. The score is the mean of first
    tries; a question that must be right has to be right in the end. The pass mark is that edition's own, so a stricter
    later edition never turns a pass into a fail. Nothing is passed while a question waits for its key.
    """
    results: list[QuestionResult] = []
    scored: list[int] = []
    musts_right = True
    for question in quiz.marked:
        id_ = question.id
        tries = answers.get(id_)
        first = last = number = 0
        if tries and isinstance(tries, (list, tuple)):
            number = len(tries)
            first = last = outcome(question, tries[0])
            if number > 1:
                last = outcome(question, tries[-1])
        results.append(QuestionResult(id_, first, last, number))
        if not question.practise:
            scored.append(first)
        if last < 100 and question.must:
            musts_right = False
    score = sum(scored) // len(scored) if scored else 100
    return Result(
        score=score,
        passed=musts_right and not quiz.pending and (quiz.pass_mark is None or score >= quiz.pass_mark),
        questions=tuple(results),
        unknown=() if answers.keys() <= quiz.ids else tuple(sorted(answers.keys() - quiz.ids)),
        pending=quiz.pending,
    )


def _multiple(question: Question, answer: Answer) -> int:
    if not _distinct_keys(answer) or not question.choices.issuperset(answer) or not question.right:
        return 0
    hits = len(question.right.intersection(answer))
    return max(0, hits - (len(answer) - hits)) * 100 // len(question.right)


def _ordering(question: Question, answer: Answer) -> int:
    if not _distinct_keys(answer) or set(answer) != set(question.order) or not question.order:
        return 0
    in_place: int = sum(given == key for given, key in zip(answer, question.order, strict=True))
    return in_place * 100 // len(question.order)


def _matching(question: Question, answer: Answer) -> int:
    if not isinstance(answer, Mapping) or not question.pairs:
        return 0
    right: int = sum(answer.get(left) == key for left, key in question.pairs.items())
    return right * 100 // len(question.pairs)


def _branching(question: Question, answer: Answer) -> int:
    if not isinstance(answer, list | tuple):
        return 0
    scene = question.start
    for choice in answer:
        leads = question.scenes.get(scene, {})
        if not isinstance(choice, str) or choice not in leads:
            return 0
        scene = leads[choice]
    return ENDINGS.get(question.endings.get(scene, ""), 0)


def _distinct_keys(answer: Answer) -> bool:
    return (
        isinstance(answer, list | tuple)
        and all(isinstance(key, str) for key in answer)
        and len(set(answer)) == len(answer)
    )


def _question(shown: Mapping[str, Any], withheld: Mapping[str, Any]) -> Question:
    options = _options(shown, withheld)
    order = withheld.get("order", shown.get("order")) or ()
    pairs = withheld.get("pairs", shown.get("pairs")) or {}
    scenes = shown.get("scenes", ())
    kind = shown["kind"]
    can_mark = {
        "ordering": bool(order),
        "matching": bool(pairs),
        "branching": bool(scenes),
    }.get(kind, any("right" in option for option in options))
    return Question(
        id=shown["id"],
        kind=kind,
        must=shown["must"],
        practise=shown["practise"],
        can_mark=can_mark,
        choices=frozenset(option["key"] for option in options),
        right=frozenset(option["key"] for option in options if option.get("right")),
        order=tuple(order),
        pairs=dict(pairs),
        start=shown.get("start", ""),
        scenes={scene["key"]: {choice["key"]: choice["to"] for choice in scene["choices"]} for scene in scenes},
        endings={scene["key"]: scene["ending"] for scene in scenes if scene["ending"] is not None},
    )


def _options(shown: Mapping[str, Any], withheld: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Put the withheld fields of each option back beside it."""
    kept = {option["key"]: option for option in withheld.get("options", ())}
    return [{**option, **kept.get(option["key"], {})} for option in shown.get("options", ())]
