"""What managers write down: meetings and what was agreed there, and how often meetings are held."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.kernel import new_uuid7
from app.supervision.errors import SupervisionError
from app.supervision.models import Meeting, MeetingAction, MeetingPeriod, Tick
from app.supervision.types import MeetingKind, NewMeeting, Period

EARLIEST = date(2000, 1, 1)
LONGEST_NOTES = 8_000
LONGEST_LINE = 500
MOST_EVERY = 120


def set_period(
    session: Session, provider_id: int, kind: MeetingKind, period: Period, *, now: datetime, by: int | None
) -> bool:
    """Set how often a kind of meeting is held. Says whether anything changed. Flushes.

    Raises SupervisionError for a number that cannot be meant.
    """
    if period.every is not None and not 1 <= period.every <= MOST_EVERY:
        raise SupervisionError(f"Type a whole number from 1 to {MOST_EVERY}, or leave it empty.", field=kind.value)
    current = session.scalars(
        select(MeetingPeriod)
        .where(
            MeetingPeriod.provider_id == provider_id,
            MeetingPeriod.kind == kind.value,
            MeetingPeriod.ended_at.is_(None),
        )
        .order_by(MeetingPeriod.id.desc())
    ).all()
    if current and (current[0].every, current[0].unit) == (period.every, period.unit.value):
        return False
    for row in current:
        row.ended_at = now
    session.add(
        MeetingPeriod(
            provider_id=provider_id, kind=kind.value, every=period.every, unit=period.unit.value, since=now, by=by
        )
    )
    session.flush()
    return True


def record_meeting(
    session: Session,
    provider_id: int,
    people: Collection[int],
    new: NewMeeting,
    *,
    now: datetime,
    today: date,
    by: int | None,
) -> tuple[UUID, ...]:
    """Write a meeting down for each of `people` (a team meeting has several); return the uuid of each. Flushes.

    Raises SupervisionError, naming the field, for days that cannot be and words that are missing or too long.
    """
    _check(new, today)
    made = []
    for person_id in people:
        meeting = Meeting(
            uuid=new_uuid7(),
            provider_id=provider_id,
            person_id=person_id,
            kind=new.kind.value,
            held_on=new.held_on,
            led_by_id=new.led_by,
            led_by_other=new.led_by_other,
            shared=new.shared,
            private=new.private,
            next_on=new.next_on,
            written_at=now,
            by=by,
        )
        session.add(meeting)
        session.flush()
        for action in new.actions:
            session.add(
                MeetingAction(
                    uuid=new_uuid7(),
                    meeting_id=meeting.id,
                    provider_id=provider_id,
                    person_id=person_id,
                    text=action.text,
                    due=action.due,
                )
            )
        made.append(meeting.uuid)
    session.flush()
    return tuple(made)


def _check(new: NewMeeting, today: date) -> None:
    if new.held_on > today:
        raise SupervisionError("This day is still to come. Write the meeting down once it was held.", field="held_on")
    if new.held_on < EARLIEST:
        raise SupervisionError("Check the year: that is too long ago.", field="held_on")
    if new.next_on is not None and new.next_on <= new.held_on:
        raise SupervisionError("The next one comes after this one. Check both days.", field="next_on")
    if new.led_by is None and not new.led_by_other:
        raise SupervisionError("Say who held it: pick a person, or type a name.", field="led_by")
    # A day for the next one alone is enough: the meeting was only for finding it.
    if not (new.shared.strip() or new.private.strip() or new.actions or new.next_on):
        raise SupervisionError("Write at least one line: what you talked about, or what was agreed.", field="shared")
    for field, words in (("shared", new.shared), ("private", new.private)):
        if len(words) > LONGEST_NOTES:
            raise SupervisionError(f"These notes are too long: {LONGEST_NOTES} letters at most.", field=field)
    for number, action in enumerate(new.actions, 1):
        if not action.text:
            raise SupervisionError("Say what was agreed, or empty the day.", field=f"action-{number}")
        if len(action.text) > LONGEST_LINE:
            raise SupervisionError(f"This line is too long: {LONGEST_LINE} letters at most.", field=f"action-{number}")


def take_out_meeting(
    session: Session, provider_id: int, person_id: int, meeting: UUID, reason: str, *, now: datetime, by: int | None
) -> Meeting | None:
    """Take a meeting out of the record, with the reason; it stays readable. None: nothing to take out.

    Raises SupervisionError without a reason.
    """
    if not reason:
        raise SupervisionError("Say in a few words why it is taken out.", field="reason")
    if len(reason) > LONGEST_LINE:
        raise SupervisionError(f"This is too long: {LONGEST_LINE} letters at most.", field="reason")
    found = _meeting(session, provider_id, person_id, meeting)
    if found is None or found.taken_out_at is not None:
        return None
    found.taken_out_at, found.taken_out_by, found.reason = now, by, reason
    session.flush()
    return found


def tick(
    session: Session,
    provider_id: int,
    person_id: int,
    subject: UUID,
    *,
    on: date,
    now: datetime,
    today: date,
    by: int | None,
    with_id: int | None = None,
) -> bool:
    """Note that an action or a line of the induction is done. Says whether it was open; another day replaces. Flushes.

    Raises SupervisionError for a day that cannot be.
    """
    if on > today:
        raise SupervisionError("This day is still to come. Tick it once it was done.", field="on")
    if on < EARLIEST:
        raise SupervisionError("Check the year: that is too long ago.", field="on")
    untick(session, provider_id, person_id, subject, now=now, by=by)
    session.add(
        Tick(provider_id=provider_id, person_id=person_id, subject=subject, on=on, with_id=with_id, at=now, by=by)
    )
    session.flush()
    return True


def untick(session: Session, provider_id: int, person_id: int, subject: UUID, *, now: datetime, by: int | None) -> bool:
    """Take a tick back. Says whether there was one. Flushes."""
    done = session.execute(
        update(Tick)
        .where(
            Tick.provider_id == provider_id,
            Tick.person_id == person_id,
            Tick.subject == subject,
            Tick.ended_at.is_(None),
        )
        .values(ended_at=now, ended_by=by)
        .execution_options(synchronize_session=False)
    )
    session.flush()
    return bool(done.rowcount)  # type: ignore[attr-defined]  # an UPDATE's result has it


def has_action(session: Session, provider_id: int, person_id: int, action: UUID) -> bool:
    """Say whether this was agreed with this person at this provider."""
    query = select(MeetingAction.id).where(
        MeetingAction.provider_id == provider_id, MeetingAction.person_id == person_id, MeetingAction.uuid == action
    )
    return session.scalars(query).first() is not None


def _meeting(session: Session, provider_id: int, person_id: int, meeting: UUID) -> Meeting | None:
    return session.scalars(
        select(Meeting).where(
            Meeting.provider_id == provider_id, Meeting.person_id == person_id, Meeting.uuid == meeting
        )
    ).one_or_none()
