"""The inbox for changes that other servers suggest to our modules, and their answers. No cookie counts here.

Anybody may send: so what comes is small, counted, checked for its shape, kept as text, and read by a person.
"""

from __future__ import annotations

import re
from datetime import timedelta

from flask import Blueprint, Response, abort, current_app, request
from flask.typing import ResponseReturnValue

from app import identity
from app.content.build import canonical
from app.extensions import db
from app.interop import suggesting
from app.interop.suggesting import InboxFull, NotASuggestion, NotTakenIn
from app.kernel import begin_write, utc_now
from app.web.access import address, allows_anyone

bp = Blueprint("inbox", __name__, url_prefix="/catalogue/suggestions")
# A trainer suggests a few a day. Whoever sends more than this in an hour is a program.
AN_HOUR, HOUR = 20, timedelta(hours=1)
RECEIPT = re.compile(r"[A-Za-z0-9_-]{22}")


@bp.post("")
@allows_anyone
def send() -> ResponseReturnValue:
    """Take a suggestion in. Answers 201 with a receipt; else why not, as `{words}`. Off unless packs are offered."""
    session, now = db.session(), utc_now()
    if not suggesting.is_open(session):
        abort(404)
    if request.mimetype != "application/json":
        return _refused(415, "Send JSON.")
    raw = request.get_data()
    if len(raw) > suggesting.LARGEST_SUGGESTION:
        return _refused(413, f"A suggestion may have {suggesting.LARGEST_SUGGESTION // 1000} kB.")
    session.rollback()
    begin_write(session)
    try:
        identity.take_try(session, f"suggest:{address()}", now=now, tries=AN_HOUR, window=HOUR)
        # Each try counts, also one that is no suggestion at all.
        session.commit()
        made = suggesting.read(raw)
        begin_write(session)
        receipt = suggesting.receive(session, made, came="web", now=now)
    except identity.Throttled as refused:
        session.rollback()
        reply = _refused(429, "Too many suggestions came from this address. Try again in an hour.")
        reply.headers["Retry-After"] = str(refused.retry_after)
        return reply
    except InboxFull as refused:
        session.rollback()
        return _refused(503, str(refused))
    except (NotASuggestion, NotTakenIn) as refused:
        session.rollback()
        return _refused(400 if isinstance(refused, NotASuggestion) else 409, str(refused))
    session.commit()
    told = {"format": 1, "kind": "suggestion-receipt", "receipt": receipt}
    return _json(canonical(told), 201)


@bp.get("/<receipt>.json")
@allows_anyone
def answer(receipt: str) -> Response:
    """Say what became of a suggestion, to whoever has its receipt."""
    found = suggesting.answer_of(db.session(), receipt) if RECEIPT.fullmatch(receipt) else None
    if found is None:
        abort(404)
    return _json(suggesting.answer_file(found))


def _refused(status: int, words: str) -> Response:
    return _json(canonical({"words": words}), status)


def _json(body: bytes, status: int = 200) -> Response:
    made = current_app.response_class(body, status=status, mimetype="application/json")
    made.headers["Cache-Control"] = "no-store"
    return made
