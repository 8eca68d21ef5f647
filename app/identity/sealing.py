"""What the database may hold only sealed: each purpose has a key of its own, worked out of the server's secret key."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_NONCE = 12


def seal(plain: str, purpose: str, owner: UUID, *, secret: bytes) -> str:
    """Return `plain` encrypted and bound to its owner (AES-256-GCM, base64url). `secret` is the server's secret key."""
    nonce = secrets.token_bytes(_NONCE)
    boxed = AESGCM(_key(purpose, secret)).encrypt(nonce, plain.encode(), owner.bytes)
    return base64.urlsafe_b64encode(nonce + boxed).decode()


def unseal(sealed: str, purpose: str, owner: UUID, *, secret: bytes) -> str | None:
    """Return what was sealed; None when it is damaged, another person's, or sealed under another secret key."""
    try:
        raw = base64.urlsafe_b64decode(sealed)
        return AESGCM(_key(purpose, secret)).decrypt(raw[:_NONCE], raw[_NONCE:], owner.bytes).decode()
    except (InvalidTag, ValueError, binascii.Error):
        return None


def fingerprint(code: str, purpose: str, owner: UUID, *, secret: bytes) -> str:
    """Return what the database keeps of a code: useless without the server's secret key."""
    return hmac.new(_key(purpose, secret), owner.bytes + code.encode(), hashlib.sha256).hexdigest()


def _key(purpose: str, secret: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=b"between-visits " + purpose.encode()).derive(secret)
