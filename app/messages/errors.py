"""What may go wrong with messages."""

from __future__ import annotations

from app.kernel import DomainError


class MessagesError(DomainError):
    """The base of this package's errors."""


class PushRefused(MessagesError):
    """A browser gave an address or keys we do not take."""

    code = "push-refused"


class NotDelivered(MessagesError):
    """A message did not go. `for_good`: trying again is of no use. `gone`: nobody is at that address any more."""

    code = "not-delivered"

    def __init__(self, message: str, *, for_good: bool = False, gone: bool = False) -> None:
        super().__init__(message)
        self.for_good = for_good or gone
        self.gone = gone
