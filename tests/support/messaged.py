"""Somebody who is sent messages, and a browser that can be reached."""

from __future__ import annotations

import base64
from datetime import datetime
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import identity, messages
from app.messages import Channel, Kind, Words
from app.messages.models import Delivery
from app.providers import MemberView, ProviderView
from tests.support.world import Phone

SECRET = "c2l4dGVlbiBieXRlcyEhIQ"
ENDPOINT = "https://push.example.org/endpoint-secret"


def browser_key(private: ec.EllipticCurvePrivateKey) -> str:
    """What a browser with this key gives away of it."""
    point = private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return base64.urlsafe_b64encode(point).rstrip(b"=").decode()


def subscribed(
    session: Session,
    phone: Phone,
    *,
    now: datetime,
    endpoint: str = ENDPOINT,
    private: ec.EllipticCurvePrivateKey | None = None,
) -> ec.EllipticCurvePrivateKey:
    """Let a phone be reached; committed. Returns the browser's own key."""
    private = private or ec.generate_private_key(ec.SECP256R1())
    [device] = [each for each in identity.phones_of(session, phone.person_id) if each.uuid == phone.dev]
    messages.subscribe(
        session,
        phone.person_id,
        provider_id=phone.provider_id,
        device_id=device.id,
        endpoint=endpoint,
        browser_key=browser_key(private),
        browser_secret=SECRET,
        now=now,
    )
    session.commit()
    return private


def nudged(
    session: Session, provider: ProviderView, *members: MemberView, now: datetime, by: int | None = None, **more: Any
) -> messages.Nudged:
    """Nudge people in the app and by these channels; committed."""
    words = {member.person_id: Words(text=f"Hello {member.name}, nudge-canary") for member in members}
    channels = more.pop("channels", {Channel.PUSH})
    done = messages.nudge(session, provider.id, words, channels, in_app=True, by=by, now=now, **more)
    session.commit()
    return done


def sent_something(session: Session, provider: ProviderView, member: MemberView, phone: Phone, now: datetime) -> None:
    """Give a person a row in every table of messages; committed."""
    subscribed(session, phone, now=now, endpoint=f"{ENDPOINT}-{member.person_id}")
    done = nudged(session, provider, member, now=now, by=member.person_id)
    answer(session, phone, done.sent[member.person_id], "notice.read", now=now)
    messages.send(
        session, provider.id, member.person_id, text="message-canary", kind=Kind.MESSAGE, by=member.person_id, now=now
    )
    session.commit()


def answer(session: Session, phone: Phone, message: UUID, kind: str, *, now: datetime) -> None:
    """Say of a message what a phone says of it, as it happens."""
    at = now.strftime("%Y-%m-%dT%H:%M:%S.000Z")
    phone.send(session, phone.record(kind, {"message": str(message)}, at=at), now=now)


def states(session: Session) -> list[tuple[str, str, int]]:
    """Every delivery as it stands: channel, state and tries, the oldest first."""
    session.expire_all()
    return [(row.channel, row.state, row.tries) for row in session.scalars(select(Delivery).order_by(Delivery.id))]
