"""What a key that was put right means for attempts already marked, and what people decide about passes it took."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from app.content.errata import reasons_of
from app.learning.models import AttemptResult, Completed, PassDecision, Remark
from app.learning.types import PassToDecide, RemarkView

_OF_ITS_ATTEMPT = (AttemptResult.person_id == Remark.person_id) & (AttemptResult.record == Remark.record)


def passes_of_edition(session: Session, sha: str) -> dict[UUID, bool]:
    """Return every attempt at an edition: record → whether it counts as a pass."""
    query = select(AttemptResult.record, AttemptResult.passed).where(AttemptResult.sha == sha)
    return {row.record: row.passed for row in session.execute(query)}


def remarks_by(session: Session, erratum: int) -> tuple[RemarkView, ...]:
    """Return what one erratum changed, by record."""
    query = select(Remark, AttemptResult.passed).join(AttemptResult, _OF_ITS_ATTEMPT)
    return tuple(
        RemarkView(
            record=row.record,
            person_id=row.person_id,
            old_score=row.old_score,
            old_passed=row.old_passed,
            new_score=row.new_score,
            new_passed=row.new_passed,
            counts=counts,
        )
        for row, counts in session.execute(query.where(Remark.erratum == erratum).order_by(Remark.record))
    )


def forget_results_of_edition(session: Session, sha: str) -> None:
    """Empty what attempts at an edition made of it, for `apply` to fill it again."""
    for table in (AttemptResult, Completed, Remark):
        session.execute(delete(table).where(table.sha == sha))


def taken_away(session: Session, records: Iterable[UUID]) -> dict[UUID, int]:
    """Return which of these records' passes a manager took away, with the erratum of the decision."""
    query = select(PassDecision).where(PassDecision.record.in_(list(records))).order_by(PassDecision.id)
    latest = {row.record: row for row in session.scalars(query)}
    return {record: row.erratum for record, row in latest.items() if not row.stands}


def passes_to_decide(session: Session, provider_id: int) -> tuple[PassToDecide, ...]:
    """Return the passes of a provider's people that only a wrong key gave and that nobody has decided on, oldest first.

    One statement, and another when there are any.
    """
    stands = select(PassDecision.record).where(PassDecision.provider_id == provider_id, PassDecision.stands)
    query = (
        select(Remark)
        .join(AttemptResult, _OF_ITS_ATTEMPT)
        .where(Remark.provider_id == provider_id, AttemptResult.passed, Remark.record.not_in(stands))
        .order_by(Remark.at, Remark.record, Remark.erratum)
    )
    remarks = session.scalars(query).all()
    first = {row.record: row for row in reversed(remarks)}
    last = {row.record: row for row in remarks}
    lost = [row for row in last.values() if not row.new_passed]
    reasons = reasons_of(session, [row.erratum for row in lost]) if lost else {}
    return tuple(
        PassToDecide(
            record=row.record,
            person_id=row.person_id,
            module=row.module,
            edition=row.edition,
            at=row.at,
            old_score=first[row.record].old_score,
            new_score=row.new_score,
            reason=reasons[row.erratum],
        )
        for row in lost
    )


def decide_pass(
    session: Session, provider_id: int, person_id: int, record: UUID, *, stands: bool, now: datetime, by: int | None
) -> PassToDecide | None:
    """Let a pass stand, or take it away. Returns what was decided on; None: there is nothing to decide. Flushes."""
    found = next(
        (
            each
            for each in passes_to_decide(session, provider_id)
            if (each.record, each.person_id) == (record, person_id)
        ),
        None,
    )
    if found is None:
        return None
    erratum = session.scalars(
        select(Remark.erratum)
        .where(Remark.person_id == person_id, Remark.record == record)
        .order_by(Remark.erratum.desc())
        .limit(1)
    ).one()
    session.execute(
        insert(PassDecision).values(
            record=record,
            person_id=person_id,
            provider_id=provider_id,
            erratum=erratum,
            stands=stands,
            at=now,
            by=by,
        )
    )
    if not stands:
        its_result = AttemptResult.person_id == person_id, AttemptResult.record == record
        session.execute(update(AttemptResult).where(*its_result).values(passed=False))
        session.execute(delete(Completed).where(Completed.person_id == person_id, Completed.record == record))
    return found
