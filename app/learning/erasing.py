"""What is kept of answers once they are removed, and removing a person."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, tuple_, update
from sqlalchemy.orm import Session

from app.learning.models import (
    Assignment,
    AttemptReset,
    AttemptResult,
    Completed,
    LessonRead,
    PassDecision,
    Reflection,
    Remark,
)
from app.learning.projection import REMARKED


def kept_results(session: Session, records: Collection[tuple[int, UUID]]) -> dict[UUID, dict[str, Any]]:
    """Return what marking gave for these records, named by person id and uuid, as rebuilding takes it back: `{score,
    passed, questions, notes}`, and `remarks` where a key was put right.
    """
    query = select(AttemptResult).where(tuple_(AttemptResult.person_id, AttemptResult.record).in_(list(records)))
    kept: dict[UUID, dict[str, Any]] = {
        row.record: {"score": row.score, "passed": row.passed, "questions": row.questions, "notes": row.notes}
        for row in session.scalars(query)
    }
    remarks = select(Remark).where(tuple_(Remark.person_id, Remark.record).in_(list(records)))
    for row in session.scalars(remarks.order_by(Remark.record, Remark.erratum)):
        kept[row.record].setdefault("remarks", []).append({name: getattr(row, name) for name in REMARKED})
    return kept


def forget_words(session: Session, records: Collection[tuple[int, UUID]]) -> None:
    """Empty the words of these reflections, named by person id and uuid. That something was written stays."""
    theirs = tuple_(Reflection.person_id, Reflection.record).in_(list(records))
    session.execute(update(Reflection).where(theirs).values(text=None))


def erase(session: Session, person_id: int, provider_id: int | None) -> None:
    """Remove what was asked of a person and what they did; only at one provider when it is given.

    Where they asked others for something, it stays asked, by nobody.
    """
    for table in (Assignment, AttemptReset, AttemptResult, Completed, LessonRead, PassDecision, Reflection, Remark):
        theirs = delete(table).where(table.person_id == person_id)
        session.execute(theirs if provider_id is None else theirs.where(table.provider_id == provider_id))
    if provider_id is None:
        for column in (Assignment.assigned_by, Assignment.ended_by, AttemptReset.by, PassDecision.by):
            session.execute(update(column.class_).where(column == person_id).values({column.key: None}))
