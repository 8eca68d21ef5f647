"""What can go wrong when something from elsewhere is recognised."""

from __future__ import annotations

from app.kernel import DomainError


class RecognitionError(DomainError):
    """It cannot be recognised as asked; the words say what to do."""

    code = "recognition"
