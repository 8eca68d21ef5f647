"""Files that never change: editions, glossaries and media, each at the address of its own hash.

What a provider wrote for its own people is sent to them alone: to a phone with their read token, or to staff who are
signed in. For anybody else there is no such file.

Several come in one reply at `/together/`, as what one request costs on a slow line is above all waiting for it.
"""

from __future__ import annotations

import json
import re

from flask import Blueprint, Flask, Request, Response, abort, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin

from app.content import queries as content
from app.content.types import Stored
from app.extensions import db
from app.web import packed
from app.web.access import allows_anyone, may_read

bp = Blueprint("files", __name__)

SHA = re.compile(r"[0-9a-f]{64}")
# An address must fit into a line of 4,094 bytes.
TOGETHER = 40
# Bytes of a file beyond which waiting for one more request no longer matters.
LARGEST = 100_000
# Bytes of all files of one reply: what a phone asks for at once is less, and packing more would keep a process busy
# for seconds, for anybody who asks in yet another order.
ALTOGETHER = 300_000
LOT = "application/octet-stream"
FOR_EVER = "public, max-age=31536000, immutable"
# Whoever uses the browser next may be of another provider.
FOR_NOBODY_ELSE = "private, no-store"
# A picture opened as a page of its own runs and loads nothing.
ENDINGS = {"svg": "image/svg+xml", "webp": "image/webp", "png": "image/png", "mp3": "audio/mpeg"}
AS_A_PICTURE = "sandbox; default-src 'none'"


class SessionsForPages(SecureCookieSessionInterface):
    """Leaves replies alone that are the same for everybody, or that a phone asks for again and again, and makes nothing
    for requests without a cookie.

    Flask-Login looks into the session at the end of every request, for which Flask would add "Vary: Cookie" and keep a
    shared cache from ever using what it stored. It would also send the cookie anew, half a kilobyte with each look
    whether there is a newer worker: that is no act of a person, and need not prolong their sign-in.
    """

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Read the cookie. Where there is none, as from phones, what would check it is not even made."""
        if self.get_cookie_name(app) not in request.cookies:
            return self.session_class()
        return super().open_session(app, request)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Set the cookie as ever, unless the reply is public, or only asked whether it is new and changed nothing.

        Where there is none and none is wanted, a reply that nobody keeps has nothing to say of it either.
        """
        kept = response.headers.get("Cache-Control", "")
        looked_again = "no-cache" in kept and not session.modified
        without = "no-store" in kept and not session and not session.modified
        if not ("public" in kept or looked_again or without):
            super().save_session(app, session, response)


@bp.get("/e/<sha>")
@allows_anyone
def edition(sha: str) -> Response:
    """Send an edition or a glossary, in the shortest form the browser takes."""
    return _send(content.edition_by_sha(db.session(), sha) if SHA.fullmatch(sha) else None)


@bp.get("/m/<sha>.<ending>")
@allows_anyone
def media(sha: str, ending: str) -> Response:
    """Send a picture or sound, at the address with its own ending only."""
    stored = content.media_by_sha(db.session(), sha) if SHA.fullmatch(sha) else None
    response = _send(stored if stored and ENDINGS.get(ending) == stored.type else None)
    response.headers["Content-Security-Policy"] = AS_A_PICTURE
    return response


@bp.get("/together/<names>")
@allows_anyone
def together(names: str) -> Response:
    """Send up to 40 small files that are for everybody, named by their SHA-256 with commas between.

    First a line with a list in JSON: the length of each in bytes, or null for one that is to be asked for by itself, as
    those are that come when there is enough. Then the files, one after the other. Whoever asks checks the hash of each.
    """
    asked = names.split(",")
    if len(asked) > TOGETHER or len(set(asked)) < len(asked) or not all(SHA.fullmatch(sha) for sha in asked):
        abort(404)
    found = content.for_everybody(db.session(), asked, largest=LARGEST)
    if not found:
        abort(404)
    room = ALTOGETHER
    for sha in asked:
        room -= len(found.get(sha, b""))
        if room < 0:
            found.pop(sha, None)
    lengths = json.dumps([len(found[sha]) if sha in found else None for sha in asked], separators=(",", ":"))
    response = Response(lengths.encode() + b"\n" + b"".join(found.get(sha, b"") for sha in asked), mimetype=LOT)
    # What is missing today may be published tomorrow.
    response.headers["Cache-Control"] = FOR_EVER if len(found) == len(asked) else "no-store"
    return packed.packed(response, packed.smaller)


def _send(stored: Stored | None) -> Response:
    if stored is None or not may_read(stored.only_for):
        abort(404)
    forms = {"br": stored.br, "gzip": stored.gz}
    encoding = next((name for name, body in forms.items() if body and request.accept_encodings[name] > 0), None)
    body = forms[encoding] if encoding else stored.body
    response = Response(body, mimetype=stored.type)
    if encoding:
        response.content_encoding = encoding
    response.vary.add("Accept-Encoding")
    response.headers["Cache-Control"] = FOR_EVER if stored.only_for is None else FOR_NOBODY_ELSE
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.set_etag(f"{stored.sha[:32]}{'-' + encoding if encoding else ''}")
    if encoding:
        response.make_conditional(request)
    else:
        # A browser that seeks in a sound asks for a piece of it.
        response.make_conditional(request, accept_ranges=True, complete_length=len(stored.body))
    return response
