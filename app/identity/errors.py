"""What can go wrong between a person and the door."""

from __future__ import annotations

from app.kernel import DomainError


class IdentityError(DomainError):
    """The root of this package's errors."""

    code = "identity"


class PersonUnknown(IdentityError):
    """No such person."""

    code = "person-unknown"


class PersonArchived(IdentityError):
    """The person has been archived, so cannot sign in."""

    code = "person-archived"


class NameTaken(IdentityError):
    """Another person signs in with this name."""

    code = "name-taken"


class PinTooSimple(IdentityError):
    """The PIN is not six digits, or is among those a stranger tries first."""

    code = "pin-too-simple"


class PasswordTooShort(IdentityError):
    """The password is too short or too long to be stored."""

    code = "password-too-short"


class PasswordTooSimple(IdentityError):
    """The password is among those a stranger tries first, or is made of the person's own names."""

    code = "password-too-simple"


class TokenRefused(IdentityError):
    """The token is unknown, revoked, ended, or of the wrong kind. The person has to sign in again."""

    code = "sign-in-ended"


class Throttled(IdentityError):
    """Too many tries; `retry_after` whole seconds from now the next one is allowed."""

    code = "throttled"

    def __init__(self, message: str, *, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class PasskeyRefused(IdentityError):
    """The passkey's answer is not good: unknown, copied, for another site, or to a challenge already used."""

    code = "passkey-refused"


class LinkTaken(IdentityError):
    """The account at the OpenID provider is somebody's already, or the person has one there. Words for people."""

    code = "link-taken"


class LastWayIn(IdentityError):
    """Nothing else would let the person sign in."""

    code = "last-way-in"


class HasPassword(IdentityError):
    """The person has a password, so their passkeys are looked after on the staff pages and not on a phone."""

    code = "has-password"


class LastFactor(IdentityError):
    """The person's role needs a second step, and this is the only one they have."""

    code = "last-second-step"
