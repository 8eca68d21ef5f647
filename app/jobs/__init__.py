"""Work that takes too long for a page: asked for on one, done once by `flask worker`, however many workers there are.

Owns the list of jobs and how far each is. Knows what is done only by its `kind`, and people and providers as keys.
"""

from app.jobs.errors import Stopped
from app.jobs.models import Job
from app.jobs.queries import find_job, list_jobs
from app.jobs.service import (
    again,
    ask,
    beat,
    cancel,
    claim,
    fail,
    finish,
    forget_who_asked,
)
from app.jobs.types import Claim, JobState, JobView

__all__ = [
    "Claim",
    "Job",
    "JobState",
    "JobView",
    "Stopped",
    "again",
    "ask",
    "beat",
    "cancel",
    "claim",
    "fail",
    "find_job",
    "finish",
    "forget_who_asked",
    "list_jobs",
]
