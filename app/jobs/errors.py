"""What can happen to a job while it is done."""

from __future__ import annotations

from app.kernel import DomainError


class Stopped(DomainError):
    """The job is not this worker's any more: it was cancelled, or another worker took it up."""

    code = "job-stopped"
