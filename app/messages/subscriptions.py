"""Where browsers said they can be reached."""

from __future__ import annotations

import base64
import binascii
from datetime import datetime
from hashlib import sha256

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.kernel import insert_if_new
from app.messages.errors import PushRefused
from app.messages.line import check_address
from app.messages.models import PushSubscription


def subscribe(
    session: Session,
    person_id: int,
    *,
    provider_id: int | None,
    device_id: int,
    endpoint: str,
    browser_key: str,
    browser_secret: str,
    now: datetime,
) -> None:
    """Keep where a person's phone can be reached, there and nowhere else. Safe to repeat.

    A browser has one address at a time, so an earlier one of this phone ends: else one phone could have the worker
    knock at any number of doors. `browser_key`, `browser_secret`: base64url.

    Raises PushRefused when the address is not one we would ever ask, or the keys are none.
    """
    check_address(endpoint)
    check_keys(browser_key, browser_secret)
    known = sha256(endpoint.encode()).hexdigest()
    session.execute(
        insert_if_new(session, PushSubscription).values(
            person_id=person_id,
            provider_id=provider_id,
            device_id=device_id,
            endpoint=endpoint,
            endpoint_hash=known,
            browser_key=browser_key,
            browser_secret=browser_secret,
            added_at=now,
        )
    )
    session.execute(
        update(PushSubscription)
        .where(PushSubscription.device_id == device_id, PushSubscription.endpoint_hash == known)
        .values(browser_key=browser_key, browser_secret=browser_secret, ended_at=None)
    )
    session.execute(
        update(PushSubscription)
        .where(
            PushSubscription.device_id == device_id,
            PushSubscription.endpoint_hash != known,
            PushSubscription.ended_at.is_(None),
        )
        .values(ended_at=now)
    )


def unsubscribe(session: Session, device_id: int, *, now: datetime) -> None:
    """Ask this phone no more. Safe to repeat."""
    session.execute(
        update(PushSubscription)
        .where(PushSubscription.device_id == device_id, PushSubscription.ended_at.is_(None))
        .values(ended_at=now)
    )


def is_subscribed(session: Session, device_id: int) -> bool:
    """Say whether this phone shows messages on its lock screen."""
    found = select(PushSubscription.id).where(
        PushSubscription.device_id == device_id, PushSubscription.ended_at.is_(None)
    )
    return session.scalars(found.limit(1)).first() is not None


def plain(text: str) -> bytes:
    """Return the bytes of a base64url text without padding. Raises ValueError."""
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise ValueError("not base64url") from error


def check_keys(browser_key: str, browser_secret: str) -> None:
    """Make sure these are a point on P-256 and 16 bytes (RFC 8291). Raises PushRefused."""
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), plain(browser_key))
        good = len(plain(browser_secret)) == 16
    except (ValueError, UnsupportedAlgorithm):
        good = False
    if not good:
        raise PushRefused("The browser's keys cannot be read. Try again.", field="keys")
