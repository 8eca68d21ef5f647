"""What was true on an earlier day: what was asked by then, and what had been done, by the keys and decisions of then.

Things that happened are kept for ever, so an earlier day needs no copy of its own. What is written over, a result whose
key was put right, has its old value in `remarks` and the day of each decision in `pass_decisions`. When an act reached
the server does not matter: what a carer did without signal was done on the day they did it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.content.errata import corrected_at
from app.learning.models import Assignment, AttemptResult, LessonRead, PassDecision, Remark
from app.learning.projection import counts
from app.learning.types import Asked, Completion


@dataclass(frozen=True, slots=True, kw_only=True)
class PastAttempt:
    """One attempt as it counted on a day. `at` is the phone's time, `received_at` the server's."""

    record: UUID
    person_id: int
    module: str
    edition: int
    sha: str
    at: datetime
    received_at: datetime
    seconds: int
    score: int
    passed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PastAssignment:
    """Something a manager asked for. `ended_at` is None where it still was asked for on that day."""

    person_id: int
    module: str
    asked: Asked
    assigned_at: datetime
    assigned_by: int | None
    ended_at: datetime | None
    ended_by: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Used:
    """An edition that people read or answered in a time: how many people, and when first and last."""

    sha: str
    module: str
    edition: int
    people: int
    first: datetime
    last: datetime


def assignments_until(
    session: Session, provider_id: int, people: Collection[int], until: datetime
) -> tuple[PastAssignment, ...]:
    """Return what these people had been asked for up to a moment, the oldest first. One statement."""
    query = (
        select(Assignment)
        .where(Assignment.provider_id == provider_id, Assignment.person_id.in_(people), Assignment.assigned_at <= until)
        .order_by(Assignment.assigned_at, Assignment.id)
    )
    return tuple(_assignment(row, until) for row in session.scalars(query))


def _assignment(row: Assignment, until: datetime) -> PastAssignment:
    ended = row.ended_at is not None and row.ended_at <= until
    return PastAssignment(
        person_id=row.person_id,
        module=row.module,
        asked=Asked(
            due=row.due,
            training=row.training,
            refresh_months=row.refresh_months,
            window_days=row.window_days,
            grace_days=row.grace_days,
        ),
        assigned_at=row.assigned_at,
        assigned_by=row.assigned_by,
        ended_at=row.ended_at if ended else None,
        ended_by=row.ended_by if ended else None,
    )


def attempts_until(
    session: Session, provider_id: int, people: Collection[int], until: datetime
) -> tuple[PastAttempt, ...]:
    """Return these people's attempts up to a moment as they counted then, the oldest first. At most four statements."""
    table = AttemptResult
    names = PastAttempt.__slots__
    query = (
        select(*(getattr(table, name) for name in names))
        .where(table.provider_id == provider_id, table.person_id.in_(people), table.at <= until)
        .order_by(table.at, table.record)
    )
    found = [PastAttempt(**row._mapping) for row in session.execute(query)]
    remarks = _remarks(session, provider_id, people)
    if not remarks:
        return tuple(found)
    decided = _taken(session, provider_id, remarks, until)
    made = corrected_at(session, {each["erratum"] for rows in remarks.values() for each in rows})
    return tuple(
        _as_it_counted(each, remarks[each.record], made, decided.get(each.record, 0), until)
        if each.record in remarks
        else each
        for each in found
    )


def _as_it_counted(
    attempt: PastAttempt,
    remarks: Sequence[Mapping[str, Any]],
    made: Mapping[int, datetime],
    taken: int,
    until: datetime,
) -> PastAttempt:
    known = [each for each in remarks if made[each["erratum"]] <= until]
    if known:
        return replace(attempt, score=known[-1]["new_score"], passed=counts(known, taken))
    return replace(attempt, score=remarks[0]["old_score"], passed=bool(remarks[0]["old_passed"]))


def completions_of_attempts(
    attempts: Iterable[PastAttempt], months: Mapping[str, int | None]
) -> dict[tuple[int, str], list[Completion]]:
    """Return the passes among attempts by (person id, module). `months`: how long a pass of each sha counts."""
    found: dict[tuple[int, str], list[Completion]] = defaultdict(list)
    for each in attempts:
        if each.passed:
            done = Completion(edition=each.edition, at=each.at, valid_for_months=months.get(each.sha))
            found[each.person_id, each.module].append(done)
    return dict(found)


def editions_used(
    session: Session, provider_id: int, people: Collection[int], since: datetime, until: datetime
) -> tuple[Used, ...]:
    """Return the editions these people read or answered between two moments, by module and number. Two statements."""
    people_by: dict[tuple[str, int, str], set[int]] = defaultdict(set)
    times: dict[tuple[str, int, str], list[datetime]] = defaultdict(list)
    for table in (LessonRead, AttemptResult):
        query = (
            select(table.module, table.edition, table.sha, table.person_id, func.min(table.at), func.max(table.at))
            .where(table.provider_id == provider_id, table.person_id.in_(people), table.at.between(since, until))
            .group_by(table.module, table.edition, table.sha, table.person_id)
        )
        for module, edition, sha, person_id, first, last in session.execute(query):
            people_by[module, edition, sha].add(person_id)
            times[module, edition, sha] += [first, last]
    return tuple(
        Used(
            sha=sha,
            module=module,
            edition=edition,
            people=len(who),
            first=min(times[module, edition, sha]),
            last=max(times[module, edition, sha]),
        )
        for (module, edition, sha), who in sorted(people_by.items())
    )


def _remarks(session: Session, provider_id: int, people: Collection[int]) -> dict[UUID, list[Mapping[str, Any]]]:
    query = (
        select(Remark.record, Remark.erratum, Remark.old_score, Remark.old_passed, Remark.new_score, Remark.new_passed)
        .where(Remark.provider_id == provider_id, Remark.person_id.in_(people))
        .order_by(Remark.record, Remark.erratum)
    )
    found: dict[UUID, list[Mapping[str, Any]]] = defaultdict(list)
    for row in session.execute(query):
        found[row.record].append(dict(row._mapping))
    return dict(found)


def _taken(session: Session, provider_id: int, records: Collection[UUID], until: datetime) -> dict[UUID, int]:
    query = (
        select(PassDecision.record, PassDecision.erratum, PassDecision.stands)
        .where(PassDecision.provider_id == provider_id, PassDecision.at <= until)
        .order_by(PassDecision.id)
    )
    latest = {row.record: row for row in session.execute(query) if row.record in records}
    return {record: row.erratum for record, row in latest.items() if not row.stands}
