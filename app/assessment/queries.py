"""Questions screens ask about practice. Each starts from a provider and takes a fixed number of statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date
from uuid import UUID

from sqlalchemy import bindparam, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.assessment.facts import after, read_appointments, read_facts
from app.assessment.models import (
    WHOLE_CERTIFICATE,
    AssessorAppointment,
    Observation,
    ObservationWithdrawal,
    SignOff,
)
from app.assessment.rules import settle, shown_and_not_yet
from app.assessment.types import AppointmentView, NotYet, ObservationView, Shown, SignOffView
from app.identity import Person
from app.providers import called

# Whether there is anything of a person: parts of one statement, asked with `provider`, `person` and `person_uuid`.
ANY_OF_ONE = {
    "observed": exists().where(
        Observation.provider_id == bindparam("provider"), Observation.learner == bindparam("person_uuid")
    ),
    "assessors": exists().where(AssessorAppointment.provider_id == bindparam("provider")),
}


def observations_of(
    session: Session, provider_id: int, people: Collection[int] | None, *, as_at: date | None = None
) -> tuple[ObservationView, ...]:
    """Return every observation of these learners (None: of all) with where it stands, the latest seen first.

    With `as_at`, as it stood at the end of that day: what was said or decided later is not there.
    """
    return settle(read_facts(session, provider_id, people, as_at=as_at))


def observations_by(session: Session, provider_id: int, assessor: int) -> tuple[ObservationView, ...]:
    """Return every observation an assessor made, with where it stands, the latest seen first."""
    return settle(read_facts(session, provider_id, None, assessor=assessor))


def shown_of(
    session: Session, provider_id: int, people: Collection[int] | None, *, as_at: date | None = None
) -> Mapping[int, Mapping[str, Shown]]:
    """Return which criteria these people have shown in practice, by code. Who has shown none is not there."""
    shown, _ = shown_and_not_yet(observations_of(session, provider_id, people, as_at=as_at))
    return {person_id: found for person_id, found in shown.items() if found}


def learners_of(session: Session, provider_id: int, records: Collection[UUID]) -> set[int]:
    """Return the ids of those about whom some of these records say something: observations, and their withdrawals."""
    if not records:
        return set()
    taken = select(ObservationWithdrawal.observation).where(ObservationWithdrawal.record.in_(records))
    query = (
        select(Person.id)
        .join(Observation, Observation.learner == Person.uuid)
        .where(
            Observation.provider_id == provider_id,
            or_(Observation.record.in_(records), Observation.record.in_(taken)),
        )
    )
    return set(session.scalars(query))


def not_yet_of(views: Collection[ObservationView]) -> Mapping[int, Mapping[str, NotYet]]:
    """Return what of these observations is not there yet by its latest counting decision, by person and code."""
    return {person_id: found for person_id, found in shown_and_not_yet(views)[1].items() if found}


def appointments(session: Session, provider_id: int, *, as_at: date | None = None) -> tuple[AppointmentView, ...]:
    """Return everybody who was ever named an assessor here, ended or not, the newest first."""
    return read_appointments(session, provider_id, None, as_at=as_at)


def scope_of(session: Session, provider_id: int, person_id: int, standards: Collection[int], *, day: date) -> set[int]:
    """Return which of these standards a person may decide about on a day."""
    named = read_appointments(session, provider_id, [person_id])
    # Who was ended today may have seen somebody this morning; a phone offers nothing new from then on.
    active = [each for each in named if each.ended_at is None]
    return {number for number in standards if any(each.covers(number, day) for each in active)}


def is_appointed(session: Session, provider_id: int, person_id: int) -> bool:
    """Say whether a person was named an assessor and that was not ended. One statement."""
    query = select(func.count()).where(
        AssessorAppointment.provider_id == provider_id,
        AssessorAppointment.person_id == person_id,
        AssessorAppointment.ended_at.is_(None),
    )
    return session.scalars(query).one() > 0


def sign_offs_of(
    session: Session, provider_id: int, people: Collection[int] | None, *, as_at: date | None = None
) -> Mapping[int, tuple[SignOffView, ...]]:
    """Return what was signed off for these people, withdrawn or not, the newest first. One statement."""
    until = after(as_at)
    giver, taker = aliased(Person), aliased(Person)
    query = (
        select(SignOff, called(provider_id, giver), called(provider_id, taker), giver.uuid)
        .outerjoin(giver, giver.id == SignOff.by)
        .outerjoin(taker, taker.id == SignOff.withdrawn_by)
        .where(SignOff.provider_id == provider_id)
        .order_by(SignOff.at.desc(), SignOff.id.desc())
    )
    if people is not None:
        query = query.where(SignOff.person_id.in_(people))
    if until is not None:
        query = query.where(SignOff.at < until)
    found: dict[int, list[SignOffView]] = defaultdict(list)
    for row, by, withdrawn_by, by_uuid in session.execute(query):
        over = row.withdrawn_at is not None and (until is None or row.withdrawn_at < until)
        found[row.person_id].append(
            SignOffView(
                uuid=row.uuid,
                person_id=row.person_id,
                framework=row.framework,
                standard=None if row.standard == WHOLE_CERTIFICATE else row.standard,
                at=row.at,
                by=by or "",
                withdrawn_at=row.withdrawn_at if over else None,
                withdrawn_by=(withdrawn_by or "") if over else "",
                withdrawn_reason=row.withdrawn_reason if over else None,
                by_uuid=by_uuid,
            )
        )
    return {person_id: tuple(views) for person_id, views in found.items()}


def find_observation(session: Session, provider_id: int, person_id: int, observation: UUID) -> ObservationView | None:
    """Return one observation of a learner, or None: there is no such one of this person here."""
    views = observations_of(session, provider_id, [person_id])
    return next((view for view in views if view.record == observation), None)
