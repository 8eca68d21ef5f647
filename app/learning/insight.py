"""What answers say back to whoever writes a module: how each question fares, edition by edition.

Figures are of people, never of one: a person counts with their first go at an edition, nothing is said of fewer than
five, and figures change only when five more have answered: who looks before and after one person answered sees no
difference to learn from. Pure; the caller brings what was answered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from statistics import quantiles
from typing import Any, TypeVar
from uuid import UUID

from app.content.render import plain
from app.learning.types import Answer, GoAt, Question, Quiz

T = TypeVar("T")

FEWEST = 5  # people; below this a figure could be about somebody
HARD = 40  # per cent right at the first try, below which a question is hard
FALL = 30  # points between two editions, from which on something may have broken

ENDINGS = {"good": "A good ending", "safe but late": "Safe, but late", "try again": "An ending to try again"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """How many per cent of people chose this at their first try, or had it right where `right` is None."""

    words: str
    right: bool | None
    percent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionInsight:
    """How one question fares. `right`: per cent right at the first try; None where fewer than five people answered.

    `broken`: a wrong answer is chosen more often than the right one, or far fewer get it right than one edition before.
    """

    id: str
    words: str
    kind: str
    people: int
    right: int | None
    shares: tuple[Share, ...]
    hard: bool
    broken: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionInsight:
    """How one edition fares. `seconds`: what a quarter, half and three quarters of people need at most, where known."""

    number: int
    people: int
    seconds: tuple[int, int, int] | None
    questions: tuple[QuestionInsight, ...]


def insight(
    edition: Mapping[str, Any],
    quiz: Quiz,
    goes: Iterable[GoAt],
    answers: Mapping[UUID, Mapping[str, Sequence[Answer]]],
    before: EditionInsight | None,
    *,
    number: int,
) -> EditionInsight:
    """Work out how an edition fares; `before` is the same for the edition before it.

    `edition` is its JSON and `quiz` its marking with everything put right since. `answers` holds each question's tries,
    by the record they came in; what is old has none any more, and then only the outcomes tell.
    """
    counted = _firsts(goes)
    if len(counted) < FEWEST:
        return EditionInsight(number=number, people=len(counted), seconds=None, questions=())
    marking = {question.id: question for question in quiz.questions}
    earlier = {question.id: question for question in before.questions} if before else {}
    shown = [part["question"] for part in edition["parts"] if part["kind"] == "question"]
    said = [answers[go.record] for go in counted if go.record in answers]
    questions = [_question(each, marking[each["id"]], counted, said, earlier.get(each["id"])) for each in shown]
    took = _fives([go.seconds for go in counted if go.seconds > 0])
    quarters = quantiles(took, n=4, method="inclusive") if took else None
    return EditionInsight(
        number=number,
        people=len(_fives(counted)),
        seconds=(round(quarters[0]), round(quarters[1]), round(quarters[2])) if quarters else None,
        questions=tuple(questions),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """How many per cent of `people` had a question right at their first try."""

    people: int
    right: int


def rates(quiz: Quiz, goes: Iterable[GoAt]) -> dict[str, Rate]:
    """Return by question id how those fare that are marked and that at least five people answered, as `insight` does.

    It needs no text of the edition, so it can be asked of many editions at once.
    """
    counted = _firsts(goes)
    found = {}
    for question in quiz.questions:
        if question.can_mark and question.kind != "reflection":
            outcomes = _fives([go.first[question.id] for go in counted if question.id in go.first])
            if outcomes:
                right = _percent(sum(each == 100 for each in outcomes), len(outcomes))
                found[question.id] = Rate(people=len(outcomes), right=right)
    return found


def _firsts(goes: Iterable[GoAt]) -> list[GoAt]:
    """Return each person's first go, as they arrived: what comes late must not push another in or out of the five."""
    firsts: dict[int, GoAt] = {}
    for go in sorted(goes, key=lambda each: (each.received_at, each.at)):
        firsts.setdefault(go.person_id, go)
    return list(firsts.values())


def _question(
    shown: Mapping[str, Any],
    marking: Question,
    goes: Sequence[GoAt],
    said: Sequence[Mapping[str, Sequence[Answer]]],
    before: QuestionInsight | None,
) -> QuestionInsight:
    # Their first try, where they tried at all; who stopped before this question says nothing about it.
    outcomes = _fives([go.first[marking.id] for go in goes if marking.id in go.first])
    tries = _fives([answers[marking.id][0] for answers in said if answers.get(marking.id)])
    right = _percent(sum(each == 100 for each in outcomes), len(outcomes)) if outcomes else None
    if not marking.can_mark or marking.kind == "reflection":
        right = None
    shares = tuple(_shares(shown, marking, tries)) if tries else ()
    fell = right is not None and before is not None and before.right is not None and before.right - right >= FALL
    return QuestionInsight(
        id=marking.id,
        words=plain(shown["prompt"]),
        kind=marking.kind,
        people=max(len(outcomes), len(tries)),
        right=right,
        shares=shares,
        hard=right is not None and right < HARD,
        broken=fell or (marking.kind in ("single", "truefalse") and _misleads(shares)),
    )


def _fives(each: Sequence[T]) -> Sequence[T]:
    """Return the first five, or ten, or fifteen: nobody is the one who makes a difference."""
    return each[: len(each) - len(each) % FEWEST]


def _misleads(shares: Sequence[Share]) -> bool:
    """Say whether a wrong answer is chosen more often than every right one."""
    right = max((share.percent for share in shares if share.right), default=0)
    return any(share.percent > right for share in shares if not share.right)


def _shares(shown: Mapping[str, Any], marking: Question, tries: Sequence[Answer]) -> Iterator[Share]:
    def chosen(fits: Callable[[Any], bool]) -> int:
        return _percent(sum(fits(answer) for answer in tries), len(tries))

    match marking.kind:
        case "single" | "truefalse" | "multiple":
            for option in shown["options"]:
                key = option["key"]
                yield Share(
                    words=plain(option["html"]),
                    right=key in marking.right,
                    percent=chosen(partial(_has, key)),
                )
        case "ordering":
            words = {item["key"]: plain(item["html"]) for item in shown["items"]}
            for place, key in enumerate(marking.order):
                yield Share(
                    words=words.get(key, key),
                    right=None,
                    percent=chosen(partial(_stands_at, place, key)),
                )
        case "matching":
            for left in shown["left"]:
                key = left["key"]
                yield Share(
                    words=plain(left["html"]),
                    right=None,
                    percent=chosen(partial(_pairs, key, marking.pairs.get(key))),
                )
        case "branching":
            for ending, words_of in ENDINGS.items():
                if ending in marking.endings.values():
                    yield Share(
                        words=words_of,
                        right=None if ending == "safe but late" else ending == "good",
                        percent=chosen(partial(_ends_in, marking, ending)),
                    )
        case _:
            return


def _has(key: str, answer: Answer) -> bool:
    return answer == key or (isinstance(answer, list | tuple) and key in answer)


def _stands_at(place: int, key: str, answer: Answer) -> bool:
    return isinstance(answer, list | tuple) and place < len(answer) and answer[place] == key


def _pairs(left: str, right: str | None, answer: Answer) -> bool:
    return isinstance(answer, Mapping) and answer.get(left) == right


def _ends_in(marking: Question, ending: str, answer: Answer) -> bool:
    """Walk the choices from the start; where they lead nowhere they end in nothing."""
    scene = marking.start
    for choice in answer if isinstance(answer, list | tuple) else ():
        leads = marking.scenes.get(scene, {})
        if not isinstance(choice, str) or choice not in leads:
            return False
        scene = leads[choice]
    return marking.endings.get(scene) == ending


def _percent(part: int, whole: int) -> int:
    return round(100 * part / whole) if whole else 0
