"""What can go wrong with the bytes of a file."""

from __future__ import annotations

from app.kernel import DomainError


class FilesAway(DomainError):
    """The bucket does not answer, will not have us, or is not set. Nothing was stored, and nothing is lost."""

    code = "files-away"


class FileLost(DomainError):
    """The bucket answers, and has no such object, or one with other bytes than were put there."""

    code = "file-lost"
