"""Replies that are the same for everybody: packed, and asked for anew, which costs little while nothing changed."""

from __future__ import annotations

import gzip
from functools import lru_cache

import brotli
from flask import Response, request

# Each text is packed once, and then sent to everybody.
QUALITY = 11


def public(text: str, mimetype: str = "text/html", *, keep: int = 0) -> Response:
    """Answer with `text`, in the shortest form the browser takes, or with 304 when it has it already.

    `keep` is for how many seconds a browser need not ask again.
    """
    encoding = next((name for name in ("br", "gzip") if request.accept_encodings[name] > 0), None)
    response = Response(_packed(text, encoding), mimetype=mimetype)
    if encoding:
        response.content_encoding = encoding
    response.vary.add("Accept-Encoding")
    response.headers["Cache-Control"] = f"public, max-age={keep}" if keep else "no-cache"
    # The tag is of the packed bytes, so each form has its own.
    response.add_etag()
    response.make_conditional(request)
    return response


@lru_cache(maxsize=256)
def _packed(text: str, encoding: str | None) -> bytes:
    data = text.encode()
    if encoding == "br":
        return bytes(brotli.compress(data, quality=QUALITY))
    return gzip.compress(data, mtime=0) if encoding == "gzip" else data
