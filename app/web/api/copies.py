"""A person's copy of everything the server holds about them, from their phone."""

from __future__ import annotations

from datetime import timedelta
from tempfile import SpooledTemporaryFile
from typing import IO, cast

from flask import Response, send_file

from app import audit, identity, privacy, providers
from app.extensions import db
from app.kernel import begin_write, utc_now
from app.web.access import allows_bearer, current_bearer

# Making one takes more work than any other request of a phone.
A_DAY = 5
IN_MEMORY = 2 * 1024 * 1024


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


def zip_of(person_id: int, provider_id: int | None) -> Response:
    """Return the reply that saves a copy as a file. Not kept by any cache."""
    out = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - it is closed with the reply
    now = utc_now()
    privacy.export(db.session(), person_id, provider_id, cast(IO[bytes], out), now=now)
    out.seek(0)
    name = f"between-visits-everything-{now:%Y-%m-%d}.zip"
    reply = send_file(cast(IO[bytes], out), mimetype="application/zip", as_attachment=True, download_name=name)
    reply.call_on_close(out.close)
    reply.headers["Cache-Control"] = "no-store"
    return reply
