"""What another system is told when its token opens nothing."""

from __future__ import annotations

from app.kernel import DomainError


class FeedTokenRefused(DomainError):
    """The token is not one of ours, or it was ended."""

    code = "token-refused"


class FeedError(DomainError):
    """A token cannot be made so; `field` says where."""

    code = "feed"


class BadCursor(DomainError):
    """What came as a cursor is none of ours."""

    code = "bad-cursor"
