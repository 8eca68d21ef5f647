"""Status lists: what was revoked, as a bit for each place (W3C Bitstring Status List 1.0)."""

from __future__ import annotations

import base64
import binascii
import gzip
import secrets
import zlib
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.credentials.canonical import CREDENTIALS
from app.credentials.errors import Unreadable
from app.credentials.keys import base_of
from app.credentials.models import CredentialKeys, CredentialStatus
from app.credentials.securing import Signer, moment, with_proof
from app.credentials.types import Site, StatusList

# The smallest the standard allows, so that a place says nothing about who it is.
PLACES = 131_072
# Half full, a random place is found at the second try; then another list is begun.
FULL = PLACES // 2
# Of a list from elsewhere: 8 million places.
MOST_BYTES = 1024 * 1024
# A phone or another server may keep it so long, in seconds.
KEEP = 300


def address_of(site: Site, provider: UUID, number: int) -> str:
    """Return where a status list lies."""
    return f"{base_of(site, provider)}/status/{number}"


def take_place(session: Session, provider_id: int) -> CredentialStatus:
    """Give a random free place on the provider's newest list, or on another one when that is half full."""
    here = CredentialStatus.provider_id == provider_id
    newest = session.scalars(select(func.max(CredentialStatus.list)).where(here)).one() or 1
    query = select(CredentialStatus.number).where(here, CredentialStatus.list == newest)
    taken = set(session.scalars(query))
    if len(taken) >= FULL:
        newest, taken = newest + 1, set()
    number = secrets.randbelow(PLACES)
    while number in taken:
        number = secrets.randbelow(PLACES)
    row = CredentialStatus(provider_id=provider_id, list=newest, number=number)
    session.add(row)
    session.flush()
    return row


def entry_of(row: CredentialStatus, address: str) -> dict[str, str]:
    """Return what a credential says of its place. The number is a text, as the standard wants it."""
    return {
        "id": f"{address}#{row.number}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": str(row.number),
        "statusListCredential": address,
    }


def bits_of(session: Session, provider_id: int, number: int) -> bytes | None:
    """Return a list's bits, the left-most first; None when there is no such list."""
    mine = (CredentialStatus.provider_id == provider_id, CredentialStatus.list == number)
    if not session.scalars(select(func.count()).where(*mine)).one():
        return None
    bits = bytearray(PLACES // 8)
    for place in session.scalars(
        select(CredentialStatus.number).where(*mine, CredentialStatus.revoked_at.is_not(None))
    ):
        bits[place // 8] |= 0x80 >> place % 8
    return bytes(bits)


def list_credential(
    session: Session, provider_id: int, address: str, number: int, signer: Signer
) -> dict[str, Any] | None:
    """Return a signed status list, the same bytes until something is revoked or the key changes."""
    bits = bits_of(session, provider_id, number)
    if bits is None:
        return None
    mine = (CredentialStatus.provider_id == provider_id, CredentialStatus.list == number)
    changed = session.scalars(select(func.max(CredentialStatus.revoked_at)).where(*mine)).one()
    since = session.scalars(select(CredentialKeys.since).where(CredentialKeys.id == signer.key_id)).one()
    at = max(changed, since) if changed else since
    document = {
        "@context": [CREDENTIALS],
        "id": address,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": signer.did,
        "validFrom": moment(at),
        "credentialSubject": {
            "id": f"{address}#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": packed(bits),
        },
    }
    return with_proof(document, signer, now=at)


def packed(bits: bytes) -> str:
    """Return bits as a status list holds them: gzip, base64url without padding, prefix `u`."""
    return "u" + base64.urlsafe_b64encode(gzip.compress(bits, mtime=0)).rstrip(b"=").decode()


def unpacked(text: object) -> bytes:
    """Return the bits of an `encodedList`. Raises Unreadable, also for one that swells beyond what is allowed."""
    if not isinstance(text, str) or not text.startswith("u"):
        raise Unreadable("The list of what was withdrawn cannot be read.")
    try:
        raw = base64.urlsafe_b64decode(text[1:] + "=" * (-len(text[1:]) % 4))
        opened = zlib.decompressobj(wbits=31)
        bits = opened.decompress(raw, MOST_BYTES)
    except (ValueError, binascii.Error, zlib.error) as error:
        raise Unreadable("The list of what was withdrawn cannot be read.") from error
    if opened.unconsumed_tail or len(bits) < PLACES // 8:
        raise Unreadable("The list of what was withdrawn is of a size that is not allowed.")
    return bits


def own_list(session: Session, provider_id: int, address: str, number: int, *, now: datetime) -> StatusList | None:
    """Return one of this server's own lists, read from its records this moment."""
    bits = bits_of(session, provider_id, number)
    return None if bits is None else StatusList(url=address, checked_at=now, bits=bits)
