"""Why a whole batch is turned away. Nothing of it is stored; the phone keeps everything and acts by the code."""

from __future__ import annotations

from app.kernel import DomainError


class SyncError(DomainError):
    """The root of this package's errors."""

    code = "sync"


class BadBatch(SyncError):
    """The batch cannot be read at all. The phone halves it until the trouble stands alone."""

    code = "bad-batch"


class TooMuch(SyncError):
    """More records or bytes than one batch may hold. The phone halves it."""

    code = "too-much"


class AnotherPerson(SyncError):
    """The batch, or its phone, is another person's than the token's."""

    code = "another-person"


class AnotherServer(SyncError):
    """The batch is meant for another server."""

    code = "another-server"
