"""This package's errors. Their words are for whoever runs a server."""

from __future__ import annotations

from app.kernel import DomainError


class SharingError(DomainError):
    """Something about offering or following a catalogue cannot be done as asked."""

    code = "sharing"


class NotOffered(SharingError):
    """This server offers nothing, or not that."""

    code = "not-offered"


class BadManifest(SharingError):
    """What came is no catalogue, or it was changed on its way."""

    code = "bad-manifest"


class AnotherKey(SharingError):
    """The catalogue is signed, but not with the key that was confirmed."""

    code = "another-key"


class Older(SharingError):
    """The catalogue is older than the one that was seen before."""

    code = "older"


class NotReached(SharingError):
    """The other server did not answer, or not as one may answer."""

    code = "not-reached"


class NotAsPromised(SharingError):
    """A file is not what the signed catalogue says it is."""

    code = "not-as-promised"


class NoSource(SharingError):
    """No such catalogue is followed here."""

    code = "no-source"
