"""One table from error class to status, and one shape for each audience: kind pages for people, JSON for phones."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus

from flask import Flask, Response, current_app, g, jsonify, render_template, request, session
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import InterfaceError, OperationalError, PendingRollbackError
from sqlalchemy.exc import TimeoutError as NoConnection
from werkzeug.exceptions import HTTPException

from app.extensions import db
from app.files import FileLost, FilesAway
from app.kernel import DomainError

PROTO = 1
API_PREFIX = "/api/"

# Asked from the class upwards through its parents; the first hit counts.
STATUS: dict[type[Exception], int] = {
    DomainError: 400,
    CSRFError: 400,
    # The database is locked, full or away. Asking again later is the right thing to do, so it is not a 500.
    OperationalError: 503,
    # Its connection has gone: noticed by us, or before by something that went on without it.
    InterfaceError: 503,
    PendingRollbackError: 503,
    NoConnection: 503,
    # The bucket is away; or it answers, and what it has is not what was put there.
    FilesAway: 503,
    FileLost: 502,
}
# Asked by `code` where one class stands for several kinds of trouble.
CODE_STATUS = {"not-found": 404, "throttled": 429, "forbidden": 403}
RETRY_SECONDS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What an error page says: a title, what happened, and what to do."""

    title: str
    words: str


PAGES: dict[int, Page] = {
    400: Page(title="That did not go through", words="Go back, load the page again and have another go."),
    401: Page(title="You are signed out here", words="Type your code again, or ask your manager for a new one."),
    403: Page(title="This page is not yours to open", words="Someone with another role can. Ask your manager."),
    404: Page(title="There is no page here", words="The address may be mistyped, or the page may have moved."),
    405: Page(title="There is no page here", words="Go back and use the button on the page."),
    413: Page(title="That is too big", words="Send less at once."),
    429: Page(title="Too many tries", words="Wait a little, then have another go."),
    500: Page(title="Something went wrong at our end", words="It is not your doing. Have another go in a minute."),
    502: Page(title="This file is not as it was", words="Tell whoever runs this server. Nothing else is touched."),
    503: Page(title="We are busy for a moment", words="Nothing is lost. Try again in a minute."),
}
# What was typed beside a file that is too large went unread.
FILE_PAGE = Page(
    title="This file is too big",
    words="Nothing was saved. The form says beside the file how big it may be. Go back, look whether your words are "
    "still there, and pick a smaller file.",
)
CSRF_PAGE = Page(
    title="This page was open for too long",
    words="Nothing was changed. Go back, load the page again and have another go.",
)
JOIN_CSRF_PAGE = Page(
    title="This page was open for too long",
    words="Nothing was changed, and your code is still good. Load the page again. If that does not help, this browser "
    "keeps no cookies: open your link in Chrome or Safari.",
)


def wants_json() -> bool:
    """Whether the request came to the API, whose callers are programs."""
    return request.path.startswith(API_PREFIX)


def status_of(error: Exception) -> int:
    """Return the status code for `error`: by its code, then by the closest class in the table, else 500."""
    code = getattr(error, "code", None)
    if isinstance(error, DomainError) and code in CODE_STATUS:
        return CODE_STATUS[code]
    for cls in type(error).__mro__:
        if cls in STATUS:
            return STATUS[cls]
    return 500


def api_error(status: int, code: str, message: str, field: str | None = None) -> Response:
    """Return the API's one error shape: `{proto, server, error: {code, message, field?}}`."""
    error = {"code": code, "message": message}
    if field is not None:
        error["field"] = field
    reply = jsonify(proto=PROTO, server=current_app.extensions["bv.server_id"](), error=error)
    reply.status_code = status
    return _with_retry(reply)


def error_page(status: int, page: Page | None = None) -> Response:
    """Return the kind page for `status`."""
    chosen = page or PAGES.get(status) or PAGES[400 if status < 500 else 500]
    # Trouble of the server's own is told without asking the database anything more.
    g.no_frame = status >= 500
    reply = current_app.make_response(
        render_template("errors/error.html", page=chosen, status=status, staff=request.path.startswith("/staff"))
    )
    reply.status_code = status
    return _with_retry(reply)


def _with_retry(reply: Response) -> Response:
    if reply.status_code in (429, 503):
        reply.headers.setdefault("Retry-After", str(RETRY_SECONDS))
    return reply


def _on_domain_error(error: DomainError) -> ResponseReturnValue:
    db.session.rollback()
    status = status_of(error)
    if wants_json():
        reply = api_error(status, error.code, str(error), error.field)
    else:
        known = PAGES.get(status, PAGES[400])
        reply = error_page(status, Page(title=known.title, words=str(error)))
    seconds = getattr(error, "retry_after", None)
    if seconds is not None:
        reply.headers["Retry-After"] = str(int(seconds))
    return reply


def _on_http(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 500
    if error.response is not None or status < 400:
        return error
    db.session.rollback()
    if wants_json():
        name = HTTPStatus(status).phrase.lower().replace(" ", "-")
        reply = api_error(status, name, PAGES.get(status, PAGES[400]).words)
    else:
        reply = error_page(status, _page_of(error))
    if status == 405 and "Allow" in (headers := dict(error.get_headers())):
        reply.headers["Allow"] = headers["Allow"]
    return reply


def _page_of(error: HTTPException) -> Page | None:
    """Return the page of an error that has one of its own."""
    if isinstance(error, CSRFError):
        return _csrf_page()
    return FILE_PAGE if error.code == 413 and request.mimetype == "multipart/form-data" else None


def _csrf_page() -> Page:
    return JOIN_CSRF_PAGE if request.path.startswith("/join") else CSRF_PAGE


def _undo() -> None:
    """Undo what the request did: in the database and in the cookie. A sign-in that was not stored must not be sent."""
    db.session.rollback()
    if session.modified:
        before = current_app.session_interface.open_session(current_app, request)
        session.clear()
        session.update(before or {})


def _on_crash(error: Exception) -> ResponseReturnValue:
    _undo()
    status = status_of(error)
    # The words of the error never reach the page: they may hold a query's values, and so a person's name.
    current_app.logger.error("%s on %s", type(error).__name__, request.endpoint, exc_info=error)
    if wants_json():
        return api_error(status, "busy" if status == 503 else "server-trouble", PAGES[status].words)
    return error_page(status)


def init_app(app: Flask) -> None:
    """Give `app` its error pages. `bv.server_id` is replaced by the API once it knows the server's name."""
    app.extensions.setdefault("bv.server_id", lambda: None)
    app.register_error_handler(DomainError, _on_domain_error)
    app.register_error_handler(HTTPException, _on_http)
    for away in (OperationalError, InterfaceError, PendingRollbackError, NoConnection):
        app.register_error_handler(away, _on_crash)
    app.register_error_handler(500, _on_http_500)


def _on_http_500(_error: Exception) -> ResponseReturnValue:
    """Answer a crash. Flask hands over the wrapped original, and has already logged it."""
    _undo()
    if wants_json():
        return api_error(500, "server-trouble", PAGES[500].words)
    return error_page(500)
