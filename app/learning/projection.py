"""What the tables say of one act: a pure function of the act, its edition with what was put right, and decisions.

Nothing here looks at the clock, at other acts or at what is stored, so acts may arrive in any order and be read again
at any time. So an attempt that comes after an erratum ends as one that came before it, and whoever a phone told of a
pass, by the key it has, keeps it until a person decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from app.learning.acts import LessonReadData, LookBackData, QuizAnsweredData, ReflectionData
from app.learning.marking import mark
from app.learning.models import AttemptResult, Completed, FromRecord, LessonRead, Reflection, Remark
from app.learning.types import Act, Answer, Result, StudiedEdition

Rows = dict[type[FromRecord], list[dict[str, Any]]]
# The columns of a result, and of each remark about it.
Marked = tuple[Mapping[str, Any], Sequence[dict[str, Any]]]
REMARKED = ("erratum", "old_score", "old_passed", "new_score", "new_passed")


def project(acts: Iterable[tuple[Act, StudiedEdition | None]], taken: Mapping[UUID, int]) -> Rows:
    """Return the rows these acts make, by table.

    `taken`: records whose pass a manager took away → the last erratum there was for it then.
    """
    rows: Rows = {AttemptResult: [], Completed: [], LessonRead: [], Reflection: [], Remark: []}
    for act, edition in acts:
        for table, row in _rows_of(act, edition, taken.get(act.record, 0)):
            rows[table].append(row)
    return rows


def _rows_of(act: Act, edition: StudiedEdition | None, taken: int) -> Iterable[tuple[type[FromRecord], dict[str, Any]]]:
    data = act.data
    if edition is None or isinstance(data, LookBackData):
        return
    shared: dict[str, Any] = {
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
            result, remarks = _kept(act.kept) if act.kept else _marked(edition, data.answers)
            own = {"received_at": act.received_at, "attempt": data.attempt, "seconds": data.seconds}
            if remarks:
                result = {**result, "passed": counts(remarks, taken)}
            yield AttemptResult, {**shared, **own, **result}
            for remark in remarks:
                yield Remark, {**shared, **remark}
            if result["passed"]:
                yield Completed, {**shared, "valid_for_months": edition.valid_for_months}


def counts(remarks: Sequence[Mapping[str, Any]], taken: int) -> bool:
    """Say whether an attempt counts as a pass, after what errata changed about it, in their order.

    Any key that was in force may have given the pass. What was in force before a manager took it away gives it no more.
    """
    passes = [(0, remarks[0]["old_passed"]), *((each["erratum"], each["new_passed"]) for each in remarks)]
    return any(passed for erratum, passed in passes if not taken or erratum > taken)


def _marked(edition: StudiedEdition, answers: Mapping[str, Sequence[Answer]]) -> Marked:
    """Return the result by the key in force, and what each erratum changed on the way there."""
    result, remarks = mark(edition.quiz, answers), []
    for corrected in edition.corrected:
        before, result = result, mark(corrected.quiz, answers)
        if result != before:
            remarks.append(
                {
                    "erratum": corrected.erratum,
                    "old_score": before.score,
                    "old_passed": before.passed,
                    "new_score": result.score,
                    "new_passed": result.passed,
                }
            )
    return _result(result), remarks


def _kept(result: Mapping[str, Any]) -> Marked:
    """Return a result that was kept instead of its answers, in the order in which marking gives it.

    Without its answers it cannot be marked again: what is put right later changes nothing about it.
    """
    kept = {
        "score": result["score"],
        "passed": result["passed"],
        "questions": [{key: each[key] for key in ("id", "first", "last", "tries")} for each in result["questions"]],
        "notes": {key: result["notes"][key] for key in ("unknown", "pending")},
    }
    return kept, [{key: each[key] for key in REMARKED} for each in result.get("remarks", ())]


def _result(result: Result) -> Mapping[str, Any]:
    return {
        "score": result.score,
        "passed": result.passed,
        # `as_json` of each, without calling it: it is most of what marking makes.
        "questions": [
            {"id": id_, "first": first, "last": last, "tries": tries} for id_, first, last, tries in result.questions
        ],
        "notes": {"unknown": list(result.unknown), "pending": list(result.pending)},
    }
