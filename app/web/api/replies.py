"""Sending models as JSON, with the headers that fit."""

from __future__ import annotations

import gzip
import hashlib
import json
from functools import lru_cache

import brotli
from flask import Response, current_app, request
from pydantic import BaseModel

# Below this a compressed reply is no shorter on the air.
WORTH_COMPRESSING = 1_000
BROTLI_QUALITY = 6


def server_id() -> str:
    """Return this server's name for itself, which every reply carries."""
    return str(current_app.extensions["bv.server_id"]())


def reply(model: BaseModel, status: int = 200) -> Response:
    """Send a model."""
    return _json(_body(model), status)


def reply_unless_known(model: BaseModel, *, ignoring: tuple[str, ...] = (), smallest: bool = False) -> Response:
    """Send a model with an ETag, or 304 when the phone has it. `ignoring`: fields that do not count as a change.

    `smallest`: take 0.15 s to pack it an eighth smaller; for what is large, changes seldom and is the same for many.
    """
    counted = {
        name: value for name, value in model.model_dump(mode="json", by_alias=True).items() if name not in ignoring
    }
    tag = hashlib.sha256(json.dumps(counted, sort_keys=True).encode()).hexdigest()[:32]
    known = request.if_none_match.contains_weak(tag)
    response = Response(mimetype="application/json") if known else _json(_body(model), 200, smallest=smallest)
    # Weak: the bytes may differ in what does not count, and in compression.
    response.set_etag(tag, weak=True)
    response.headers["Cache-Control"] = "private, no-cache"
    response.make_conditional(request)
    return response


def _body(model: BaseModel) -> bytes:
    return model.model_dump_json(by_alias=True).encode()


@lru_cache(maxsize=32)
def _smallest(body: bytes) -> bytes:
    return bytes(brotli.compress(body, quality=11))


def _json(body: bytes, status: int, *, smallest: bool = False) -> Response:
    response = Response(body, status, mimetype="application/json")
    response.vary.add("Accept-Encoding")
    if len(body) <= WORTH_COMPRESSING:
        return response
    if request.accept_encodings["br"]:
        # Fast enough to do for each reply, and a tenth smaller than gzip, on data somebody pays for.
        response.set_data(_smallest(body) if smallest else brotli.compress(body, quality=BROTLI_QUALITY))
        response.content_encoding = "br"
    elif request.accept_encodings["gzip"]:
        # The time of packing is left out: equal bodies stay equal bytes.
        response.set_data(gzip.compress(body, compresslevel=6, mtime=0))
        response.content_encoding = "gzip"
    return response
