"""Whether this server can do its work, for the balancer before it."""

from __future__ import annotations

from flask import Blueprint, Response
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection

from app.extensions import db
from app.web.access import allows_anyone
from app.web.errors import RETRY_SECONDS

bp = Blueprint("health", __name__)


@bp.get("/healthz")
@allows_anyone
def healthz() -> Response:
    """Answer 200 when the database answers and is nobody's replica, else 503. Nothing more is said to anybody."""
    try:
        well = _can_write()
        db.session.rollback()
    except (OperationalError, NoConnection):
        db.session.rollback()
        well = False
    reply = Response("well\n" if well else "not well\n", 200 if well else 503, content_type="text/plain; charset=utf-8")
    reply.headers["Cache-Control"] = "no-store"
    if not well:
        reply.headers["Retry-After"] = str(RETRY_SECONDS)
    return reply


def _can_write() -> bool:
    """Ask the database; a PostgreSQL that became another's replica answers, and takes nothing."""
    session = db.session()
    if session.get_bind().dialect.name == "postgresql":
        return not session.scalar(text("SELECT pg_is_in_recovery()"))
    return bool(session.scalar(text("SELECT 1")))
