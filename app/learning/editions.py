"""Editions as judging needs them. They never change, so what was read once is kept in this process."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from threading import Lock

from sqlalchemy.orm import Session

from app.content import queries as content
from app.content.types import Quiz
from app.learning.marking import quiz_of
from app.learning.types import StudiedEdition

# About 20 KB each: room for every module of a large library, several editions deep.
_MOST = 512
_known: OrderedDict[str, StudiedEdition] = OrderedDict()
_lock = Lock()


def studied_editions(session: Session, shas: Iterable[str]) -> dict[str, StudiedEdition]:
    """Return the editions among these shas that were ever published here, by sha. One query for those not yet read."""
    wanted = set(shas)
    with _lock:
        found = {sha: _known[sha] for sha in wanted if sha in _known}
    missing = wanted - found.keys()
    if missing:
        read = {sha: _studied(quiz) for sha, quiz in content.quizzes(session, missing).items()}
        found.update(read)
        _remember(read)
    return found


def _remember(read: dict[str, StudiedEdition]) -> None:
    with _lock:
        _known.update(read)
        while len(_known) > _MOST:
            _known.popitem(last=False)


def _studied(quiz: Quiz) -> StudiedEdition:
    return StudiedEdition(
        sha=quiz.sha,
        module=quiz.key,
        number=quiz.number,
        quiz=quiz_of(quiz.edition, quiz.answer_key),
        lessons=frozenset(part["id"] for part in quiz.edition["parts"] if part["kind"] == "lesson"),
        valid_for_months=quiz.edition["valid_for_months"],
        withheld=quiz.answer_key,
    )
