"""Web push: RFC 8030 (the request), RFC 8291 (who may read it), RFC 8292 (who sends it).

What is sent says only whose message waits, and opens the app. The words stay here. pywebpush, which not every server
has, makes what only that browser can read and says who sends it; the request itself goes by our own guarded line.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.util import find_spec
from urllib.parse import urlsplit
from uuid import UUID

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from app.messages.errors import NotDelivered

Post = Callable[[str, bytes, Mapping[str, str]], int]
CURVE = ec.SECP256R1()
# How long a push service keeps it for a phone that is off.
KEPT = timedelta(days=1)


def coded(data: bytes) -> str:
    """Return bytes as base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


@dataclass(frozen=True, slots=True)
class PushKey:
    """The server's own key: push services and browsers know it by that. `contact`: a mailto: or https: address."""

    private: ec.EllipticCurvePrivateKey
    contact: str

    @classmethod
    def from_pem(cls, pem: bytes, contact: str) -> PushKey:
        """Read the key from a PEM file's bytes. Raises ValueError when it is none, or of another curve."""
        found = serialization.load_pem_private_key(pem, password=None)
        if not isinstance(found, ec.EllipticCurvePrivateKey) or found.curve.name != CURVE.name:
            raise ValueError("not a P-256 key")
        return cls(found, contact)

    @property
    def public(self) -> str:
        """What a browser is given to subscribe with."""
        return coded(_point(self.private.public_key()))

    def authorization(self, address: str, now: datetime) -> str:
        """Return the header that says who sends, good for this push service and twelve hours."""
        from py_vapid import Vapid

        parts = urlsplit(address)
        claims = {
            "aud": f"{parts.scheme}://{parts.netloc}",
            "exp": int((now + timedelta(hours=12)).timestamp()),
            "sub": self.contact,
        }
        return str(Vapid(self.private).sign(claims)["Authorization"])


def new_key() -> bytes:
    """Return a new key as a PEM file's bytes."""
    return ec.generate_private_key(CURVE).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def is_possible() -> bool:
    """Say whether this installation can push: whether it came with the extra "push"."""
    return find_spec("pywebpush") is not None


def encrypt(data: bytes, address: str, keys: tuple[str, str]) -> bytes:
    """Return `data` as only that browser can read it. Raises ValueError when its keys are none."""
    from pywebpush import WebPusher, WebPushException

    try:
        browser = WebPusher({"endpoint": address, "keys": {"p256dh": keys[0], "auth": keys[1]}})
        return bytes(browser.encode(data, "aes128gcm")["body"])
    except WebPushException as error:
        raise ValueError("the browser's keys cannot be read") from error


def push(
    post: Post, key: PushKey, *, address: str, keys: tuple[str, str], words: str, message: UUID, now: datetime
) -> None:
    """Show `words` on a phone's lock screen. The same message sent twice stands there once.

    Raises NotDelivered: gone when the browser has ended it, for good when it is refused, else worth another try.
    """
    try:
        body = encrypt(words.encode(), address, keys)
    except ValueError as error:
        raise NotDelivered("The browser's keys cannot be read.", gone=True) from error
    status = post(
        address,
        body,
        {
            "Authorization": key.authorization(address, now),
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(int(KEPT.total_seconds())),
            "Topic": coded(message.bytes),
            "Urgency": "normal",
        },
    )
    if 200 <= status < 300:
        return
    if status in (404, 410):
        raise NotDelivered("This phone no longer shows messages.", gone=True)
    wait = status in (408, 429) or status >= 500
    raise NotDelivered(f"The push service answered {status}.", for_good=not wait)


def _point(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
