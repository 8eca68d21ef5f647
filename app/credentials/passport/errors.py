"""What can go wrong with a passport."""

from __future__ import annotations

from app.credentials.errors import CredentialError


class PassportError(CredentialError):
    """A link cannot be made as it was asked for; the words say what to do."""

    code = "passport"


class NoSuchLink(PassportError):
    """This person made no such link here."""

    code = "not-found"
