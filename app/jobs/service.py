"""Asking for a job, doing it once, and giving it up. Every function flushes; the edge commits.

Two workers never do one job twice: whoever claims it writes a token into it, and what is written at its end is written
only while the token stands there. A worker that was killed says nothing any more, and after `SILENT` its job is taken
up again, `MOST_TRIES` times in all.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from app.jobs.models import WORDS, Job
from app.jobs.queries import view
from app.jobs.types import Claim, JobState, JobView
from app.kernel import new_uuid7

# A worker says every few seconds that it is still at it.
SILENT = timedelta(minutes=3)
MOST_TRIES = 3
GAVE_UP = "The server stopped three times while it was at this. Ask for less at once, or try again later."


def ask(
    session: Session, provider_id: int, kind: str, arguments: Mapping[str, Any], *, by: int | None, now: datetime
) -> JobView:
    """Ask for a job of a kind. `arguments` are what JSON can hold."""
    row = Job(
        uuid=new_uuid7(),
        provider_id=provider_id,
        kind=kind,
        asked_by=by,
        asked_at=now,
        arguments=dict(arguments),
        state=JobState.WAITING,
    )
    session.add(row)
    session.flush()
    return view(row)


def claim(session: Session, kinds: Collection[str], *, now: datetime, only: int | None = None) -> Claim | None:
    """Take the job that waits longest, or one whose worker fell silent; None when there is nothing to do.

    The session must hold SQLite's write lock (`begin_write`). `only`: this job and no other.
    """
    silent = (Job.state == JobState.RUNNING) & (Job.beat_at < now - SILENT)
    free = select(Job).where(Job.kind.in_(kinds), or_(Job.state == JobState.WAITING, silent))
    if only is not None:
        free = free.where(Job.id == only)
    while row := session.scalars(free.order_by(Job.id).limit(1).with_for_update(skip_locked=True)).one_or_none():
        if row.tries >= MOST_TRIES:
            _end(row, JobState.FAILED, GAVE_UP, now)
            session.flush()
            continue
        row.state, row.claim, row.tries = JobState.RUNNING, new_uuid7(), row.tries + 1
        row.claimed_at = row.beat_at = now
        row.done, row.words, row.ended_at = 0, "", None
        session.flush()
        return Claim(job=view(row), token=row.claim)
    return None


def beat(session: Session, held: Claim, *, now: datetime, done: int, of: int, words: str) -> bool:
    """Say that the job goes on, and how far it is. False: it is not this worker's any more."""
    return _write(session, held, beat_at=now, done=done, of=of, words=words[:WORDS])


def finish(session: Session, held: Claim, *, now: datetime) -> bool:
    """End the job well. False: it is not this worker's any more, and nothing that belongs to it may be kept."""
    return _write(session, held, state=JobState.DONE, done=Job.of, words="", claim=None, ended_at=now)


def fail(session: Session, held: Claim, words: str, *, now: datetime) -> bool:
    """End the job badly, with words for whoever asked. False: it is not this worker's any more."""
    return _write(session, held, state=JobState.FAILED, words=words[:WORDS], claim=None, ended_at=now)


def cancel(session: Session, provider_id: int, uuid: UUID, *, now: datetime) -> bool:
    """Give up a job that waits or is being done. Says whether anything changed; safe to repeat."""
    row = _locked(session, provider_id, uuid)
    if row is None or row.state not in (JobState.WAITING, JobState.RUNNING):
        return False
    _end(row, JobState.CANCELLED, "", now)
    session.flush()
    return True


def again(session: Session, provider_id: int, uuid: UUID) -> bool:
    """Let a job that failed or was cancelled wait once more. Says whether anything changed; safe to repeat."""
    row = _locked(session, provider_id, uuid)
    if row is None or row.state not in (JobState.FAILED, JobState.CANCELLED):
        return False
    row.state, row.words, row.done, row.tries, row.ended_at = JobState.WAITING, "", 0, 0, None
    session.flush()
    return True


def forget_who_asked(session: Session, person_id: int) -> None:
    """Let the jobs somebody asked for be asked for by nobody."""
    session.execute(update(Job).where(Job.asked_by == person_id).values(asked_by=None))


def _locked(session: Session, provider_id: int, uuid: UUID) -> Job | None:
    query = select(Job).where(Job.provider_id == provider_id, Job.uuid == uuid).with_for_update()
    return session.scalars(query).one_or_none()


def _end(row: Job, state: JobState, words: str, now: datetime) -> None:
    row.state, row.words, row.claim, row.ended_at = state, words, None, now


def _write(session: Session, held: Claim, **values: Any) -> bool:
    mine = update(Job).where(Job.id == held.job.id, Job.claim == held.token, Job.state == JobState.RUNNING)
    return bool(session.execute(mine.values(**values)).rowcount)  # type: ignore[attr-defined]  # an UPDATE's result has it
