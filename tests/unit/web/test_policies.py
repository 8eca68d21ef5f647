"""A page and a worker need the policy that lets our own script run; nothing else needs to run at all."""

from __future__ import annotations

import pytest
from werkzeug.test import Client
from werkzeug.wrappers import Request, Response

from app.web.security import CONTENT_SECURITY_POLICY, PLAIN_POLICY, SecurityHeaders


@pytest.mark.parametrize(
    ("kind", "policy"),
    [
        ("text/html; charset=utf-8", CONTENT_SECURITY_POLICY),
        ("text/javascript; charset=utf-8", CONTENT_SECURITY_POLICY),
        ("application/json", PLAIN_POLICY),
        ("text/css; charset=utf-8", PLAIN_POLICY),
        ("image/svg+xml", PLAIN_POLICY),
    ],
)
def test_each_kind_of_reply_carries_the_policy_it_needs(kind: str, policy: str) -> None:
    @Request.application
    def answer(_request: Request) -> Response:
        return Response("", content_type=kind)

    reply = Client(SecurityHeaders(answer, https=False)).get("/")

    assert reply.headers["Content-Security-Policy"] == policy


def test_a_view_keeps_a_policy_of_its_own() -> None:
    @Request.application
    def answer(_request: Request) -> Response:
        return Response("", content_type="image/svg+xml", headers={"Content-Security-Policy": "sandbox"})

    assert Client(SecurityHeaders(answer, https=False)).get("/").headers["Content-Security-Policy"] == "sandbox"
