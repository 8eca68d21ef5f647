"""Training from elsewhere: noted, booked, and decided on by a person with a reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import files
from app.kernel import day_of, new_uuid7
from app.requirements import models as m
from app.requirements.errors import RequirementError
from app.requirements.exceptions import given_reason, refuse_own
from app.requirements.files import CheckedFile
from app.requirements.trainings import LONGEST_TITLE, plain, training_row
from app.requirements.types import OutsideState

# Nobody in work today had a course before this day.
EARLIEST = date(1970, 1, 1)
LATEST = date(2100, 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Had:
    """A training taken elsewhere (`taken_on`) or booked (`booked_for`): one of the two. `valid_until`: its own end."""

    training: UUID | None
    title: str
    taught_by: str
    taken_on: date | None = None
    valid_until: date | None = None
    booked_for: date | None = None
    file: CheckedFile | None = None


def note_outside(
    session: Session, provider_id: int, person_id: int, had: Had, *, now: datetime, by: int | None = None
) -> UUID:
    """Note a training from elsewhere, or a booking. It counts once it is accepted.

    Raises RequirementError with the field to mend, for days that cannot be; FilesAway.
    """
    row = None if had.training is None else training_row(session, provider_id, had.training)
    title = plain(had.title, "title", LONGEST_TITLE, "Type what it was called.")
    taught_by = plain(had.taught_by, "taught_by", LONGEST_TITLE, "Type who taught it.")
    _check_days(had, day_of(now))
    made = m.OutsideTraining(
        uuid=new_uuid7(),
        provider_id=provider_id,
        person_id=person_id,
        training_id=None if row is None else row.id,
        title=title,
        taught_by=taught_by,
        taken_on=had.taken_on,
        valid_until=had.valid_until,
        booked_for=had.booked_for,
        file_name=had.file.name if had.file else None,
        file_type=had.file.type if had.file else None,
        file_size=len(had.file.body) if had.file else None,
        file_sha=had.file.sha if had.file else None,
        at=now,
        by=by,
    )
    session.add(made)
    session.flush()
    if had.file is not None:
        kept = m.OutsideFile(outside_id=made.id)
        files.keep(session, kept, had.file.body)
        session.add(kept)
        session.flush()
    return made.uuid


def decide_outside(
    session: Session,
    provider_id: int,
    person_id: int,
    uuid: UUID,
    decision: OutsideState,
    reason: str,
    *,
    now: datetime,
    by: int | None = None,
) -> bool:
    """Accept or refuse a training from elsewhere with a reason, or call a booking off. The latest decision counts.

    Says whether the provider's person has such a training. Raises RequirementError at the field "reason"; code
    "your-own" when somebody would accept theirs while another manager could.
    """
    row = session.scalars(
        select(m.OutsideTraining).where(
            m.OutsideTraining.provider_id == provider_id,
            m.OutsideTraining.person_id == person_id,
            m.OutsideTraining.uuid == uuid,
        )
    ).one_or_none()
    fits = (OutsideState.CALLED_OFF,) if row and row.booked_for else (OutsideState.ACCEPTED, OutsideState.REFUSED)
    if row is None or decision not in fits:
        return False
    if decision is OutsideState.ACCEPTED:
        refuse_own(session, provider_id, person_id, by)
    words = (
        plain(reason, "reason", 500)
        if decision is OutsideState.CALLED_OFF
        else given_reason(reason, "Say why, such as: I have seen the certificate.")
    )
    session.add(m.OutsideDecision(outside_id=row.id, decision=decision.value, reason=words, at=now, by=by))
    session.flush()
    return True


def _check_days(had: Had, today: date) -> None:
    if (had.taken_on is None) == (had.booked_for is None):
        raise RequirementError("Type the day.", code="no-day", field="taken_on")
    if had.booked_for is not None:
        if had.booked_for < today:
            raise RequirementError(
                "This day has passed. Note it as taken, or pick a day to come.", code="booked-past", field="booked_for"
            )
        if had.booked_for >= LATEST:
            raise RequirementError("Check the year.", code="too-late", field="booked_for")
        return
    if had.taken_on is None:  # pragma: no cover - one of the two is there, as checked above
        return
    if had.taken_on > today:
        raise RequirementError(
            "This day is still to come. Book it instead, or put the day right.", code="taken-ahead", field="taken_on"
        )
    if had.taken_on < EARLIEST:
        raise RequirementError("Check the year.", code="too-early", field="taken_on")
    if had.valid_until is not None and had.valid_until < had.taken_on:
        raise RequirementError(
            "It runs out before it was taken. Put one of the two days right.", code="ends-first", field="valid_until"
        )
    if had.valid_until is not None and had.valid_until >= LATEST:
        raise RequirementError("Check the year.", code="too-late", field="valid_until")
