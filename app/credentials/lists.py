"""Reading somebody else's status list: it has to be theirs, about revoking, and signed by them."""

from __future__ import annotations

from datetime import datetime

from app.credentials.checking import Stop, check_signature
from app.credentials.errors import Unreadable
from app.credentials.reading import read
from app.credentials.status import unpacked
from app.credentials.types import KnownIssuer, StatusList

PURPOSES = ("revocation", "suspension")


def read_list(data: bytes, url: str, issuer: KnownIssuer, *, now: datetime) -> StatusList:
    """Return the list that was got from an address. Raises Unreadable when it is not the issuer's own, and TooBusy.

    W3C Bitstring Status List 1.0, 3.2: only a list of the issuer's, signed by the issuer, says what was withdrawn.
    """
    shown = read(data)
    document = shown.credential
    signed_by = document.get("issuer")
    subject = document.get("credentialSubject")
    kinds = document.get("type")
    if (
        not isinstance(kinds, list | str)
        or "BitstringStatusListCredential" not in kinds
        or not isinstance(subject, dict)
    ):
        raise Unreadable("This is no list of what was withdrawn.")
    if (signed_by.get("id") if isinstance(signed_by, dict) else signed_by) != issuer.did:
        raise Unreadable("This list of what was withdrawn is somebody else's.")
    if document.get("id") not in (None, url) or subject.get("statusPurpose") not in PURPOSES:
        raise Unreadable("This is another list of what was withdrawn than the one that was asked for.")
    try:
        check_signature(shown, issuer)
    except Stop as stop:
        raise Unreadable(f"The list of what was withdrawn does not hold. {stop}") from stop
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Unreadable("The list of what was withdrawn cannot be read.") from error
    return StatusList(url=url, checked_at=now, bits=unpacked(subject.get("encodedList")))
