"""A person's copy of everything about them, from their phone."""

from __future__ import annotations

from datetime import timedelta

from flask import Response

from app import audit, identity, providers
from app.extensions import db
from app.kernel import utc_now
from app.web.access import allows_bearer, current_bearer
from app.web.api.payloads import CopyAsked
from app.web.api.pins import show_pin
from app.web.api.reading import read
from app.web.downloads import zip_of

# Making one takes more work than any other request of a phone.
A_DAY = 5


@allows_bearer("read")
def export() -> Response:
    """Give the person what the provider of this phone holds about them, once they typed their PIN.

    What another provider of theirs holds comes from the phone id they have there: no provider's code, and no PIN
    somebody saw being typed, brings it.
    """
    sent, who = read(CopyAsked), current_bearer()
    show_pin(who.person_uuid, sent.pin, placed=False, at=who.dev)
    session, now = db.session(), utc_now()
    identity.take_try(session, f"export:{who.person_uuid}", now=now, tries=A_DAY, window=timedelta(days=1))
    place = None if who.provider_id is None else providers.find_provider(session, who.provider_id)
    audit.note(
        session,
        "data.exported",
        actor=audit.by_person(who.person_uuid),
        now=now,
        provider=place.uuid if place else None,
        subject=who.person_uuid,
    )
    session.commit()
    return zip_of(who.person_id, () if who.provider_id is None else (who.provider_id,), own=True)
