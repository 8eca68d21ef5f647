"""Files a person saves: a copy of everything about somebody."""

from __future__ import annotations

import io

from flask import Response, current_app

from app import privacy
from app.extensions import db
from app.kernel import day_of, utc_now


def zip_of(person_id: int, provider_id: int | None) -> Response:
    """Return the reply that saves a copy as a file; a few megabytes for years of work. Not kept by any cache."""
    out, now = io.BytesIO(), utc_now()
    privacy.export(db.session(), person_id, provider_id, out, now=now)
    name = f"between-visits-everything-{day_of(now)}.zip"
    headers = {"Content-Disposition": f"attachment; filename={name}", "Cache-Control": "no-store"}
    return current_app.response_class(out.getvalue(), mimetype="application/zip", headers=headers)
