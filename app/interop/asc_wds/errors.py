"""What can go wrong here."""

from app.kernel import DomainError


class AscWdsError(DomainError):
    """What was typed cannot be what a workplace is called in ASC-WDS."""
