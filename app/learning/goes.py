"""Goes at quizzes, most of what phones send, in a quarter of the time.

What `acts`, `marking` and `projection` would make of each is made at once, without an object for each question. What is
odd about one in any way leaves it to them; a property test holds that both come to the same rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from operator import itemgetter
from typing import Any, NamedTuple

from pydantic_core import to_json
from sqlalchemy.orm import Session

from app.kernel import insert_columns, table_of
from app.learning.acts import ATTEMPT, LONGEST_SECONDS
from app.learning.marking import outcome
from app.learning.models import AttemptResult, Completed
from app.learning.types import Question, StudiedEdition

# The kind of record that a finished quiz is.
GO = "quiz.answered"
ONE_KEY = ("single", "truefalse")
# Editions whose sheets are kept: a team learns from few at a time.
MOST_SHEETS = 64
_of_data = itemgetter("attempt", "seconds", "answers")


# A go as its row has it, but for whose it is; a plain tuple, as there are hundreds at once. `questions` and `notes` are
# JSON. The last is of its pass alone.
Go = tuple[str, int, str, datetime, str, int, int, bool, str, str, int | None]
COLUMNS = ("module", "edition", "sha", "at", "attempt", "seconds", "score", "passed", "questions", "notes")
MONTHS = "valid_for_months"
_passed = itemgetter(COLUMNS.index("passed"))


class _Line(NamedTuple):
    """A question to mark, and what there is to write of it where nobody tried, or tried once to find its one key.

    `right` is None where it takes more than one key; `points` are those of a right first try.
    """

    id: str
    right: frozenset[str] | None
    points: int
    must: bool
    never: str
    once_right: str
    once_wrong: str
    question: Question


class _Sheet:
    """An edition's quiz, ready to mark many goes at it."""

    def __init__(self, edition: StudiedEdition) -> None:
        self.edition, self.quiz = edition, (quiz := edition.quiz)
        self.whose = edition.module, edition.number, edition.sha
        self.ids = quiz.ids
        self.beside = to_json({"unknown": (), "pending": quiz.pending}).decode(), edition.valid_for_months
        self._counted = sum(not each.practise for each in quiz.marked)
        self._lines = tuple(
            _Line(
                id=each.id,
                right=each.right if each.kind in ONE_KEY else None,
                points=0 if each.practise else 100,
                must=each.must,
                never=_told(each, 0, 0, 0),
                once_right=_told(each, 100, 100, 1),
                once_wrong=_told(each, 0, 0, 1),
                question=each,
            )
            for each in quiz.marked
        )

    def mark(self, answers: Mapping[str, Any]) -> tuple[int, bool, str]:
        """Return what `marking.mark` gives: score, whether it is a pass, and each question's outcome as JSON."""
        total, musts_right = 0, True
        told = []
        for id_, right, points, must, never, once_right, once_wrong, question in self._lines:
            tries = answers.get(id_)
            if not tries or type(tries) is not list:
                told.append(never)
                last = 0
            elif right is not None and len(tries) == 1 and type(tries[0]) is str:
                if tries[0] in right:
                    told.append(once_right)
                    total += points
                    continue
                told.append(once_wrong)
                last = 0
            else:
                first = outcome(question, tries[0])
                last = outcome(question, tries[-1])
                told.append(_told(question, first, last, len(tries)))
                if points:
                    total += first
            if must and last < 100:
                musts_right = False
        quiz = self.quiz
        score = total // self._counted if self._counted else 100
        passed = musts_right and not quiz.pending and (quiz.pass_mark is None or score >= quiz.pass_mark)
        return score, passed, f"[{','.join(told)}]"


def _told(question: Question, first: int, last: int, tries: int) -> str:
    return f'{{"id":{to_json(question.id).decode()},"first":{first},"last":{last},"tries":{tries}}}'


_sheets: dict[str, _Sheet] = {}


def _sheet_of(edition: StudiedEdition) -> _Sheet:
    found = _sheets.get(edition.sha)
    if found is None or found.edition is not edition:
        if len(_sheets) >= MOST_SHEETS:
            _sheets.clear()
        found = _sheets[edition.sha] = _Sheet(edition)
    return found


def read_go(data: Any, edition: StudiedEdition, at: datetime) -> Go | None:
    """Mark a finished quiz of characters that a database can hold; None: it is odd, or its edition was put right."""
    if edition.corrected:
        return None
    sheet = _sheet_of(edition)
    try:
        attempt, seconds, answers = _of_data(data)
        if (
            not ATTEMPT.fullmatch(attempt)
            or type(seconds) is not int
            or not 0 <= seconds <= LONGEST_SECONDS
            or type(answers) is not dict
            or not answers.keys() <= sheet.ids
        ):
            return None
    except (KeyError, TypeError):
        return None
    score, passed, questions = sheet.mark(answers)
    return (*sheet.whose, at, attempt, seconds, score, passed, questions, *sheet.beside)


def keep_goes(
    session: Session, goes: Mapping[str, Go], *, person_id: int, provider_id: int | None, received_at: datetime
) -> None:
    """Add the rows of one person's goes, by their records' ids, and of those that are passes: two statements."""
    if not goes:
        return
    shared = {"person_id": person_id, "provider_id": provider_id}
    columns = _by_column(goes)
    insert_columns(
        session,
        table_of(AttemptResult),
        {**shared, "received_at": received_at},
        {name: columns[name] for name in ("record", *COLUMNS)},
    )
    passes = {id_: go for id_, go in goes.items() if _passed(go)}
    if passes:
        columns = _by_column(passes)
        of_pass = ("record", "module", "edition", "sha", "at", MONTHS)
        insert_columns(session, table_of(Completed), shared, {name: columns[name] for name in of_pass})


def _by_column(goes: Mapping[str, Go]) -> dict[str, Sequence[Any]]:
    return {"record": tuple(goes), **dict(zip((*COLUMNS, MONTHS), zip(*goes.values(), strict=True), strict=True))}
