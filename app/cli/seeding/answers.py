"""What somebody made up answers: a pure function of the question, how well it goes, and luck."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

from app.learning import Question


def tries(question: Question, how: str, luck: random.Random) -> list[Any] | None:
    """Return the tries somebody makes at a question, or None when they leave it out.

    `how` is "well", "mixed" or "badly".
    """
    right, wrong = _right_answer(question), _wrong_answer(question)
    if right is None:
        return [{"written": True}] if question.kind == "reflection" else None
    if how == "well" and (question.must or luck.random() < 0.93):
        return [right]
    if how == "badly" and luck.random() < 0.7:
        return [wrong]
    return [right] if how == "mixed" and luck.random() < 0.5 else [wrong, right]


def _right_answer(question: Question) -> Any:
    if not question.can_mark:
        return None
    match question.kind:
        case "single" | "truefalse":
            return min(question.right)
        case "multiple":
            return sorted(question.right)
        case "ordering":
            return list(question.order)
        case "matching":
            return dict(question.pairs)
        case "branching":
            return next(_paths(question, question.start, (), "good"), None)
    return None


def _wrong_answer(question: Question) -> Any:
    match question.kind:
        case "single" | "truefalse":
            return min(question.choices - question.right, default=min(question.choices))
        case "multiple":
            return sorted(question.choices - question.right)[:1]
        case "ordering":
            return list(reversed(question.order))
        case "matching":
            return dict(zip(question.pairs, reversed(list(question.pairs.values())), strict=True))
        case _:
            return []


def _paths(question: Question, scene: str, walked: tuple[str, ...], ending: str) -> Iterator[list[str]]:
    """Walk a story in every way that ends in `ending`, without going round in circles."""
    if question.endings.get(scene) == ending:
        yield list(walked)
    for choice, to in question.scenes.get(scene, {}).items():
        if len(walked) < 12:
            yield from _paths(question, to, (*walked, choice), ending)
