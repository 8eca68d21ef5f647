"""This package's errors."""

from __future__ import annotations

from app.kernel import DomainError


class AuthoringError(DomainError):
    """Something at the desk cannot be done as asked. `str()` says what to do instead."""

    code = "authoring"


class NoDraft(AuthoringError):
    """This provider has no such draft. Of another provider's, they do not exist."""

    code = "no-draft"


class NoRevision(AuthoringError):
    """The draft has no revision of that number."""

    code = "no-revision"


class NoModule(AuthoringError):
    """This provider uses no module of that key, or its text is not on this server."""

    code = "no-module"


class TooLong(AuthoringError):
    """A text or a comment is longer than can be kept."""

    code = "too-long"


class MediaUnfit(AuthoringError):
    """A picture or sound cannot be used; `str()` says why."""

    code = "media-unfit"


class NotNow(AuthoringError):
    """The draft is not that far yet, or is further already."""

    code = "not-now"


class PublishRefused(AuthoringError):
    """The draft cannot be published as asked; `str()` says what to mend."""

    code = "publish-refused"


class PageUnfit(AuthoringError):
    """A provider's own page holds what it cannot; `str()` says what to mend."""

    code = "page-unfit"
