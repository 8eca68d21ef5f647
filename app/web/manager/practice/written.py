"""What a carer wrote for their assessor in a module, with the words it was asked in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app import learning
from app.content import queries as content
from app.content.render import plain
from app.extensions import db
from app.learning import ReflectionView
from app.web import words

# So many are read at once; the rest stands on the same page when asked for.
NEWEST = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """One reflection that was shared. `asked` and `lines` are what was asked and written; `title` is its module's."""

    title: str
    when: str
    asked: tuple[str, ...]
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenSection:
    """What a person shared, the newest first, and how many older ones are left out."""

    lines: tuple[Written, ...]
    older: int


def written_by(provider_id: int, person_id: int, *, everything: bool) -> WrittenSection:
    """Return what a person wrote for their assessor at this provider, never what is for them alone. Two statements."""
    session = db.session()
    shared = [
        each
        for each in learning.reflections_of(session, provider_id, [person_id])
        if each.shared_with == "assessor" and each.text
    ]
    told = shared if everything else shared[:NEWEST]
    editions = content.quizzes(session, {each.sha for each in told}) if told else {}
    return WrittenSection(
        lines=tuple(_of(each, editions[each.sha].edition if each.sha in editions else {}) for each in told),
        older=len(shared) - len(told),
    )


def _of(reflection: ReflectionView, edition: Mapping[str, Any]) -> Written:
    questions = (part["question"] for part in edition.get("parts", ()) if part["kind"] == "question")
    question = next((each for each in questions if each["id"] == reflection.question), None)
    return Written(
        title=edition.get("title", reflection.module),
        when=words.on(reflection.at),
        asked=tuple(plain(each) for each in (question["prompt"], *question.get("prompts", ()))) if question else (),
        lines=tuple(line for line in (reflection.text or "").splitlines() if line.strip()),
    )
