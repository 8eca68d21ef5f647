"""Nothing that is sent can be too much, too deep or too well packed for the server."""

from __future__ import annotations

import gzip
import io
import json
import time
import zlib

import pytest
from flask import Flask

from app.extensions import db
from app.kernel import utc_now
from app.web.access import access_of
from app.web.api.reading import LARGEST_BODY
from tests.support.routes import asked_for
from tests.support.website import Browser, Place
from tests.support.world import Phone, add_phone

JSON = "application/json"


@pytest.fixture
def phone(bramble: Place) -> Phone:
    return add_phone(db.session(), bramble.add("Ngozi Obi"), now=utc_now())


def test_every_route_that_takes_a_body_refuses_one_that_is_too_large(
    app: Flask, bramble: Place, priya: Browser, phone: Phone
) -> None:
    asked = 0
    for rule, method, address in asked_for(app, {"person": str(phone.person_uuid), "code": "AAAA2222"}):
        if method == "GET":
            continue
        access = access_of(app.view_functions[rule.endpoint])
        assert access is not None
        token = phone.append if access.bearer else None
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        kind = JSON if rule.rule.startswith("/api/") else "application/x-www-form-urlencoded"
        body = b"a=" + b"x" * LARGEST_BODY
        reply = priya.send(method, address, data=body, content_type=kind, headers=headers)
        assert reply.status_code == 413, (rule.rule, reply.status)
        # Nor without saying how large it is.
        stream = {"input_stream": io.BytesIO(body), "environ_overrides": {"wsgi.input_terminated": True}}
        chunked = priya.send(method, address, content_type=kind, headers=headers, **stream)
        assert chunked.status_code == 413, (rule.rule, chunked.status)
        asked += 1
    assert asked > 10


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(gzip.compress(b" " * (200 * 1024 * 1024)), id="spaces"),
        pytest.param(gzip.compress(b"[" * (100 * 1024 * 1024)), id="brackets"),
        pytest.param(gzip.compress(gzip.compress(b"0" * (500 * 1024 * 1024))), id="packed twice"),
        pytest.param(gzip.compress(b"{}")[:-4], id="cut"),
        pytest.param(b"\x1f\x8b" + b"\x00" * 100, id="damaged"),
        pytest.param(zlib.compress(b"{}"), id="not gzip"),
        pytest.param(b"", id="nothing"),
    ],
)
def test_a_bomb_does_not_go_off(app: Flask, phone: Phone, body: bytes) -> None:
    began = time.monotonic()
    reply = app.test_client().post(
        "/api/v1/records",
        data=body,
        content_type=JSON,
        headers={"Authorization": f"Bearer {phone.append}", "Content-Encoding": "gzip"},
    )
    assert reply.status_code in (400, 413)
    assert time.monotonic() - began < 5


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("[" * 2_000_000, id="open"),
        pytest.param("[" * 1_000_000 + "]" * 1_000_000, id="deep"),
        pytest.param('{"a":' * 500_000 + "1" + "}" * 500_000, id="objects"),
        pytest.param("9" * 5_000_000, id="a long number"),
        pytest.param('"' + "\\" * 5_000_000, id="a text without an end"),
        pytest.param(json.dumps({"records": [{}] * 200_000}), id="many records"),
        pytest.param('{"proto":1,' * 1 + '"x":"\\ud800"}', id="half a character"),
        pytest.param("NaN", id="no number"),
    ],
)
@pytest.mark.parametrize("address", ["/api/v1/records", "/api/v1/sign-in"])
def test_deep_and_odd_json_is_answered_quickly_and_calmly(app: Flask, phone: Phone, address: str, text: str) -> None:
    began = time.monotonic()
    reply = app.test_client().post(
        address, data=text, content_type=JSON, headers={"Authorization": f"Bearer {phone.append}"}
    )
    assert reply.status_code in (400, 413)
    assert set(reply.get_json()) == {"proto", "server", "error"}
    assert time.monotonic() - began < 5


def test_a_form_of_very_many_parts_is_refused(app: Flask, bramble: Place) -> None:
    browser = Browser(app.test_client())
    token = browser.get("/staff/sign-in").form("/staff/sign-in")["csrf_token"]
    parts = {f"field{number}": "x" for number in range(2000)}
    reply = browser.send(
        "POST", "/staff/sign-in", data={"csrf_token": token, **parts}, content_type="multipart/form-data"
    )
    assert reply.status_code == 413
    long = browser.send("POST", "/staff/sign-in", data={"csrf_token": token, "name": "x" * 600_000})
    assert long.status_code in (400, 413)


@pytest.mark.parametrize("size", [0, 100, 100_000])
def test_a_password_or_pin_of_any_length_is_answered(app: Flask, bramble: Place, size: int) -> None:
    browser = Browser(app.test_client())
    browser.get("/staff/sign-in")
    began = time.monotonic()
    page = browser.post("/staff/sign-in", name="priya", password="x" * size)
    assert page.status == 400
    assert time.monotonic() - began < 5
