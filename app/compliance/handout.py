"""A sheet for a team meeting: questions people miss, each with the right idea and why. It names nobody."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from app import learning
from app.content import queries as content
from app.content.build import whole
from app.content.errata import errata_of, put_right
from app.content.render import plain
from app.learning import Missed


@dataclass(frozen=True, slots=True, kw_only=True)
class MissedQuestion:
    """A question in words. `right`: what is right, in order where it has one; `why`: the lesson's own reasons."""

    sha: str
    module: str
    title: str
    question: str
    words: str
    ordered: bool
    right: tuple[str, ...]
    why: tuple[str, ...]
    people: int
    percent: int


def missed_questions(
    session: Session, provider_id: int, shas: Collection[str], *, limit: int
) -> tuple[MissedQuestion, ...]:
    """Return the questions of these editions that are most often missed, with what a handout says of each.

    A fixed number of statements, and the text of at most `limit` editions is read.
    """
    missed = learning.most_missed(session, provider_id, shas, limit=limit)
    wanted = {each.sha for each in missed}
    errata = errata_of(session, wanted) if wanted else {}
    texts = {}
    for sha, quiz in content.quizzes(session, wanted).items() if wanted else ():
        edition, key = put_right(quiz.edition, quiz.answer_key, errata.get(sha, ()))
        texts[sha] = (edition["title"], {each["id"]: each for each in whole(edition, key)})
    return tuple(_of(each, *texts[each.sha]) for each in missed if each.question in texts[each.sha][1])


def _of(missed: Missed, title: str, questions: Mapping[str, Mapping[str, Any]]) -> MissedQuestion:
    question = questions[missed.question]
    return MissedQuestion(
        sha=missed.sha,
        module=missed.module,
        title=title,
        question=missed.question,
        words=_words(question),
        ordered=question["kind"] in ("ordering", "branching"),
        right=tuple(right_idea(question)),
        why=tuple(reasons(question)),
        people=missed.people,
        percent=missed.right,
    )


def _words(question: Mapping[str, Any]) -> str:
    if question["kind"] != "branching":
        return plain(question["prompt"])
    start = next(scene for scene in question["scenes"] if scene["key"] == question["start"])
    return f"{plain(question['prompt'])}. {plain(start['html'])}"


def right_idea(question: Mapping[str, Any]) -> Iterator[str]:
    """Yield what is right about a question with its key, in words. Pure."""
    match question["kind"]:
        case "single" | "truefalse" | "multiple":
            yield from (plain(option["html"]) for option in question["options"] if option["right"])
        case "ordering":
            words = {item["key"]: plain(item["html"]) for item in question["items"]}
            yield from (words[key] for key in question["order"])
        case "matching":
            right = {item["key"]: plain(item["html"]) for item in question["right"]}
            for item in question["left"]:
                yield f"{plain(item['html'])}: {right[question['pairs'][item['key']]]}"
        case "branching":
            yield from (plain(choice["html"]) for choice in _good_way(question))


def reasons(question: Mapping[str, Any]) -> Iterator[str]:
    """Yield why it is right: what the lesson says to a right answer, and its own reason. Pure."""
    said: list[str | None] = []
    if question["kind"] in ("single", "truefalse", "multiple"):
        said += [option.get("feedback") for option in question["options"] if option["right"]]
    elif question["kind"] == "branching":
        said += [choice.get("feedback") for choice in _good_way(question)]
    said.append(question.get("explain"))
    yield from (plain(html) for html in said if html)


def _good_way(question: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """Return the choices of the shortest way to a good ending."""
    scenes = {scene["key"]: scene for scene in question["scenes"]}
    waiting: deque[tuple[str, tuple[Mapping[str, Any], ...]]] = deque([(question["start"], ())])
    seen = {question["start"]}
    while waiting:
        key, way = waiting.popleft()
        if scenes[key]["ending"] == "good":
            return way
        for choice in scenes[key]["choices"]:
            if choice["to"] not in seen:
                seen.add(choice["to"])
                waiting.append((choice["to"], (*way, choice)))
    return ()
