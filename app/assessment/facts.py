"""Reading what was said and decided about some learners, as it is known now or was at an earlier day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.orm import Session, aliased

from app.assessment.frameworks import criteria_of
from app.assessment.models import (
    AssessorAppointment,
    Countersign,
    ManagerWithdrawal,
    Observation,
    ObservationConfirmation,
    ObservationWithdrawal,
)
from app.assessment.rules import Facts
from app.assessment.types import (
    AppointmentView,
    Confirmation,
    Countersigned,
    Decided,
    Decision,
    Method,
    Statement,
    Stay,
    TakenBack,
    Withdrawal,
)
from app.identity import Person
from app.kernel import day_of, start_of
from app.providers import Membership, called

ERASED = "an assessor who was erased"


def after(day: date | None) -> datetime | None:
    """Return the first moment after a day, or None."""
    return None if day is None else start_of(day + timedelta(days=1))


def read_facts(
    session: Session,
    provider_id: int,
    people: Collection[int] | None,
    *,
    as_at: date | None = None,
    assessor: int | None = None,
) -> Facts:
    """Return what is known about these learners (None: all of the provider), or by one assessor. Nine statements, and
    one more where others have the same short codes as an assessor's.

    With `as_at`, only what had been said and decided by its end.
    """
    until = after(as_at)
    # An assessor's phone can name anybody's uuid: only people of this provider are spoken of here.
    learners = _people(session, provider_id, people)
    which = [_by(Observation.at, until), Observation.provider_id == provider_id]
    theirs = list(which)
    if people is not None:
        theirs.append(Observation.learner.in_(learners))
    if assessor is not None:
        theirs.append(Observation.assessor_id == assessor)
    # Columns, not rows of the class, and nobody's name joined to each: of a large provider there are many thousands.
    everything = select(*Observation.__table__.c)
    rows = [row for row in session.execute(everything.where(*theirs)) if row.learner in learners]
    if not rows:
        return Facts(statements=(), learners={})
    # A short code is told apart among all of its learner's, so theirs are wanted however the question was narrowed.
    learners = {row.learner: learners[row.learner] for row in rows}
    ids = {person_id for person_id, _name in learners.values()}
    narrowed = people is not None or assessor is not None
    mine = ObservationConfirmation.person_id.in_(ids) if narrowed else true()
    same = _others_with_their_codes(session, provider_id, rows, until) if assessor is not None else ()
    others = session.execute(everything.where(*which, Observation.record.in_(same))).all() if same else []
    decided = ManagerWithdrawal.person_id.in_(ids) if narrowed else true()
    signed = Countersign.person_id.in_(ids) if narrowed else true()
    made_by = {row.assessor_id for row in (*rows, *others) if row.assessor_id is not None}
    assessors = _assessors(session, provider_id, made_by)
    stated = [_statement(row, *assessors.get(row.assessor_id, (None, ERASED))) for row in rows]
    rivals = [_statement(row, *assessors.get(row.assessor_id, (None, ERASED))) for row in others]
    return Facts(
        statements=stated,
        learners=learners,
        confirmations=_confirmations(session, provider_id, mine, until),
        withdrawals=_withdrawals(session, provider_id, made_by, until),
        taken_back=_taken_back(session, provider_id, decided, until),
        countersigned=_countersigned(session, provider_id, signed, until),
        appointments=read_appointments(session, provider_id, made_by, as_at=as_at),
        stays=_stays(session, provider_id, made_by),
        criteria=criteria_of(session, {each.framework for each in (*stated, *rivals)}),
        rivals=rivals,
    )


def read_appointments(
    session: Session, provider_id: int, people: Collection[int] | None, *, as_at: date | None = None
) -> tuple[AppointmentView, ...]:
    """Return appointments of a provider's people (None: of all), the newest first, as they were at the end of a day."""
    until = after(as_at)
    giver, ender = aliased(Person), aliased(Person)
    query = (
        select(
            AssessorAppointment,
            Person.uuid,
            called(provider_id),
            called(provider_id, giver),
            called(provider_id, ender),
        )
        .join(Person, Person.id == AssessorAppointment.person_id)
        .outerjoin(giver, giver.id == AssessorAppointment.by)
        .outerjoin(ender, ender.id == AssessorAppointment.ended_by)
        .where(AssessorAppointment.provider_id == provider_id, _by(AssessorAppointment.at, until))
        .order_by(AssessorAppointment.at.desc(), AssessorAppointment.id.desc())
    )
    if people is not None:
        query = query.where(AssessorAppointment.person_id.in_(people))
    found = []
    for row, uuid, name, by, ended_by in session.execute(query):
        over = row.ended_at is not None and (until is None or row.ended_at < until)
        found.append(
            AppointmentView(
                uuid=row.uuid,
                person_id=row.person_id,
                assessor=uuid,
                name=name,
                standards=None if row.standards is None else tuple(row.standards),
                basis=row.basis,
                since=row.since,
                until=row.until,
                at=row.at,
                by=by or "",
                ended_at=row.ended_at if over else None,
                ended_by=(ended_by or "") if over else "",
            )
        )
    return tuple(found)


def _by(column: object, until: datetime | None) -> ColumnElement[bool]:
    return true() if until is None else column < until  # type: ignore[operator,return-value,unused-ignore]


def _people(session: Session, provider_id: int, people: Collection[int] | None) -> dict[UUID, tuple[int, str]]:
    """Return the internal id and the name of these people by uuid; of all who ever had a place here when None."""
    here = select(Membership.person_id).where(Membership.provider_id == provider_id)
    query = select(Person.uuid, Person.id, called(provider_id)).where(Person.id.in_(here))
    if people is not None:
        query = query.where(Person.id.in_(people))
    return {uuid: (person_id, name) for uuid, person_id, name in session.execute(query)}


def _assessors(
    session: Session, provider_id: int, people: Collection[int]
) -> dict[int | None, tuple[UUID | None, str]]:
    query = select(Person.id, Person.uuid, called(provider_id).label("name")).where(Person.id.in_(people))
    return {row.id: (row.uuid, row.name) for row in session.execute(query)}


def _statement(row: Any, assessor: UUID | None, name: str) -> Statement:
    return Statement(
        record=row.record,
        assessor=assessor,
        assessor_name=name,
        learner=row.learner,
        framework=row.framework,
        standard=row.standard,
        method=Method(row.method),
        seen_on=row.seen_on,
        decided=tuple(
            Decided(code=each["code"], decision=Decision(each["decision"]), saw=each["saw"]) for each in row.decisions
        ),
        next_step=row.next_step,
        next_on=row.next_on,
        short=row.short,
        at=row.at,
        received_at=row.received_at,
        in_scope=row.in_scope,
        digests=row.digests,
    )


def _others_with_their_codes(
    session: Session, provider_id: int, stated: Collection[Any], until: datetime | None
) -> list[UUID]:
    """Return the records of other assessors that share their learner and short code with one of these."""
    learners = {each.learner for each in stated}
    query = select(Observation.learner, Observation.short, Observation.record).where(
        Observation.provider_id == provider_id, Observation.learner.in_(learners), _by(Observation.at, until)
    )
    codes = {(each.learner, each.short) for each in stated}
    known = {each.record for each in stated}
    return [
        row.record for row in session.execute(query) if (row.learner, row.short) in codes and row.record not in known
    ]


def _confirmations(
    session: Session, provider_id: int, which: ColumnElement[bool], until: datetime | None
) -> list[Confirmation]:
    query = (
        select(*ObservationConfirmation.__table__.c, Person.uuid.label("learner"))
        .join(Person, Person.id == ObservationConfirmation.person_id)
        .where(ObservationConfirmation.provider_id == provider_id, which, _by(ObservationConfirmation.at, until))
    )
    return [
        Confirmation(
            record=row.record,
            learner=row.learner,
            observation=row.observation,
            short=row.short,
            agrees=row.agrees,
            comment=row.comment,
            at=row.at,
            saw=row.saw,
        )
        for row in session.execute(query)
    ]


def _withdrawals(
    session: Session, provider_id: int, made_by: Collection[int], until: datetime | None
) -> list[Withdrawal]:
    query = (
        select(ObservationWithdrawal, Person.uuid)
        .join(Person, Person.id == ObservationWithdrawal.person_id)
        .where(
            ObservationWithdrawal.provider_id == provider_id,
            ObservationWithdrawal.person_id.in_(made_by),
            _by(ObservationWithdrawal.at, until),
        )
    )
    return [
        Withdrawal(record=row.record, assessor=uuid, observation=row.observation, reason=row.reason, at=row.at)
        for row, uuid in session.execute(query)
    ]


def _taken_back(
    session: Session, provider_id: int, which: ColumnElement[bool], until: datetime | None
) -> list[TakenBack]:
    query = (
        select(ManagerWithdrawal, called(provider_id), Person.uuid)
        .outerjoin(Person, Person.id == ManagerWithdrawal.by)
        .where(ManagerWithdrawal.provider_id == provider_id, which, _by(ManagerWithdrawal.at, until))
    )
    return [
        TakenBack(
            observation=row.observation,
            reason=row.reason,
            by=name or "",
            at=row.at,
            undone_at=row.undone_at if until is None or (row.undone_at and row.undone_at < until) else None,
            by_person=uuid,
        )
        for row, name, uuid in session.execute(query)
    ]


def _countersigned(
    session: Session, provider_id: int, which: ColumnElement[bool], until: datetime | None
) -> list[Countersigned]:
    query = (
        select(Countersign, called(provider_id))
        .outerjoin(Person, Person.id == Countersign.by)
        .where(Countersign.provider_id == provider_id, which, _by(Countersign.at, until))
    )
    return [
        Countersigned(
            observation=row.observation, confirmation=row.confirmation, words=row.words, by=name or "", at=row.at
        )
        for row, name in session.execute(query)
    ]


def _stays(session: Session, provider_id: int, people: Collection[int]) -> dict[UUID, list[Stay]]:
    query = (
        select(Person.uuid, Membership.started, Membership.ended)
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.provider_id == provider_id, Membership.person_id.in_(people))
    )
    found: dict[UUID, list[Stay]] = defaultdict(list)
    for row in session.execute(query):
        found[row.uuid].append(Stay(started=day_of(row.started), ended=day_of(row.ended) if row.ended else None))
    return found
