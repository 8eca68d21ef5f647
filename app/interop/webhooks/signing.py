"""Signing as the Standard Webhooks do (version 1, symmetric): HMAC-SHA256 of id, moment and body, with dots between."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from uuid import UUID

PREFIX = "whsec_"


def new_secret() -> str:
    """Return a new secret as it is given to the other system: 256 random bits."""
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def headers(secret: str, event: UUID, at: int, body: bytes) -> dict[str, str]:
    """Return the headers that prove who sent this and when. `at` is in seconds since 1970, and that of this try."""
    message_id = f"msg_{event}"
    key = base64.b64decode(secret.removeprefix(PREFIX))
    signed = hmac.new(key, f"{message_id}.{at}.".encode() + body, hashlib.sha256).digest()
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(at),
        "webhook-signature": f"v1,{base64.b64encode(signed).decode()}",
    }
