"""A phone asks to be told of messages on its lock screen, or no longer."""

from __future__ import annotations

from flask import Response

from app import messages
from app.extensions import db
from app.kernel import utc_now
from app.web.access import allows_bearer, current_bearer
from app.web.api.payloads import PushAsked, PushStands
from app.web.api.reading import read
from app.web.api.replies import reply, server_id


@allows_bearer("append")
def subscribe() -> Response:
    """Keep where this phone can be reached. Safe to repeat."""
    sent, who, session = read(PushAsked), current_bearer(), db.session()
    messages.subscribe(
        session,
        who.person_id,
        provider_id=who.provider_id,
        device_id=who.device_id,
        endpoint=sent.endpoint,
        browser_key=sent.keys.p256dh,
        browser_secret=sent.keys.auth,
        now=utc_now(),
    )
    session.commit()
    return reply(PushStands(server=server_id(), on=True), 201)


@allows_bearer("append")
def unsubscribe() -> Response:
    """Ask this phone no more. Safe to repeat."""
    session = db.session()
    messages.unsubscribe(session, current_bearer().device_id, now=utc_now())
    session.commit()
    return reply(PushStands(server=server_id(), on=False))
