"""What can go wrong with evidence packs."""

from __future__ import annotations

from app.kernel import DomainError


class EvidenceError(DomainError):
    """A pack cannot be asked for like this; `field` says where."""

    code = "evidence"


class NotAPack(DomainError):
    """The file is no evidence pack, or cannot be read."""

    code = "not-a-pack"
