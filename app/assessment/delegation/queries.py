"""Questions screens ask: who may do what, for whom, until when, as it stood at the end of a day."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, aliased

from app.assessment.delegation.models import Delegation, DelegationWithdrawal
from app.assessment.delegation.rules import same_task, standing
from app.assessment.delegation.types import DelegationView, Withdrawn
from app.identity import Person
from app.kernel import any_of_one, end_of
from app.providers import called

# Whether there is anything of a person: parts of one statement, asked with `provider`, `person` and `person_uuid`.
ANY_OF_ONE = {"delegated": any_of_one(Delegation)}


def of(session: Session, provider_id: int, people: Collection[int] | None, as_at: date) -> tuple[DelegationView, ...]:
    """Return every paper of these people (None: everybody's) as at the end of the day `as_at`, the oldest first.

    What was noted, withdrawn or brought back later is not looked at. One statement.
    """
    until = end_of(as_at)
    noted, ended = aliased(Person), aliased(Person)
    gone = DelegationWithdrawal
    stands = and_(
        gone.delegation == Delegation.uuid, gone.at <= until, or_(gone.undone_at.is_(None), gone.undone_at > until)
    )
    query = (
        select(Delegation, gone, called(provider_id, noted), called(provider_id, ended))
        .outerjoin(gone, stands)
        .outerjoin(noted, Delegation.by == noted.id)
        .outerjoin(ended, gone.by == ended.id)
        .where(Delegation.provider_id == provider_id, Delegation.at <= until)
        .order_by(Delegation.id)
    )
    if people is not None:
        query = query.where(Delegation.person_id.in_(list(people)))
    rows = session.execute(query).all()
    # Of each task: its first paper, by which all are known, and the newest, which alone counts.
    threads: dict[tuple[int, str, str], UUID] = {}
    newest: dict[UUID, UUID] = {}
    for row, *_ in rows:
        thread = threads.setdefault((row.person_id, *same_task(row.alias, row.task)), row.uuid)
        newest[thread] = row.uuid
    found = []
    for row, withdrawal, by, ended_by in rows:
        thread = threads[row.person_id, *same_task(row.alias, row.task)]
        found.append(
            DelegationView(
                uuid=row.uuid,
                thread=thread,
                person_id=row.person_id,
                task=row.task,
                alias=row.alias,
                limits=row.limits,
                clinician=row.clinician,
                profession=row.profession,
                organisation=row.organisation,
                reach=row.reach,
                seen_on=row.seen_on,
                valid_until=row.valid_until,
                rests_on=row.rests_on,
                at=row.at,
                by=by or "",
                own=row.by == row.person_id,
                withdrawn=_withdrawn(withdrawal, ended_by),
                standing=standing(row.valid_until, withdrawn=withdrawal is not None, day=as_at),
                replaced=newest[thread] != row.uuid,
            )
        )
    return tuple(found)


def in_force(
    session: Session, provider_id: int, people: Collection[int] | None, as_at: date
) -> tuple[DelegationView, ...]:
    """Return the newest paper of each task, whether it stands, has ended or was withdrawn, the oldest first."""
    return tuple(each for each in of(session, provider_id, people, as_at) if not each.replaced)


def _withdrawn(row: DelegationWithdrawal | None, by: str | None) -> Withdrawn | None:
    return None if row is None else Withdrawn(at=row.at, reason=row.reason, by=by or "")
