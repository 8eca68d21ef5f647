"""The OpenAPI document, made from the table of operations and the models, so that it cannot drift from them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from flask import Response, current_app
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from app.web.access import allows_anyone
from app.web.api import payloads

if TYPE_CHECKING:
    from app.web.api.operations import Operation

MEANINGS = {
    200: "Done",
    201: "Made",
    204: "Nothing is new",
    304: "Nothing has changed since the ETag",
    400: "It cannot be read",
    401: "Sign in again",
    403: "Not yours",
    404: "This person has no such thing here",
    409: "The records are another person's, or for another server: pause, keep everything",
    413: "Too much at once: halve it",
    415: "Neither JSON nor gzipped JSON",
    429: "Too many tries: obey Retry-After",
    500: "Trouble at the server's end",
    503: "Busy: obey Retry-After",
}
TITLE = "Between Visits, phone to server"
DESCRIPTION = "The wire format may only grow. Check proto and server of a reply before believing it."
SCHEMES = {
    "append": {"type": "http", "scheme": "bearer", "description": "Adds records for one person and reads nothing"},
    "read": {"type": "http", "scheme": "bearer", "description": "Reads one person's state and adds nothing"},
    "feed": {
        "type": "http",
        "scheme": "bearer",
        "description": "Reads one provider's feed; a manager makes and ends it",
    },
    "cookie": {"type": "apiKey", "in": "cookie", "name": "bv", "description": "A person signed in in a browser"},
}


@allows_anyone
def read_document() -> Response:
    """Send the OpenAPI document."""
    from app.web.api.operations import OPERATIONS, PREFIX

    body = json.dumps(openapi(OPERATIONS, PREFIX), indent=1, sort_keys=True)
    return current_app.response_class(body, mimetype="application/json")


def openapi(
    operations: Iterable[Operation], prefix: str, *, title: str = TITLE, description: str = DESCRIPTION
) -> dict[str, Any]:
    """Return the OpenAPI 3.1 document of these operations."""
    operations = tuple(operations)
    models: list[type[BaseModel]] = [payloads.Error]
    models += [model for each in operations for model in (*_answers(each), each.takes) if model is not None]
    _, schemas = models_json_schema(
        [(model, "validation") for model in dict.fromkeys(models)],
        ref_template="#/components/schemas/{model}",
    )
    paths: dict[str, Any] = {}
    for each in operations:
        paths.setdefault(prefix + each.path, {})[each.method.lower()] = _operation(each)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": title,
            "version": "1",
            "description": description,
        },
        "paths": paths,
        "components": {"schemas": schemas["$defs"], "securitySchemes": _schemes(operations)},
    }


def _schemes(operations: Iterable[Operation]) -> dict[str, Any]:
    used = {each.security for each in operations}
    return {name: scheme for name, scheme in SCHEMES.items() if name in used}


def _answers(operation: Operation) -> tuple[type[BaseModel], ...]:
    found = (operation.answer, operation.form[2] if operation.form else None)
    return tuple(model for model in found if model is not None)


def _operation(operation: Operation) -> dict[str, Any]:
    answers: dict[str, Any] = {
        str(operation.status): _answer(operation.status, *_answers(operation), kind=operation.answer_type)
    }
    if operation.tells:
        text = {"type": "string"}
        told = {name: {"description": meaning, "schema": text} for name, meaning in operation.tells.items()}
        answers[str(operation.status)]["headers"] = told
        answers["204"] = {"description": MEANINGS[204], "headers": told}
    if operation.etag:
        answers["304"] = {"description": MEANINGS[304]}
    for status in (*operation.errors, 500, 503):
        answers[str(status)] = _answer(status, payloads.Error)
    described: dict[str, Any] = {
        "operationId": operation.name,
        "summary": operation.summary,
        "responses": answers,
        "security": [{operation.security: []}] if operation.security else [],
    }
    if operation.takes is not None:
        described["requestBody"] = {"required": True, "content": _json(operation.takes)}
    if operation.query:
        described["parameters"] = [
            {
                "name": name,
                "in": "query",
                "required": operation.query_needed,
                "description": meaning,
                "schema": {"type": "string"},
            }
            for name, meaning in operation.query.items()
        ]
    if operation.headers:
        described["parameters"] = [
            {"name": name, "in": "header", "required": False, "description": meaning, "schema": {"type": "string"}}
            for name, meaning in operation.headers.items()
        ]
    if operation.form:
        name, value, model = operation.form
        described["parameters"] = [
            {
                "name": name,
                "in": "query",
                "required": False,
                "description": f"`{value}` for the answer as {model.__name__}; anything else is ignored",
                "schema": {"type": "string"},
            }
        ]
    return described


def _answer(status: int, *models: type[BaseModel], kind: str = "application/json") -> dict[str, Any]:
    return {"description": MEANINGS[status], "content": _json(*models) if models else {kind: {}}}


def _json(*models: type[BaseModel]) -> dict[str, Any]:
    named = [{"$ref": f"#/components/schemas/{model.__name__}"} for model in models]
    return {"application/json": {"schema": named[0] if len(named) == 1 else {"anyOf": named}}}
