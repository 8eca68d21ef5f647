"""Removing a person: what was seen of them goes wholly; what they saw of others stays as those others' evidence."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from app.assessment import delegation
from app.assessment.facts import read_facts
from app.assessment.models import (
    AssessorAppointment,
    Countersign,
    ManagerWithdrawal,
    Observation,
    ObservationConfirmation,
    ObservationWithdrawal,
    SignOff,
)
from app.assessment.rules import settle
from app.assessment.types import State, Why
from app.identity import Person


def records_about(session: Session, person: UUID, provider_id: int | None) -> tuple[UUID, ...]:
    """Return the records in which assessors speak of a person, of one provider when it is given: what they saw, and
    what they took back.
    """
    about = select(Observation.record).where(Observation.learner == person)
    if provider_id is not None:
        about = about.where(Observation.provider_id == provider_id)
    withdrawn = select(ObservationWithdrawal.record).where(ObservationWithdrawal.observation.in_(about))
    return tuple(sorted({*session.scalars(about), *session.scalars(withdrawn)}))


def erase(session: Session, person_id: int, provider_id: int | None) -> None:
    """Remove a person's practice, and their part as assessor or manager; only at one provider when it is given.

    What they saw of others, and did not take back, stays, seen by nobody any more, within the scope they had: it is the
    others' evidence. What they decided about others stays decided, by nobody.
    """
    uuid = session.scalars(select(Person.uuid).where(Person.id == person_id)).one()
    _keep_what_they_saw(session, person_id, uuid, provider_id)
    delegation.erase(session, person_id, provider_id)

    def here(table: type[Observation | ObservationConfirmation | ObservationWithdrawal]) -> list[object]:
        return [] if provider_id is None else [table.provider_id == provider_id]

    about = select(Observation.record).where(Observation.learner == uuid, *here(Observation))  # type: ignore[arg-type]
    session.execute(
        delete(ObservationWithdrawal)
        .where(
            or_(ObservationWithdrawal.person_id == person_id, ObservationWithdrawal.observation.in_(about)),
            *here(ObservationWithdrawal),  # type: ignore[arg-type]
        )
        .execution_options(synchronize_session=False)
    )
    session.execute(
        delete(Observation)
        .where(
            or_(Observation.learner == uuid, Observation.assessor_id == person_id),
            *here(Observation),  # type: ignore[arg-type]
        )
        .execution_options(synchronize_session=False)
    )
    for table in (ObservationConfirmation, AssessorAppointment, ManagerWithdrawal, Countersign, SignOff):
        theirs = delete(table).where(table.person_id == person_id)
        session.execute(theirs if provider_id is None else theirs.where(table.provider_id == provider_id))
    if provider_id is None:
        for column in (
            AssessorAppointment.by,
            AssessorAppointment.ended_by,
            ManagerWithdrawal.by,
            ManagerWithdrawal.undone_by,
            Countersign.by,
            SignOff.by,
            SignOff.withdrawn_by,
        ):
            session.execute(update(column.class_).where(column == person_id).values({column.key: None}))
    session.expire_all()


def _keep_what_they_saw(session: Session, person_id: int, uuid: UUID, provider_id: int | None) -> None:
    """Take the assessor out of what they saw of others and keep whether it was within their scope."""
    query = select(Observation.provider_id).where(Observation.assessor_id == person_id).distinct()
    where = [provider_id] if provider_id is not None else [each for each in session.scalars(query) if each is not None]
    for place in where:
        for view in settle(read_facts(session, place, None, assessor=person_id)):
            if view.learner == uuid or view.state is State.WITHDRAWN:
                continue
            in_scope = view.why not in (Why.NO_PLACE, Why.NOT_APPOINTED, Why.LATE)
            session.execute(
                update(Observation)
                .where(Observation.record == view.record)
                .values(assessor_id=None, in_scope=in_scope)
                .execution_options(synchronize_session=False)
            )
