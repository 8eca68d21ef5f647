"""How the questions and texts of a whole catalogue are spread: what one module alone cannot show.

A carer who takes forty modules learns more than their facts. If the right answer is mostly the longest, or mostly the
second, they learn that, and pass without knowing.
"""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from app.content.checks.reading import reading_level
from app.content.checks.words import count
from app.content.library import Library
from app.content.parse import parse
from app.content.problems import Problems
from app.content.types import Kind, Module, Option


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """Smallest, middle and largest of some numbers; zeros when there are none."""

    smallest: float
    middle: float
    largest: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """The catalogue in figures. Counts are by their words, such as "place 2 of 4" or "longest"."""

    modules: int
    lessons: int
    minutes: int
    lesson_words: Spread
    reading_level: Spread
    hardest: tuple[tuple[str, float], ...]
    kinds: Mapping[str, int]
    must_get_right: int
    right_place: Mapping[str, int]
    right_length: Mapping[str, int]
    true_or_false: Mapping[str, int]
    rights_of_pick_all: Mapping[str, int]
    good_choice_length: Mapping[str, int]
    with_picture: int
    with_story: int
    with_easier_words: int
    checked_by_somebody: int

    def as_json(self) -> dict[str, Any]:
        """Return it as `flask content report --json` shows it."""
        return asdict(self)


def balance(library: Library, *, hardest: int = 5) -> Balance:
    """Return the figures of every module that can be read, and the `hardest` ones by SMOG grade."""
    modules = [parse(folder.text(), Problems(folder.shown)) for folder in library.folders]
    questions = [question for module in modules for question in module.questions]
    lessons = [lesson for module in modules for lesson in module.lessons]
    levels = sorted(((module.key, round(reading_level(module)[0], 1)) for module in modules), key=lambda row: -row[1])
    singles = [question.options for question in questions if question.kind is Kind.SINGLE]
    return Balance(
        modules=len(modules),
        lessons=len(lessons),
        minutes=sum(module.minutes for module in modules),
        lesson_words=_spread(count(lesson.body) for lesson in lessons),
        reading_level=_spread(level for _, level in levels if level),
        hardest=tuple(levels[:hardest]),
        kinds=_counted(question.kind.value for question in questions),
        must_get_right=sum(question.must for question in questions),
        right_place=_counted(
            f"place {place} of {len(options)}"
            for options in singles
            for place, option in enumerate(options, 1)
            if option.right
        ),
        right_length=_counted(filter(None, map(_length_of_right, singles))),
        true_or_false=_counted(
            option.words.text.strip().lower()
            for question in questions
            if question.kind is Kind.TRUEFALSE
            for option in question.options
            if option.right
        ),
        rights_of_pick_all=_counted(
            f"{sum(option.right for option in question.options)} of {len(question.options)}"
            for question in questions
            if question.kind is Kind.MULTIPLE
        ),
        good_choice_length=_counted(length for module in modules for length in _lengths_of_good_choices(module)),
        with_picture=sum("](" in module.text and ".svg)" in module.text for module in modules),
        with_story=sum(any(q.kind is Kind.BRANCHING for q in module.questions) for module in modules),
        with_easier_words=sum(any(lesson.easier for lesson in module.lessons) for module in modules),
        checked_by_somebody=sum(module.checked_by is not None for module in modules),
    )


def _length_of_right(options: tuple[Option, ...]) -> str | None:
    """Say where the length of the one right answer stands among the others."""
    right = [len(option.words.text) for option in options if option.right]
    wrong = [len(option.words.text) for option in options if not option.right]
    return _placed(right[0], wrong) if len(right) == 1 and wrong else None


def _lengths_of_good_choices(module: Module) -> Iterable[str]:
    """Say the same of each choice in a story that leads straight to a good ending, where the others do not."""
    for question in module.questions:
        good = {scene.key for scene in question.scenes if scene.ending == "good"}
        for scene in question.scenes:
            lengths = [(choice.to in good, len(choice.words.text)) for choice in scene.choices]
            leading = [length for leads, length in lengths if leads]
            others = [length for leads, length in lengths if not leads]
            if len(leading) == 1 and others:
                yield _placed(leading[0], others)


def _placed(length: int, others: list[int]) -> str:
    return "longest" if length > max(others) else "shortest" if length < min(others) else "between"


def _counted(words: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(words).items()))


def _spread(numbers: Iterable[float]) -> Spread:
    found = sorted(numbers) or [0]
    return Spread(smallest=found[0], middle=statistics.median(found), largest=found[-1])
