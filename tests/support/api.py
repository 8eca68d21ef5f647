"""A phone that talks to the API, and a check that every reply is as the OpenAPI document says."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator
from werkzeug.test import TestResponse

from app.web.api.document import openapi
from app.web.api.operations import OPERATIONS, PREFIX
from tests.support.world import Phone

DOCUMENT = openapi(OPERATIONS, PREFIX)


def checked(response: TestResponse) -> TestResponse:
    """The reply, once it is sure that the document describes it: this address, method, status and body."""
    request = response.request
    described = DOCUMENT["paths"][request.path][request.method.lower()]["responses"]
    assert str(response.status_code) in described, f"{request.path} may not answer {response.status_code}"
    if response.status_code in (204, 304):
        assert response.data == b""
        return response
    assert response.mimetype == "application/json"
    schema = described[str(response.status_code)]["content"]["application/json"].get("schema")
    if schema is not None:
        whole = {**schema, "components": DOCUMENT["components"]}
        Draft202012Validator(whole).validate(json.loads(response.data))
    if response.status_code in (429, 503):
        assert int(response.headers["Retry-After"]) > 0
    return response


@dataclass
class Caller:
    """Calls the API as one phone, every reply checked. `server` is what ping said."""

    app: Flask
    phone: Phone

    def __post_init__(self) -> None:
        self.client: FlaskClient = self.app.test_client(use_cookies=False)
        self.server: str = self.get("/ping?n=hello").json["server"]  # type: ignore[index]

    def get(self, path: str, token: str | None = None, **headers: str) -> TestResponse:
        """GET below /api/v1."""
        return checked(self.client.get(PREFIX + path, headers=self._headers(token, headers)))

    def post(self, path: str, body: Any = None, token: str | None = None, **headers: str) -> TestResponse:
        """POST JSON (or bytes as they are) below /api/v1."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {"Content-Type": "application/json", **{k.replace("_", "-"): v for k, v in headers.items()}}
        return checked(self.client.post(PREFIX + path, data=data, headers=self._headers(token, headers)))

    def batch(self, *records: Any, **changes: Any) -> dict[str, Any]:
        """A batch as the phone sends it."""
        return {
            "proto": 1,
            "server": self.server,
            "dev": str(self.phone.dev),
            "person": str(self.phone.person_uuid),
            "batch": "batch-1",
            "app": "test",
            "now": "2026-06-15T12:00:00.000Z",
            "held": {"n": 0, "x": "0" * 16},
            "records": list(records),
            **changes,
        }

    def send(self, *records: Any, **changes: Any) -> TestResponse:
        """Send records with this phone's append token."""
        return self.post("/records", self.batch(*records, **changes), self.phone.append)

    def _headers(self, token: str | None, more: dict[str, str]) -> dict[str, str]:
        more = {name.replace("_", "-"): value for name, value in more.items()}
        return more if token is None else {"Authorization": f"Bearer {token}", **more}
