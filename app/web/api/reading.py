"""Reading what a phone sends: JSON, perhaps gzipped, never more than the server can hold."""

from __future__ import annotations

import zlib
from typing import TypeVar

from flask import abort, request
from pydantic import BaseModel, ValidationError
from werkzeug.exceptions import UnsupportedMediaType

from app import sync
from app.kernel import DomainError

# A thousand records at their usual size, many times over, as sent and as unpacked; a bomb is cut off here.
LARGEST_BODY = 8 * 1024 * 1024

Model = TypeVar("Model", bound=BaseModel)


class BadRequest(DomainError):
    """What came does not have the shape the API documents."""

    code = "bad-request"


def read(model: type[Model]) -> Model:
    """Return the request's body as a model.

    Raises BadRequest (400), sync.BadBatch (400), sync.TooMuch (413), UnsupportedMediaType (415).
    """
    if request.mimetype != "application/json":
        raise UnsupportedMediaType
    try:
        text = _plain_body().decode("utf-8")
    except UnicodeDecodeError as error:
        raise sync.BadBatch("This is not UTF-8.", code="bad-json") from error
    try:
        return model.model_validate(sync.parse_json(text))
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
