"""Asking for a pack, giving it up, and removing it. Flushes; the edge commits."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, select, update
from sqlalchemy.orm import Session

from app import files, identity, jobs
from app.compliance.evidence.errors import EvidenceError
from app.compliance.evidence.parts import PARTS
from app.compliance.evidence.types import Scope
from app.compliance.models import EvidenceLabels, EvidencePack
from app.jobs import Job, JobView
from app.kernel import day_of

KIND = "evidence"
LONGEST = timedelta(days=366 * 10)


def check(scope: Scope, *, today: date) -> None:
    """Raise EvidenceError, naming the field, for a time that makes no sense, no people, or no parts."""
    if scope.as_at > today:
        raise EvidenceError("This day is still to come. Choose today or an earlier day.", field="as_at")
    if scope.until > scope.as_at:
        raise EvidenceError(
            "This is after the day you want to know about. Choose that day or an earlier one.", field="until"
        )
    if scope.since > scope.until:
        raise EvidenceError("The first day is after the last. Change one of them.", field="since")
    if scope.until - scope.since > LONGEST:
        raise EvidenceError("Choose ten years at most.", field="since")
    if scope.people is not None and not scope.people:
        raise EvidenceError("Tick at least one person.", field="people")
    if not scope.parts or not set(scope.parts) <= PARTS.keys():
        raise EvidenceError("Tick at least one part.", field="parts")


def ask(session: Session, provider_id: int, scope: Scope, *, by: int | None, now: datetime) -> JobView:
    """Ask for a pack; the worker makes it. The same asked twice while it waits is one. Raises EvidenceError."""
    check(scope, today=day_of(now))
    wanted = scope.as_json()
    waiting = jobs.list_jobs(session, provider_id, KIND)
    same = next((each for each in waiting if each.state in _UNDER_WAY and each.arguments == wanted), None)
    return same or jobs.ask(session, provider_id, KIND, wanted, by=by, now=now)


_UNDER_WAY = (jobs.JobState.WAITING, jobs.JobState.RUNNING)


def remove(session: Session, provider_id: int, uuid: UUID, *, now: datetime) -> bool:
    """Remove the file of a pack; what it was about stays on the list. Says whether there was one; safe to repeat."""
    job = jobs.find_job(session, provider_id, uuid)
    if job is None:
        return False
    return _remove(session, EvidencePack.job_id == job.id, "asked", now) > 0


def remove_old(session: Session, before: datetime, *, now: datetime) -> int:
    """Remove the files of packs made before a moment. Returns how many went."""
    return _remove(session, EvidencePack.made_at < before, "age", now)


def count_old(session: Session, before: datetime) -> int:
    """Return how many files `remove_old` would remove."""
    query = select(EvidencePack.id).where(EvidencePack.made_at < before, EvidencePack.removed_at.is_(None))
    return len(session.scalars(query).all())


def forget(session: Session, person_id: int, uuid: UUID, provider_id: int, *, wholly: bool, now: datetime) -> None:
    """Remove what packs of a provider hold of a person: every file of it, as any of them may name them.

    A pack that is just being made is begun anew. Packs can be made again; the person is not in them then. Where nothing
    of the person is to stay at all (`wholly`), nobody asked for what they had asked for.
    """
    gone = set(map(str, identity.uuids_of(session, uuid)))
    _remove(session, EvidencePack.provider_id == provider_id, "erased", now)
    for row in session.scalars(select(Job).where(Job.provider_id == provider_id, Job.kind == KIND)):
        if row.state == jobs.JobState.RUNNING:
            row.state, row.claim = jobs.JobState.WAITING, None
        if gone & set(row.arguments["people"] or ()):
            row.arguments = {
                **row.arguments,
                "people": [each for each in row.arguments["people"] if each not in gone],
            }
    if wholly:
        jobs.forget_who_asked(session, person_id)
        session.execute(update(EvidenceLabels).where(EvidenceLabels.set_by == person_id).values(set_by=None))
    session.flush()


def _remove(session: Session, where: ColumnElement[bool], why: str, now: datetime) -> int:
    where = and_(where, EvidencePack.removed_at.is_(None))
    files.let_go(session, EvidencePack, where)
    gone = (
        update(EvidencePack)
        .where(where)
        .values(body=None, object_uuid=None, object_sha=None, removed_at=now, removed_why=why)
    )
    return int(session.execute(gone).rowcount)  # type: ignore[attr-defined]  # an UPDATE's result has it
