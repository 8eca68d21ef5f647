"""What people did, one act after the other, for who reads a whole record: only a few rows are in memory at once."""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from sqlalchemy import Select, select, true
from sqlalchemy.orm import Session

from app.learning.models import AttemptResult, LessonRead
from app.learning.types import AttemptView, LessonReadView, QuestionResult

AT_ONCE = 500


def acts_in_order(
    session: Session, provider_id: int, *, people: Collection[int] | None = None
) -> Iterator[LessonReadView | AttemptView]:
    """Yield what a provider's people read and answered, person by person, each in order of time. Two statements.

    `people`: only of these, of everybody who ever was here when None. Read it to its end, or close it.
    """
    reads = _rows(session, _lessons(provider_id), LessonRead, people)
    goes = _rows(session, _attempts(provider_id), AttemptResult, people)
    views = (map(_read, reads), map(_attempt, goes))
    return heapq.merge(*views, key=lambda each: (each.person_id, each.at, each.record.bytes))


def _rows(
    session: Session, query: Select[Any], table: type[LessonRead | AttemptResult], people: Collection[int] | None
) -> Iterator[Mapping[str, Any]]:
    query = query.where(true() if people is None else table.person_id.in_(people))
    query = query.order_by(table.person_id, table.at, table.record).execution_options(yield_per=AT_ONCE)
    for row in session.execute(query).mappings():
        yield dict(row)


def _lessons(provider_id: int) -> Select[Any]:
    columns = (getattr(LessonRead, name) for name in LessonReadView.__slots__)
    return select(*columns).where(LessonRead.provider_id == provider_id)


def _attempts(provider_id: int) -> Select[Any]:
    columns = (getattr(AttemptResult, name) for name in AttemptView.__slots__)
    return select(*columns).where(AttemptResult.provider_id == provider_id)


def _read(row: Mapping[str, Any]) -> LessonReadView:
    return LessonReadView(**row)


def _attempt(row: Mapping[str, Any]) -> AttemptView:
    return AttemptView(**{**row, "questions": tuple(QuestionResult(**each) for each in row["questions"])})
