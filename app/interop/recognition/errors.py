"""What can go wrong when a passport is taken in. The words are for the manager who does it."""

from __future__ import annotations

from app.kernel import DomainError


class PassportError(DomainError):
    """It cannot be taken in as asked; the words say what to do."""

    code = "passport"
