"""Reading what a phone sends: JSON, perhaps gzipped, never more than the server can hold."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from typing import Any, TypeVar

from flask import abort, request
from pydantic import BaseModel, ValidationError
from werkzeug.exceptions import UnsupportedMediaType

from app import sync
from app.kernel import DomainError
from app.web.api.payloads import PROTO

# A thousand records at their usual size, many times over, as sent and as unpacked; a bomb is cut off here.
LARGEST_BODY = 8 * 1024 * 1024

Model = TypeVar("Model", bound=BaseModel)


class BadRequest(DomainError):
    """What came does not have the shape the API documents."""

    code = "bad-request"


class AnotherProtocol(DomainError):
    """What came is for a server of another protocol; its other fields may mean something else."""

    code = "another-protocol"


def nonce() -> str:
    """Return `n` of the address, which an answer repeats so that an older one cannot pass for it. Raises BadRequest."""
    sent = request.args.get("n", "")
    if not sent or len(sent) > 100 or not (sent.isascii() and sent.isprintable()):
        raise BadRequest("Send n: 1 to 100 plain characters.", field="n")
    return sent


def _parse(body: bytes) -> Any:
    try:
        return sync.parse_json(body.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise sync.BadBatch("This is not UTF-8.", code="bad-json") from error


def read(model: type[Model], parse: Callable[[bytes], Any] = _parse) -> Model:
    """Return the request's body as a model, which `parse` reads as JSON.

    Raises BadRequest, AnotherProtocol and sync.BadBatch (400), sync.TooMuch (413), UnsupportedMediaType (415).
    """
    if request.mimetype != "application/json":
        raise UnsupportedMediaType
    sent = parse(_plain_body())
    if "proto" in model.model_fields and isinstance(sent, dict) and sent.get("proto", PROTO) != PROTO:
        words = f"This server speaks protocol {PROTO} only. Keep the records, and send them when it is newer."
        raise AnotherProtocol(words, field="proto")
    try:
        return model.model_validate(sent)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        field = ".".join(str(step) for step in first["loc"])
        raise BadRequest(f"{first['msg']}.", field=field or None) from error


def _plain_body() -> bytes:
    body = request.get_data()
    encoding = request.headers.get("Content-Encoding", "identity").strip().lower()
    if encoding == "identity":
        return body
    if encoding != "gzip":
        abort(415)
    unpacker = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)
    try:
        plain = unpacker.decompress(body, LARGEST_BODY + 1)
    except zlib.error as error:
        raise sync.BadBatch("This is not gzip.", code="bad-gzip") from error
    if len(plain) > LARGEST_BODY:
        raise sync.TooMuch("Send less at once.")
    if not unpacker.eof:
        raise sync.BadBatch("The gzip ends too early.", code="bad-gzip")
    return plain
