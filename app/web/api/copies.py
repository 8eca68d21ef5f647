"""A person's copy of everything the server holds about them, from their phone."""

from __future__ import annotations

from datetime import timedelta

from flask import Response

from app import audit, identity, providers
from app.extensions import db
from app.kernel import begin_write, utc_now
from app.web.access import allows_bearer, current_bearer
from app.web.downloads import zip_of

# Making one takes more work than any other request of a phone.
A_DAY = 5


@allows_bearer("read")
def export() -> Response:
    """Give the person everything about them, at every provider. Somebody who left may still have it."""
    who, session, now = current_bearer(), db.session(), utc_now()
    begin_write(session)
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
    return zip_of(who.person_id, None)
