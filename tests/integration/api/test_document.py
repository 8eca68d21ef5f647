"""The OpenAPI document says what the server does."""

import json

from flask import Flask

from app.web.api.feed import FEED_OPERATIONS
from app.web.api.feed import document as feed_document
from app.web.api.operations import OPERATIONS, PREFIX
from tests.support.api import DOCUMENT, Caller, checked


def test_the_document_is_served_as_it_is_made(caller: Caller) -> None:
    assert json.loads(caller.get("/openapi.json").data) == DOCUMENT


def test_every_address_of_the_api_is_described(app: Flask) -> None:
    served = {
        (rule.rule, method)
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith(PREFIX)
        for method in rule.methods - {"HEAD", "OPTIONS"}  # type: ignore[operator]
    }

    assert served == {(PREFIX + each.path, each.method) for each in (*OPERATIONS, *FEED_OPERATIONS)}


def test_every_field_says_what_it_is_or_is_named_so_that_it_need_not() -> None:
    schemas = {**DOCUMENT["components"]["schemas"], **feed_document()["components"]["schemas"]}
    for name, schema in schemas.items():
        assert schema.get("description"), f"{name} has no description"


def test_an_address_that_is_not_there_answers_in_the_one_shape(caller: Caller) -> None:
    reply = caller.client.get(f"{PREFIX}/nothing")

    assert reply.status_code == 404
    assert reply.json["error"]["code"] == "not-found"  # type: ignore[index]


def test_ping_sends_the_nonce_back_and_only_a_plain_one(caller: Caller) -> None:
    assert caller.get("/ping?n=abc-123").json["n"] == "abc-123"  # type: ignore[index]
    for bad in ("", "%00", "x" * 101, "%C3%A9"):
        assert caller.get(f"/ping?n={bad}").status_code == 400
    assert checked(caller.client.get(f"{PREFIX}/ping")).status_code == 400
