"""Questions asked of the packs there are. Each starts from a provider, but for the one the command line asks."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, undefer

from app import files, jobs, providers
from app.compliance.evidence.service import KIND
from app.compliance.evidence.types import PackView, Scope
from app.compliance.models import EvidencePack
from app.jobs import Job, JobView


def list_packs(session: Session, provider_id: int) -> tuple[PackView, ...]:
    """Return a provider's packs, those that wait or failed too, the newest first. Three statements."""
    found = jobs.list_jobs(session, provider_id, KIND)
    query = select(EvidencePack).where(EvidencePack.provider_id == provider_id)
    made = {row.job_id: row for row in session.scalars(query)}
    names = {each.person_id: each.name for each in providers.list_members(session, provider_id, with_ended=True)}
    return tuple(_view(job, made.get(job.id), names.get(job.asked_by or 0, "")) for job in found)


def body_of(session: Session, provider_id: int, uuid: UUID) -> tuple[PackView, bytes] | None:
    """Return one of a provider's packs with its file, or None when there is no such file (any more).

    Raises FilesAway, FileLost.
    """
    job = jobs.find_job(session, provider_id, uuid)
    if job is None:
        return None
    query = select(EvidencePack).where(EvidencePack.job_id == job.id).options(undefer(EvidencePack.body))
    row = session.scalars(query).one_or_none()
    body = None if row is None else files.read(session, row)
    return None if body is None else (_view(job, row, ""), body)


def manifest_of(session: Session, provider_id: int, uuid: UUID) -> str | None:
    """Return the manifest this server kept of one of a provider's packs, or None when it has no such pack."""
    query = _manifests(uuid).where(EvidencePack.provider_id == provider_id, Job.provider_id == provider_id)
    return session.scalars(query).one_or_none()


def any_manifest_of(session: Session, uuid: UUID) -> str | None:
    """Return the manifest this server kept of a pack, whosever it is: for whoever runs the server, never for a page."""
    return session.scalars(_manifests(uuid)).one_or_none()


def _manifests(uuid: UUID) -> Select[str]:
    return select(EvidencePack.manifest).join(Job, Job.id == EvidencePack.job_id).where(Job.uuid == uuid)


def _view(job: JobView, row: EvidencePack | None, asked_by: str) -> PackView:
    scope = Scope.of(job.arguments)
    if row is None:
        return PackView(job=job, scope=scope, asked_by=asked_by)
    return PackView(
        job=job,
        scope=scope,
        asked_by=asked_by,
        made_at=row.made_at,
        size=row.size,
        sha=row.sha,
        removed_at=row.removed_at,
        removed_why=row.removed_why,
    )
