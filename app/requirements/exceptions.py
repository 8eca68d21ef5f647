"""Exceptions: a training is not needed of one person, for a reason, and mostly for a time."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import providers
from app.kernel import day_of, new_uuid7
from app.requirements import models as m
from app.requirements.errors import RequirementError
from app.requirements.trainings import plain, training_row

LONGEST_REASON = 500
SHORTEST_REASON = 5


def make_exception(
    session: Session,
    provider_id: int,
    person_id: int,
    training: UUID,
    reason: str,
    *,
    until: date | None,
    now: datetime,
    by: int | None = None,
) -> UUID:
    """Note that a training is not needed of a person, to the end of a day or until somebody ends it.

    Raises RequirementError with the field to mend: a reason is needed, and a day to come; code "your-own" when somebody
    would except themselves while another manager could.
    """
    refuse_own(session, provider_id, person_id, by)
    row = training_row(session, provider_id, training)
    words = given_reason(reason, "Say why it is not needed. An inspector may ask.")
    if until is not None and until < day_of(now):
        raise RequirementError("This day has passed. Pick today or later.", code="until-past", field="until")
    made = m.TrainingException(
        uuid=new_uuid7(),
        person_id=person_id,
        provider_id=provider_id,
        training_id=row.id,
        reason=words,
        since=now,
        until=until,
        by=by,
    )
    session.add(made)
    session.flush()
    return made.uuid


def end_exception(
    session: Session, provider_id: int, person_id: int, uuid: UUID, *, now: datetime, by: int | None = None
) -> bool:
    """End an exception now. Says whether there was one to end; safe to repeat."""
    row = session.scalars(
        select(m.TrainingException).where(
            m.TrainingException.provider_id == provider_id,
            m.TrainingException.person_id == person_id,
            m.TrainingException.uuid == uuid,
            m.TrainingException.ended_at.is_(None),
        )
    ).one_or_none()
    if row is None:
        return False
    row.ended_at, row.ended_by = now, by
    session.flush()
    return True


def refuse_own(session: Session, provider_id: int, person_id: int, by: int | None) -> None:
    """Raise RequirementError, code "your-own", when this is about who decides it and another manager could."""
    words = providers.why_not_own(session, provider_id, person_id, by)
    if words:
        raise RequirementError(words, code="your-own", field="reason")


def given_reason(reason: str, empty: str, field: str = "reason") -> str:
    """Return a reason in words. Raises RequirementError when there is none worth the name."""
    words = plain(reason, field, LONGEST_REASON, empty)
    if len(words) < SHORTEST_REASON:
        raise RequirementError(empty, code=f"{field}-short", field=field)
    return words
