"""What the tables say of one act: a pure function of the act and its edition.

Nothing here looks at the clock, at other acts or at what is stored, so acts may arrive in any order and be read again
at any time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from app.learning.acts import LessonReadData, LookBackData, QuizAnsweredData, ReflectionData, parse
from app.learning.marking import mark
from app.learning.models import AttemptResult, Completed, FromRecord, LessonRead, Reflection
from app.learning.types import Act, Result, StudiedEdition

Rows = dict[type[FromRecord], list[dict[str, Any]]]


def project(acts: Iterable[tuple[Act, StudiedEdition | None]]) -> Rows:
    """Return the rows these acts make, by table. Acts that do not fit their kind make none."""
    rows: Rows = {AttemptResult: [], Completed: [], LessonRead: [], Reflection: []}
    for act, edition in acts:
        for table, row in _rows_of(act, edition):
            rows[table].append(row)
    return rows


def _rows_of(act: Act, edition: StudiedEdition | None) -> Iterable[tuple[type[FromRecord], dict[str, Any]]]:
    data = parse(act.kind, act.data)
    if edition is None or data is None or isinstance(data, LookBackData):
        return
    shared = {
        "record": act.record,
        "person_id": act.person_id,
        "provider_id": act.provider_id,
        "module": edition.module,
        "edition": edition.number,
        "sha": edition.sha,
        "at": act.at,
    }
    match data:
        case LessonReadData():
            yield LessonRead, {**shared, "lesson": data.lesson, "seconds": data.seconds}
        case ReflectionData():
            text = None if data.shared_with == "only me" else data.text
            yield (
                Reflection,
                {**shared, "question": data.question, "shared_with": data.shared_with, "text": text},
            )
        case QuizAnsweredData():
            result = _kept(act.kept) if act.kept else _result(mark(edition.quiz, data.answers))
            own = {"attempt": data.attempt, "seconds": data.seconds}
            yield AttemptResult, {**shared, "received_at": act.received_at, **own, **result}
            if result["passed"]:
                yield Completed, {**shared, "valid_for_months": edition.valid_for_months}


def _kept(result: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a result that was kept instead of its answers, in the order in which marking gives it."""
    return {
        "score": result["score"],
        "passed": result["passed"],
        "questions": [{key: each[key] for key in ("id", "first", "last", "tries")} for each in result["questions"]],
        "notes": {key: result["notes"][key] for key in ("unknown", "pending")},
    }


def _result(result: Result) -> Mapping[str, Any]:
    return {
        "score": result.score,
        "passed": result.passed,
        "questions": [each.as_json() for each in result.questions],
        "notes": {"unknown": list(result.unknown), "pending": list(result.pending)},
    }
