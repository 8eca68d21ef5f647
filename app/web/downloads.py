"""Files a person saves: a copy of everything about somebody."""

from __future__ import annotations

import io
from collections.abc import Collection

from flask import Response, current_app

from app import privacy
from app.extensions import db
from app.kernel import day_of, utc_now


def zip_of(person_id: int, places: Collection[int], *, own: bool = False) -> Response:
    """Return the reply that saves a copy as a file; a few megabytes for years of work. Not kept by any cache.

    `places`: the internal ids of the providers whose part it is. `own`: the person asked for it themselves.
    """
    out, now = io.BytesIO(), utc_now()
    privacy.export(db.session(), person_id, places, out, now=now, own=own)
    name = f"between-visits-everything-{day_of(now)}.zip"
    headers = {"Content-Disposition": f"attachment; filename={name}", "Cache-Control": "no-store"}
    return current_app.response_class(out.getvalue(), mimetype="application/zip", headers=headers)
