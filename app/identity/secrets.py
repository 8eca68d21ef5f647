"""Hashes of what people know, and of what phones hold."""

from __future__ import annotations

import hashlib
import secrets
from functools import cache

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

# 19 MiB, two passes: OWASP's setting for argon2id, 95 ms on a small server.
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1, type=Type.ID)


def hash_secret(secret: str) -> str:
    """Return the argon2id hash of a PIN or password."""
    return _hasher.hash(secret)


def matches(hash_or_none: str | None, secret: str) -> bool:
    """Say whether `secret` made this hash. Takes as long for a missing hash, so that time tells nobody who exists."""
    try:
        return _hasher.verify(hash_or_none or _stand_in(), secret) and hash_or_none is not None
    except (VerificationError, InvalidHashError):
        return False


@cache
def _stand_in() -> str:
    return _hasher.hash(secrets.token_hex(16))


def new_token() -> str:
    """Return a new bearer token: 32 random bytes, base64url."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """Return what the database keeps of a token. SHA-256 suffices: 256 random bits need no salt."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
