"""Packing a reply, on data somebody pays for: the same for the API and for the pages of joining."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from functools import lru_cache

import brotli
from flask import Response, request

# Below this a packed reply is no shorter on the air.
WORTH_PACKING = 1_000
QUICK = 6


def quick(body: bytes) -> bytes:
    """Pack with Brotli, fast enough to do for each reply, and a tenth smaller than gzip."""
    return bytes(brotli.compress(body, quality=QUICK))


@lru_cache(maxsize=16)
def smaller(body: bytes) -> bytes:
    """Pack with Brotli a tenth smaller, which takes 0.1 s once: for what is larger still, and the same for some."""
    return bytes(brotli.compress(body, quality=10))


@lru_cache(maxsize=32)
def smallest(body: bytes) -> bytes:
    """Pack with Brotli an eighth smaller, which takes 0.15 s once: for what is large and the same for many."""
    return bytes(brotli.compress(body, quality=11))


def packed(response: Response, pack: Callable[[bytes], bytes] = quick) -> Response:
    """Pack a reply's body in the shortest form the browser takes, unless it is short anyway."""
    response.vary.add("Accept-Encoding")
    body = response.get_data()
    if len(body) <= WORTH_PACKING:
        return response
    if request.accept_encodings["br"]:
        response.set_data(pack(body))
        response.content_encoding = "br"
    elif request.accept_encodings["gzip"]:
        # The time of packing is left out: equal bodies stay equal bytes.
        response.set_data(gzip.compress(body, compresslevel=6, mtime=0))
        response.content_encoding = "gzip"
    return response
