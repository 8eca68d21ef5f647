"""What managers decide about assessors, observations and standards. Each flushes and never commits."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import providers
from app.assessment.errors import AssessmentError
from app.assessment.models import (
    WHOLE_CERTIFICATE,
    AssessorAppointment,
    Countersign,
    ManagerWithdrawal,
    SignOff,
)
from app.assessment.queries import find_observation, sign_offs_of
from app.assessment.standards import standards_of
from app.assessment.types import FRAMEWORK, ObservationView, State
from app.kernel import new_uuid7
from app.providers import Role

LONGEST = 500


def name_assessor(
    session: Session,
    provider_id: int,
    person_id: int,
    *,
    standards: Collection[int] | None,
    basis: str,
    since: date,
    until: date | None,
    now: datetime,
    by: int | None,
) -> UUID:
    """Let somebody decide about practice: for these standards, or all (None), on these days, inclusive.

    `basis` says in words why they are competent. Returns the appointment's uuid. Raises AssessmentError, with the field
    to mend: "person", "standards", "basis" or "until".
    """
    providers.one_at_a_time(session, provider_id)
    member = providers.find_member(session, provider_id, person_id)
    if member is None or member.ended is not None or Role.ASSESSOR not in member.roles:
        raise AssessmentError("Pick somebody who is an assessor here now.", code="not-an-assessor", field="person")
    if standards is not None and not standards:
        raise AssessmentError("Pick the standards, or all of them.", code="no-standards", field="standards")
    if until is not None and until < since:
        raise AssessmentError("The last day is before the first. Mend one of them.", code="dates", field="until")
    row = AssessorAppointment(
        uuid=new_uuid7(),
        provider_id=provider_id,
        person_id=person_id,
        standards=None if standards is None else sorted(set(standards)),
        basis=_words(basis, "basis", "Say why they are competent, such as a qualification and years of work."),
        since=since,
        until=until,
        at=now,
        by=by,
    )
    session.add(row)
    session.flush()
    return row.uuid


def end_appointment(
    session: Session, provider_id: int, appointment: UUID, *, now: datetime, by: int | None
) -> int | None:
    """End an appointment; what was seen up to today goes on counting. Returns whose it is, or None: nothing changed."""
    providers.one_at_a_time(session, provider_id)
    row = session.scalars(
        select(AssessorAppointment).where(
            AssessorAppointment.provider_id == provider_id, AssessorAppointment.uuid == appointment
        )
    ).one_or_none()
    if row is None or row.ended_at is not None:
        return None
    row.ended_at, row.ended_by = now, by
    session.flush()
    return row.person_id


def end_appointments_of(session: Session, provider_id: int, person_id: int, *, now: datetime, by: int | None) -> int:
    """End all of a person's appointments: they are no assessor here any more. Says how many were open."""
    providers.one_at_a_time(session, provider_id)
    rows = session.scalars(
        select(AssessorAppointment).where(
            AssessorAppointment.provider_id == provider_id,
            AssessorAppointment.person_id == person_id,
            AssessorAppointment.ended_at.is_(None),
        )
    ).all()
    for row in rows:
        row.ended_at, row.ended_by = now, by
    session.flush()
    return len(rows)


def take_back(
    session: Session, provider_id: int, person_id: int, observation: UUID, *, reason: str, now: datetime, by: int
) -> ObservationView | None:
    """Withdraw an observation as a manager. Returns it as it was, or None: there is none, or it was withdrawn already.

    Raises AssessmentError, field "reason" without words, code "your-own" when it is about `by` and another manager
    could.
    """
    providers.one_at_a_time(session, provider_id)
    view = find_observation(session, provider_id, person_id, observation)
    if view is None or view.state is State.WITHDRAWN:
        return None
    _refuse_own_while_another_could(session, provider_id, person_id, by)
    words = _words(reason, "reason", "Say why, in a few words. It stays in the record.")
    session.add(
        ManagerWithdrawal(
            provider_id=provider_id, person_id=person_id, observation=observation, reason=words, at=now, by=by
        )
    )
    session.flush()
    return view


def bring_back(
    session: Session, provider_id: int, person_id: int, observation: UUID, *, now: datetime, by: int
) -> ObservationView | None:
    """Undo a manager's withdrawal. Returns the observation, or None: no manager had withdrawn it. Safe to repeat.

    Raises AssessmentError, code "your-own", when it is about `by` and another manager could, or they made it and
    another manager took it back.
    """
    providers.one_at_a_time(session, provider_id)
    rows = session.scalars(
        select(ManagerWithdrawal).where(
            ManagerWithdrawal.provider_id == provider_id,
            ManagerWithdrawal.person_id == person_id,
            ManagerWithdrawal.observation == observation,
            ManagerWithdrawal.undone_at.is_(None),
        )
    ).all()
    view = find_observation(session, provider_id, person_id, observation)
    if not rows or view is None:
        return None
    presser = providers.find_member(session, provider_id, by)
    made_it = presser is None or presser.person_uuid == view.assessor
    _refuse_own_while_another_could(session, provider_id, person_id, by)
    if made_it and any(row.by != by for row in rows):
        raise AssessmentError("Another manager has to decide this one: you saw it.", code="your-own")
    for row in rows:
        row.undone_at, row.undone_by = now, by
    session.flush()
    return find_observation(session, provider_id, person_id, observation)


def countersign(
    session: Session,
    provider_id: int,
    person_id: int,
    observation: UUID,
    *,
    by: int,
    words: str,
    now: datetime,
) -> ObservationView | None:
    """Let an observation count that waits for a manager: somebody's own practice, one the learner disagrees with, or
    one that came late. The learner's word is still wanted for the last.

    Returns it as it was, or None: it does not wait for this. Raises AssessmentError, code "your-own" when `by` made
    it or it is about them, field "words" without a reason.
    """
    providers.one_at_a_time(session, provider_id)
    view = find_observation(session, provider_id, person_id, observation)
    if view is None or not view.waits_for_manager:
        return None
    signer = providers.find_member(session, provider_id, by)
    if signer is None or signer.person_uuid in (view.assessor, view.learner):
        raise AssessmentError(
            "Another manager has to decide this one: you saw it, or it is about you.", code="your-own", field="words"
        )
    session.add(
        Countersign(
            provider_id=provider_id,
            person_id=person_id,
            observation=observation,
            confirmation=view.confirmation.record if view.confirmation and view.state is State.DISAGREED else None,
            words=_words(words, "words", "Say why it counts, in a few words. It stays in the record."),
            at=now,
            by=by,
        )
    )
    session.flush()
    return view


def sign_off(session: Session, provider_id: int, person_id: int, standard: int, *, now: datetime, by: int) -> bool:
    """Sign a standard off. Says whether it was not signed before.

    Raises AssessmentError, code "not-whole" with what is missing, "your-own" for one's own, "no-standard".
    """
    _refuse_own(person_id, by)
    providers.one_at_a_time(session, provider_id)
    standing = next(
        (
            each
            for each in standards_of(session, provider_id, [person_id], now=now)[person_id]
            if each.number == standard
        ),
        None,
    )
    if standing is None:
        raise AssessmentError("There is no such standard.", code="no-standard")
    if standing.sign_off is not None:
        return False
    if not standing.whole:
        raise AssessmentError(
            f"Standard {standard} is not there yet. {missing_words(standing.not_known, standing.not_shown)}",
            code="not-whole",
        )
    return _sign(session, provider_id, person_id, standard, now, by)


def sign_certificate(session: Session, provider_id: int, person_id: int, *, now: datetime, by: int) -> bool:
    """Sign the whole certificate off: every standard is signed and whole today, and the registered manager does it.

    Says whether it was not signed before. Raises AssessmentError, code "not-registered", "not-whole" or "your-own".
    """
    _refuse_own(person_id, by)
    providers.one_at_a_time(session, provider_id)
    registered = providers.registered_manager(session, provider_id)
    if registered is None or registered.person_id != by:
        raise AssessmentError("Only the registered manager signs the certificate.", code="not-registered")
    standings = standards_of(session, provider_id, [person_id], now=now)[person_id]
    unsigned = [str(each.number) for each in standings if each.sign_off is None]
    if unsigned or not standings:
        raise AssessmentError(f"Not signed yet: standard {', '.join(unsigned)}.", code="not-whole")
    signed = sign_offs_of(session, provider_id, [person_id]).get(person_id, ())
    if any(each.standard is None and each.withdrawn_at is None for each in signed):
        return False
    gone = [
        f"Standard {each.number}: {missing_words(each.not_known, each.not_shown)}"
        for each in standings
        if not each.whole
    ]
    if gone:
        raise AssessmentError(f"Signed, but not there any more. {' '.join(gone)}", code="not-whole")
    return _sign(session, provider_id, person_id, WHOLE_CERTIFICATE, now, by)


def withdraw_sign_off(
    session: Session,
    provider_id: int,
    person_id: int,
    standard: int | None,
    *,
    reason: str,
    now: datetime,
    by: int,
) -> bool:
    """Take a sign-off back, of a standard or (None) of the certificate. Says whether there was one in force.

    It stays in the record with the reason. Raises AssessmentError, field "reason" without words, code "your-own" when
    it is about `by` and another manager could.
    """
    providers.one_at_a_time(session, provider_id)
    row = session.scalars(
        select(SignOff).where(
            SignOff.provider_id == provider_id,
            SignOff.person_id == person_id,
            SignOff.framework == FRAMEWORK,
            SignOff.standard == (WHOLE_CERTIFICATE if standard is None else standard),
            SignOff.withdrawn_at.is_(None),
        )
    ).one_or_none()
    if row is None:
        return False
    _refuse_own_while_another_could(session, provider_id, person_id, by)
    words = _words(reason, "reason", "Say why, in a few words. It stays in the record.")
    row.withdrawn_at, row.withdrawn_by, row.withdrawn_reason = now, by, words
    session.flush()
    return True


def missing_words(not_known: Collection[str], not_shown: Collection[str]) -> str:
    """Say what a standard still wants: "To learn: 1.1a. To be seen at work: 1.1c." """
    parts = [("To learn", not_known), ("To be seen at work", not_shown)]
    return " ".join(f"{words}: {', '.join(codes)}." for words, codes in parts if codes)


def _sign(session: Session, provider_id: int, person_id: int, standard: int, now: datetime, by: int) -> bool:
    session.add(
        SignOff(
            uuid=new_uuid7(),
            provider_id=provider_id,
            person_id=person_id,
            framework=FRAMEWORK,
            standard=standard,
            at=now,
            by=by,
        )
    )
    session.flush()
    return True


def _refuse_own(person_id: int, by: int) -> None:
    if person_id == by:
        raise AssessmentError("Another manager has to sign yours off.", code="your-own")


def _refuse_own_while_another_could(session: Session, provider_id: int, person_id: int, by: int) -> None:
    words = providers.why_not_own(session, provider_id, person_id, by)
    if words:
        raise AssessmentError(words, code="your-own")


def _words(typed: str, field: str, empty: str) -> str:
    words = " ".join("".join(c for c in typed if c.isprintable() or c.isspace()).split())
    if not words:
        raise AssessmentError(empty, code=f"{field}-empty", field=field)
    if len(words) > LONGEST:
        raise AssessmentError(f"Use at most {LONGEST} letters.", code=f"{field}-too-long", field=field)
    return words
