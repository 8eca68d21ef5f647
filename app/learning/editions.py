"""Editions as judging needs them. They never change, so what was read once is kept in this process; what was put right
beside them is asked for each time.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from threading import Lock

from sqlalchemy.orm import Session

from app.content import queries as content
from app.content.errata import ErratumView, errata_of, put_right
from app.content.types import Quiz
from app.learning.marking import quiz_of
from app.learning.types import CorrectedQuiz, StudiedEdition

# About 20 KB each: room for every module of a large library, several editions deep.
_MOST = 512
_known: OrderedDict[str, StudiedEdition] = OrderedDict()
_lock = Lock()


def studied_editions(session: Session, shas: Iterable[str]) -> dict[str, StudiedEdition]:
    """Return the editions among these shas that were ever published here, by sha, with their errata.

    One query for those not yet read, and one or two for errata.
    """
    wanted = set(shas)
    with _lock:
        found = {sha: _known[sha] for sha in wanted if sha in _known}
    missing = wanted - found.keys()
    if missing:
        read = {sha: _studied(quiz) for sha, quiz in content.quizzes(session, missing).items()}
        found.update(read)
        _remember(read)
    errata = errata_of(session, found) if found else {}
    for sha, quiz in content.quizzes(session, errata).items() if errata else ():
        found[sha] = _corrected(quiz, errata[sha])
    return found


def _corrected(quiz: Quiz, errata: Sequence[ErratumView]) -> StudiedEdition:
    edition, key = quiz.edition, quiz.answer_key
    corrected = []
    for erratum in errata:
        edition, key = put_right(edition, key, [erratum])
        corrected.append(CorrectedQuiz(erratum=erratum.id, quiz=quiz_of(edition, key)))
    return replace(_studied(quiz), withheld=key, corrected=tuple(corrected))


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
