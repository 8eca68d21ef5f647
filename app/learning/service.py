"""What managers ask of people, and what the record log says they did."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.kernel import insert_rows, new_uuid7, table_of
from app.learning.corrections import taken_away
from app.learning.models import Assignment, AttemptReset, AttemptResult, Completed, LessonRead, Reflection, Remark
from app.learning.projection import project
from app.learning.types import Act, StudiedEdition

WORKED_OUT = (AttemptResult, Completed, LessonRead, Reflection, Remark)


def apply(session: Session, acts: Iterable[Act], editions: Mapping[str, StudiedEdition]) -> None:
    """Add what these acts mean to the tables worked out from the log, one statement a table.

    Each act is applied once: the log says which are new.
    """
    known = [(act, editions.get(act.sha or "")) for act in acts]
    corrected = [act.record for act, edition in known if edition is not None and edition.corrected]
    taken = taken_away(session, corrected) if corrected else {}
    for table, rows in project(known, taken).items():
        insert_rows(session, table_of(table), rows)


def forget_everything_worked_out(session: Session) -> None:
    """Empty the tables that `apply` fills, for them to be filled again from the log."""
    for table in WORKED_OUT:
        session.execute(delete(table))


def assign(
    session: Session,
    provider_id: int,
    person_id: int,
    module: str,
    *,
    due: date | None,
    now: datetime,
    by: int | None = None,
) -> bool:
    """Ask a person for a module by a date, or without one. Says whether anything changed; safe to repeat.

    Another date ends the assignment there was and adds a new one, so it stays known what was asked when.
    """
    found = _current(session, provider_id, person_id, module)
    if found is not None:
        if found.due == due:
            return False
        found.ended_at, found.ended_by = now, by
        session.flush()
    session.add(
        Assignment(
            uuid=new_uuid7(),
            person_id=person_id,
            provider_id=provider_id,
            module=module,
            due=due,
            assigned_at=now,
            assigned_by=by,
        )
    )
    session.flush()
    return True


def end_assignment(
    session: Session, provider_id: int, person_id: int, module: str, *, now: datetime, by: int | None = None
) -> bool:
    """Stop asking a person for a module. Says whether it was asked for; safe to repeat."""
    found = _current(session, provider_id, person_id, module)
    if found is None:
        return False
    found.ended_at, found.ended_by = now, by
    session.flush()
    return True


def reset_attempts(
    session: Session, provider_id: int, person_id: int, module: str, *, now: datetime, by: int | None = None
) -> None:
    """Let a person have more goes at a module today. What they did so far stays."""
    session.add(AttemptReset(person_id=person_id, provider_id=provider_id, module=module, at=now, by=by))
    session.flush()


def _current(session: Session, provider_id: int, person_id: int, module: str) -> Assignment | None:
    return session.scalars(
        select(Assignment).where(
            Assignment.provider_id == provider_id,
            Assignment.person_id == person_id,
            Assignment.module == module,
            Assignment.ended_at.is_(None),
        )
    ).one_or_none()
