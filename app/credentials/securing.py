"""Signing in both forms. Pure: keys and the moment come in.

VC-JWT with ES256 (1EdTech Open Badges 3.0, 8.2): the credential at the top level, with iss, jti, sub, nbf, exp.
Data Integrity with eddsa-rdfc-2022 (W3C vc-di-eddsa).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc import jws
from joserfc.jwk import ECKey

from app.credentials.canonical import hash_of

ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
# Multicodec prefix of an Ed25519 public key (W3C Controlled Identifiers, 2.2.2).
ED25519_PREFIX = b"\xed\x01"


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """A provider's DID and the pair of keys that signs now. `key_id` is the row's."""

    did: str
    key_id: int
    number: int
    ed25519: Ed25519PrivateKey
    p256: ECKey

    @property
    def ed25519_id(self) -> str:
        """The absolute id of the Ed25519 key."""
        return f"{self.did}#ed25519-{self.number}"

    @property
    def p256_id(self) -> str:
        """The absolute id of the P-256 key."""
        return f"{self.did}#p256-{self.number}"


def moment(at: datetime) -> str:
    """Return a moment as credentials write it, to the second, UTC."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def as_jwt(credential: dict[str, Any], signer: Signer) -> str:
    """Return a credential as VC-JWT."""
    claims = {
        **credential,
        "iss": signer.did,
        "jti": credential["id"],
        "sub": credential["credentialSubject"]["id"],
        "nbf": _seconds(credential["validFrom"]),
    }
    if "validUntil" in credential:
        claims["exp"] = _seconds(credential["validUntil"])
    header = {"alg": "ES256", "kid": signer.p256_id, "typ": "JWT"}
    return jws.serialize_compact(header, as_json(claims), signer.p256, algorithms=["ES256"])


def with_proof(document: dict[str, Any], signer: Signer, *, now: datetime) -> dict[str, Any]:
    """Return a document with a Data Integrity proof."""
    proof = {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-rdfc-2022",
        "created": moment(now),
        "verificationMethod": signer.ed25519_id,
        "proofPurpose": "assertionMethod",
    }
    signature = signer.ed25519.sign(hash_of(document, proof))
    return {**document, "proof": {**proof, "proofValue": "z" + base58(signature)}}


def as_json(document: dict[str, Any]) -> str:
    """Return a document as the compact JSON that is kept and served."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def base58(data: bytes) -> str:
    """Return bytes in base58btc (multibase prefix `z`)."""
    number, text = int.from_bytes(data), ""
    while number:
        number, digit = divmod(number, 58)
        text = ALPHABET[digit] + text
    return "1" * (len(data) - len(data.lstrip(b"\0"))) + text


def from_base58(text: str) -> bytes:
    """Return the bytes of a base58btc text of at most 100 letters. Raises ValueError."""
    if len(text) > 100:
        raise ValueError("too long")
    number = 0
    for letter in text:
        number = number * 58 + ALPHABET.index(letter)
    return b"\0" * (len(text) - len(text.lstrip("1"))) + number.to_bytes((number.bit_length() + 7) // 8)


def _seconds(at: str) -> int:
    return int(datetime.fromisoformat(at).timestamp())
