"""What phones call: `/api/v1/…` with bearer tokens, and the unchangeable files `/e/…` and `/m/…`.

No view here takes a cookie but one, enrolment, and that one wants a CSRF token.
"""

from __future__ import annotations

from flask import Blueprint, Flask
from flask.typing import ResponseReturnValue

from app import identity, privacy, sync
from app.extensions import csrf, db
from app.interop.feed import FeedTokenRefused
from app.kernel import DomainError
from app.web.api import devices, files, pins, place, places
from app.web.api.feed import FEED_OPERATIONS
from app.web.api.operations import OPERATIONS, PREFIX
from app.web.api.reading import LARGEST_BODY
from app.web.errors import api_error

__all__ = ["LARGEST_BODY", "init_app"]

# The closest class counts. What is not here is 400, as everywhere.
STATUS: dict[type[DomainError], int] = {
    identity.TokenRefused: 401,
    FeedTokenRefused: 401,
    pins.PinWrong: 401,
    identity.PasskeyRefused: 401,
    pins.Erased: 403,
    identity.HasPassword: 403,
    devices.WhichPlace: 403,
    identity.PersonArchived: 403,
    place.PlaceEnded: 403,
    places.CodeRefused: 403,
    privacy.NotUnited: 409,
    sync.AnotherPerson: 409,
    sync.AnotherServer: 409,
    sync.TooMuch: 413,
    identity.Throttled: 429,
}


def init_app(app: Flask) -> None:
    """Register every operation, and tell the error pages the server's name."""
    api = Blueprint("api", __name__, url_prefix=PREFIX)
    for operation in (*OPERATIONS, *FEED_OPERATIONS):
        api.add_url_rule(operation.path, operation.name, operation.view, methods=[operation.method])
    for error in STATUS:
        api.register_error_handler(error, _refuse)
    csrf.exempt(api)
    app.register_blueprint(api)
    app.register_blueprint(files.bp)
    app.session_interface = files.SessionsForPages()
    app.extensions["bv.server_id"] = _server_id(app)


def _refuse(error: DomainError) -> ResponseReturnValue:
    db.session.rollback()
    status = next(STATUS[each] for each in type(error).__mro__ if each in STATUS)
    reply = api_error(status, error.code, str(error), error.field)
    if isinstance(error, identity.Throttled):
        reply.headers["Retry-After"] = str(error.retry_after)
    return reply


def _server_id(app: Flask) -> object:
    """Return a function that gives the server's name, read once; None while the database cannot be asked."""
    known: list[str] = []

    def name() -> str | None:
        if not known:
            try:
                # Nothing is committed here: this may be asked in the middle of a request that is about to write.
                known.append(str(sync.server_id(db.session())))
            except Exception as error:  # an error reply must not fail for want of a name
                db.session.rollback()
                app.logger.warning("The server's name cannot be read: %s", type(error).__name__)
                return None
        return known[0]

    return name
