"""What can go wrong when practice is decided about."""

from __future__ import annotations

from app.kernel import DomainError


class AssessmentError(DomainError):
    """The root of this package's errors; `code` and `field` say which, `str()` what to do."""

    code = "assessment"
