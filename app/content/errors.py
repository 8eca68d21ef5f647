"""This package's errors."""

from __future__ import annotations

from app.kernel import DomainError


class ContentError(DomainError):
    """Something about the learning on this server cannot be done as asked."""

    code = "content"


class UnknownEdition(ContentError):
    """No such edition was ever published here."""

    code = "unknown-edition"


class LibraryMissing(ContentError):
    """The folder that should hold the learning is not there."""

    code = "content-folder-missing"
