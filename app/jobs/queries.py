"""Questions asked of the list of jobs. Each starts from a provider."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.jobs.models import Job
from app.jobs.types import JobState, JobView


def list_jobs(session: Session, provider_id: int, kind: str, *, limit: int = 100) -> tuple[JobView, ...]:
    """Return a provider's jobs of a kind, the newest first."""
    query = select(Job).where(Job.provider_id == provider_id, Job.kind == kind).order_by(Job.id.desc()).limit(limit)
    return tuple(view(row) for row in session.scalars(query))


def find_job(session: Session, provider_id: int, uuid: UUID) -> JobView | None:
    """Return one of a provider's jobs."""
    row = session.scalars(select(Job).where(Job.provider_id == provider_id, Job.uuid == uuid)).one_or_none()
    return None if row is None else view(row)


def view(row: Job) -> JobView:
    """Return what leaves this package of a job's row."""
    return JobView(
        id=row.id,
        uuid=row.uuid,
        provider_id=row.provider_id,
        kind=row.kind,
        asked_by=row.asked_by,
        asked_at=row.asked_at,
        arguments=row.arguments,
        state=JobState(row.state),
        done=row.done,
        of=row.of,
        words=row.words,
        claimed_at=row.claimed_at,
        ended_at=row.ended_at,
    )
