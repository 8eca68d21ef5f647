"""Sending models as JSON, with the headers that fit."""

from __future__ import annotations

import hashlib
import json

from flask import Response, current_app, request
from pydantic import BaseModel
from pydantic_core import to_json

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


def reply_unless_known(model: BaseModel, *, ignoring: tuple[str, ...] = (), smallest: bool = False) -> Response:
    """Send a model with an ETag, or 304 when the phone has it. `ignoring`: fields that do not count as a change.

    `smallest`: for what is large, changes seldom and is the same for many.
    """
    # Asked once of the model's own writer: for somebody's whole record that takes longer than all else here.
    said = model.model_dump(mode="json", by_alias=True)
    counted = {name: value for name, value in said.items() if name not in ignoring}
    tag = hashlib.sha256(json.dumps(counted, sort_keys=True).encode()).hexdigest()[:32]
    known = request.if_none_match.contains_weak(tag)
    response = Response(mimetype="application/json") if known else _json(to_json(said), 200, smallest=smallest)
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
