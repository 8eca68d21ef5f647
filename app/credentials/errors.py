"""What can go wrong with credentials."""

from __future__ import annotations

from app.kernel import DomainError


class CredentialError(DomainError):
    """Something asked of credentials cannot be done; the words say what to do."""

    code = "credential"


class KeysSealed(CredentialError):
    """The signing keys cannot be opened with the server's present secret key."""

    code = "credential-keys-sealed"


class Unreadable(CredentialError):
    """A file is no credential, or is made in a way that is refused. The words are for whoever checks it."""

    code = "credential-unreadable"


class TooBusy(CredentialError):
    """A file could not be checked because the machine has no time; it says nothing about the file."""

    code = "credential-busy"
