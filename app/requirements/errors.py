"""What can go wrong with what is needed of people."""

from __future__ import annotations

from app.kernel import DomainError


class RequirementError(DomainError):
    """The root of this package's errors; `code` says which."""

    code = "requirement"
