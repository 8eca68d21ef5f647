"""What can go wrong with an OpenID provider. `code` is for the log; the words are for the person at the door."""

from __future__ import annotations

from app.kernel import DomainError


class OpenIdError(DomainError):
    """The root of this package's errors."""

    code = "openid"


class ProviderAway(OpenIdError):
    """The provider could not be reached, was too slow, or said that it is in trouble itself."""

    code = "openid-away"


class AnswerRefused(OpenIdError):
    """The provider, or somebody in its name, gave an answer that proves nothing. Nobody may be signed in by it."""

    code = "openid-refused"


class SignInStopped(OpenIdError):
    """The provider did not sign the person in: they turned back, or may not use this."""

    code = "openid-stopped"
