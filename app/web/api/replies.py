"""Sending models as JSON, with the headers that fit."""

from __future__ import annotations

import hashlib

from flask import Response, current_app, request
from pydantic import BaseModel

from app.web import packed


def server_id() -> str:
    """Return this server's name for itself, which every reply carries."""
    return str(current_app.extensions["bv.server_id"]())


def reply(model: BaseModel, status: int = 200, *, smallest: bool = False) -> Response:
    """Send a model. `smallest`: for what is large, changes seldom and is the same for many."""
    return _json(_body(model), status, smallest=smallest)


def reply_as_is(said: bytes) -> Response:
    """Send what is written already, as its model would write it: for what there are hundreds of in a reply."""
    return _json(said, 200)


def member(name: str, written: bytes) -> bytes:
    """Return a JSON object with this one member, which is JSON already."""
    return b'{"%s":%s}' % (name.encode(), written)


def joined(*objects: bytes) -> bytes:
    """Return one JSON object with the members of all of these, which must have no member in common."""
    return b"{%s}" % b",".join(members for each in objects if (members := each[1:-1]))


def tag_of(written: bytes, letters: int = 32) -> str:
    """Return what a phone calls a reply of these bytes. Members are in the same order each time."""
    return hashlib.sha256(written).hexdigest()[:letters]


def reply_unless_known(model: BaseModel, *, ignoring: tuple[str, ...] = (), smallest: bool = False) -> Response:
    """Send a model with an ETag, or 304 when the phone has it. `ignoring`: fields that do not count as a change.

    `smallest`: for what is large, changes seldom and is the same for many.
    """
    counted = model.model_dump_json(by_alias=True, exclude=set(ignoring)).encode()
    beside = model.model_dump_json(by_alias=True, include=set(ignoring)).encode()
    return written_unless_known(counted, beside, smallest=smallest)


def written_unless_known(counted: bytes, beside: bytes = b"{}", *, smallest: bool = False) -> Response:
    """Send the members of two objects that are JSON already, as above; those of `beside` do not count as a change."""
    tag = tag_of(counted)
    known = request.if_none_match.contains_weak(tag)
    body = b"" if known else joined(beside, counted)
    response = Response(mimetype="application/json") if known else _json(body, 200, smallest=smallest)
    # Weak: the bytes may differ in what does not count, and in compression.
    response.set_etag(tag, weak=True)
    response.headers["Cache-Control"] = "private, no-cache"
    response.make_conditional(request)
    return response


def _body(model: BaseModel) -> bytes:
    return model.model_dump_json(by_alias=True).encode()


def _json(body: bytes, status: int, *, smallest: bool = False) -> Response:
    return packed.packed(
        Response(body, status, mimetype="application/json"), packed.smallest if smallest else packed.quick
    )
