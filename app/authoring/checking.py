"""The check, as the command line makes it, of a text that lies in no folder."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.authoring import rows
from app.authoring.drafts import clean
from app.authoring.models import OwnPack
from app.authoring.types import Checked, PartView
from app.content import Checked as ContentChecked
from app.content import Surroundings
from app.content import check as content_check
from app.content.checks.reading import reading_level
from app.content.checks.words import count
from app.content.published import published_library
from app.content.types import Problem
from app.kernel import day_of

# The desk writes these fields itself when it publishes, whatever stands there or does not.
THE_DESKS_OWN = frozenset({"key", "edition", "change", "checked_by"})
ABOUT_A_FIELD = frozenset({"field-missing", "field-wrong"})


def check(session: Session, provider_id: int, text: str, media: Mapping[str, bytes], *, now: datetime) -> Checked:
    """Say what is wrong with a text of this provider's, beside these pictures and sounds; never raises.

    What the command line says of a folder is left out, and so are the fields that the desk writes at publishing.
    """
    library = published_library(session)
    pack = session.scalar(select(OwnPack.key).where(OwnPack.provider_id == provider_id))
    around = Surroundings(
        today=day_of(now),
        criteria=library.criteria_for(pack or ""),
        glossary=library.glossary.keys(),
        terms=library.terms,
        files=media,
    )
    return summed_up(content_check(text, "", around))


def check_draft(session: Session, provider_id: int, uuid: UUID, text: str | None = None, *, now: datetime) -> Checked:
    """Check a text beside the pictures of a draft: the given one, or the one in force. Raises NoDraft, TooLong."""
    row = rows.find(session, provider_id, uuid)
    words = row.text if text is None else clean(text)
    return check(session, provider_id, words, rows.bodies(session, row.id), now=now)


def summed_up(checked: ContentChecked) -> Checked:
    """Return what the desk shows of a check."""
    problems = tuple(_said_at_the_desk(each) for each in checked.problems if not _is_the_desks(each))
    module = checked.module
    return Checked(
        problems=problems,
        stops=any(problem.stops for problem in problems),
        level=round(reading_level(module)[0], 1) or None,
        words=sum(count(lesson.body) for lesson in module.lessons),
        minutes=module.minutes,
        bytes=len(module.text.encode()) + sum(len(file.body) for file in checked.media),
        parts=tuple(_parts(checked)),
        content=checked,
    )


def _is_the_desks(problem: Problem) -> bool:
    if problem.code not in ABOUT_A_FIELD:
        return problem.code == "change-missing"
    named = problem.message.split('"')[1:2]
    return bool(named) and named[0] in THE_DESKS_OWN


def _said_at_the_desk(problem: Problem) -> Problem:
    """Put words for a folder of files into words for a draft."""
    return replace(problem, suggestion=problem.suggestion.replace("See docs/authoring.md.", "Look at another module."))


def _parts(checked: ContentChecked) -> Iterator[PartView]:
    for lesson in checked.module.lessons:
        yield PartView(kind="lesson", title=lesson.title.text, line=lesson.title.line)
        for question in lesson.questions:
            yield PartView(kind="question", title=question.prompt.text, line=question.line)
