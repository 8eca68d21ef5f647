"""A provider's signing keys: made when first needed, sealed with the server's secret key, rotated by adding a pair.

The issuer is the provider, as `did:web:HOST:credentials:UUID`. HOST is this server's own address from its settings,
never from a request.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlsplit
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc.jwk import ECKey
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import providers
from app.credentials.errors import KeysSealed
from app.credentials.models import CredentialKeys
from app.credentials.securing import ED25519_PREFIX, Signer, base58
from app.credentials.types import Site
from app.identity.sealing import seal, unseal

PURPOSE = "credential keys"
DID_CONTEXTS = [
    "https://www.w3.org/ns/did/v1",
    "https://w3id.org/security/multikey/v1",
    "https://w3id.org/security/jwk/v1",
]


def issuing_site(origin: str, secret: bytes) -> Site | None:
    """Return the site credentials are issued under; None where the origin is not one that others can check against."""
    parts = urlsplit(origin)
    if parts.scheme != "https" or parts.hostname in (None, "localhost", "127.0.0.1", "::1"):
        return None
    return Site(origin=origin, secret=secret)


def did_of(site: Site, provider: UUID) -> str:
    """Return a provider's DID: its document is at `<origin>/credentials/<uuid>/did.json` (did:web, 3.2)."""
    return f"did:web:{quote(urlsplit(site.origin).netloc, safe='')}:credentials:{provider}"


def base_of(site: Site, provider: UUID) -> str:
    """Return the address under which a provider's DID document and status lists lie."""
    return f"{site.origin}/credentials/{provider}"


def signer(session: Session, provider_id: int, provider: UUID, site: Site, *, now: datetime) -> Signer:
    """Return the pair of keys that signs now; makes the first. Raises KeysSealed: they were sealed with another key."""
    rows = keys_of(session, provider_id)
    row = rows[-1] if rows else _add(session, provider_id, 1, site, now)
    opened = unseal(row.sealed, PURPOSE, row.uuid, secret=site.secret)
    if opened is None:
        raise KeysSealed(
            "The keys that sign credentials cannot be opened: the server's secret key was changed. Put the old one "
            "back, or make new keys with: flask credential rotate-key"
        )
    halves = json.loads(opened)
    return Signer(
        did=did_of(site, provider),
        key_id=row.id,
        number=row.number,
        ed25519=Ed25519PrivateKey.from_private_bytes(bytes.fromhex(halves["ed25519"])),
        p256=ECKey.import_key(halves["p256"]),
    )


def keys_open(session: Session, provider_id: int, site: Site) -> bool:
    """Say whether the keys that sign now can be opened; also when there are none yet."""
    rows = keys_of(session, provider_id)
    return not rows or unseal(rows[-1].sealed, PURPOSE, rows[-1].uuid, secret=site.secret) is not None


def rotate(session: Session, provider_id: int, site: Site, *, now: datetime, leaked: bool = False) -> int:
    """Add a pair of keys, which signs from now on, and return its number. `leaked`: all older ones are dropped."""
    providers.one_at_a_time(session, provider_id)
    rows = list(session.scalars(select(CredentialKeys).where(CredentialKeys.provider_id == provider_id)))
    if leaked:
        for row in rows:
            row.dropped_at = row.dropped_at or now
    return _add(session, provider_id, max((row.number for row in rows), default=0) + 1, site, now).number


def keys_of(session: Session, provider_id: int) -> tuple[CredentialKeys, ...]:
    """Return the keys in a provider's DID document, the oldest first."""
    query = select(CredentialKeys).where(CredentialKeys.provider_id == provider_id, CredentialKeys.dropped_at.is_(None))
    return tuple(session.scalars(query.order_by(CredentialKeys.number)))


def did_document(session: Session, provider_id: int, provider: UUID, site: Site) -> dict[str, Any] | None:
    """Return a provider's DID document, or None while it has no keys. All ids are absolute."""
    rows = keys_of(session, provider_id)
    return document_of(did_of(site, provider), rows) if rows else None


def document_of(did: str, rows: Sequence[CredentialKeys]) -> dict[str, Any]:
    """Return the DID document of a DID with these keys, the oldest first."""
    methods = list[dict[str, Any]]()
    for row in rows:
        methods += [
            {
                "id": f"{did}#ed25519-{row.number}",
                "type": "Multikey",
                "controller": did,
                "publicKeyMultibase": row.ed25519,
            },
            {"id": f"{did}#p256-{row.number}", "type": "JsonWebKey", "controller": did, "publicKeyJwk": dict(row.p256)},
        ]
    return {
        "@context": DID_CONTEXTS,
        "id": did,
        "verificationMethod": methods,
        "assertionMethod": [method["id"] for method in methods],
    }


def _add(session: Session, provider_id: int, number: int, site: Site, now: datetime) -> CredentialKeys:
    ed25519, uuid = Ed25519PrivateKey.generate(), uuid4()
    p256: ECKey = ECKey.generate_key("P-256")
    halves = json.dumps({"ed25519": ed25519.private_bytes_raw().hex(), "p256": p256.as_dict(private=True)})
    public: dict[str, Any] = dict(p256.as_dict(private=False))
    row = CredentialKeys(
        uuid=uuid,
        provider_id=provider_id,
        number=number,
        ed25519="z" + base58(ED25519_PREFIX + ed25519.public_key().public_bytes_raw()),
        p256={name: str(public[name]) for name in ("kty", "crv", "x", "y")},
        sealed=seal(halves, PURPOSE, uuid, secret=site.secret),
        since=now,
    )
    session.add(row)
    session.flush()
    return row
