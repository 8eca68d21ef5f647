"""This package's errors. Their words are for whoever suggests, or for whoever is asked."""

from __future__ import annotations

from app.kernel import DomainError


class SuggestingError(DomainError):
    """Something about suggesting a change cannot be done as asked; `str()` says what to do instead."""

    code = "suggesting"


class NoSuggestion(SuggestingError):
    """There is no such suggestion here. Of another provider's, they do not exist."""

    code = "no-suggestion"


class NotASuggestion(SuggestingError):
    """What came is no suggestion that can be read."""

    code = "not-a-suggestion"


class NotTakenIn(SuggestingError):
    """The inbox does not take this in; `str()` says why, for whoever sent it."""

    code = "not-taken-in"


class InboxFull(NotTakenIn):
    """So many wait already that no more are taken in."""

    code = "inbox-full"


class NotNow(SuggestingError):
    """The suggestion is not that far yet, or is further already."""

    code = "not-now"
