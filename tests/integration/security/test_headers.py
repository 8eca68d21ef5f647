"""Every reply carries the headers, whatever was asked and however it ended."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError
from werkzeug.test import Client, TestResponse

from app import create_app
from app.config import Mode
from app.extensions import db
from app.web import theme
from app.web.access import allows_anyone
from app.web.assets import BUILD
from app.web.security import BUILT, CONTENT_SECURITY_POLICY, HEADERS, NO_PAGE, PLAIN_POLICY, RUNS
from tests.support.routes import asked_for
from tests.support.website import settings_in

POLICY_PARTS = {
    "default-src 'none'",
    f"script-src 'self' {theme.SOURCE}",
    "style-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types bv",
}


@pytest.fixture
def real(tmp_path: Path, empty_tables: Path) -> Iterator[Client]:
    """The application as real people are served: in production, with addresses that crash."""
    shutil.copy(empty_tables, tmp_path / "test.sqlite")
    settings = replace(settings_in(tmp_path), mode=Mode.PRODUCTION, origin="https://learn.example.org")
    app = create_app(settings)

    def crash() -> str:
        raise RuntimeError("a crash")

    def locked() -> str:
        raise OperationalError("select 1", {}, Exception("database is locked"))

    for prefix in ("", "/staff", "/api"):
        app.add_url_rule(f"{prefix}/crash", f"{prefix}crash", allows_anyone(crash))
        app.add_url_rule(f"{prefix}/locked", f"{prefix}locked", allows_anyone(locked))
    with app.app_context():
        yield app.test_client()
        db.session.remove()
        db.engine.dispose()


def ask(client: Client, method: str, address: str, **headers: str) -> TestResponse:
    """One request as the proxy in front passes it on."""
    return client.open(address, method=method, base_url="https://learn.example.org", headers=headers, buffered=True)


def complaints(reply: TestResponse) -> list[str]:
    """What a reply lacks of the headers every reply has."""
    headers = reply.headers
    wanted = {
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Strict-Transport-Security": "max-age=31536000",
    }
    kind = headers.get("Content-Type", "text/html")
    shown = not kind.startswith(NO_PAGE)
    if shown:
        wanted["Cross-Origin-Opener-Policy"] = "same-origin"
    missing = [name for name, value in wanted.items() if headers.getlist(name) != [value]]
    missing += [name for name in ("Permissions-Policy",) * shown + ("Cache-Control",) if not headers.get(name)]
    policies = headers.getlist("Content-Security-Policy")
    if len(policies) != 1:
        return [*missing, f"{len(policies)} policies"]
    runs = kind.startswith(RUNS) and not reply.request.path.startswith(BUILT)
    parts = set(policies[0].split("; "))
    if runs and not parts >= POLICY_PARTS:
        missing.append(f"policy lacks {POLICY_PARTS - parts}")
    if "frame-ancestors 'none'" not in parts and "sandbox" not in parts:
        missing.append("may be framed")
    if "unsafe" in policies[0] or "*" in policies[0] or "http:" in policies[0] or "data:" in policies[0]:
        missing.append("policy is loose")
    # Nobody is told what runs here.
    missing += [name for name in ("Server", "X-Powered-By") if name in headers]
    return missing


def test_every_route_by_every_method(real: Client) -> None:
    app: Flask = real.application  # type: ignore[assignment]
    seen: set[int] = set()
    for rule, _, address in asked_for(app, {"sha": "0" * 64, "code": "AAAA2222"}):
        for method in ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE", "BREW"):
            reply = ask(real, method, address)
            assert complaints(reply) == [], (rule.rule, method, reply.status)
            seen.add(reply.status_code)
    assert seen >= {200, 302, 400, 401, 404, 405, 500, 503}


def test_built_files_the_worker_and_what_is_known_already(real: Client) -> None:
    built = [f"/static/build/{name}" for name in json.loads((BUILD / "manifest.json").read_text()).values()]
    for address in (*built, "/sw.js", "/shell.json", "/manifest.webmanifest", "/today", "/offline"):
        # What the preview of a draft loads, in a frame that is nobody's.
        loose = re.search(r"/(app-\w+\.css|preview-\w+\.js)$", address)
        known = ["Cross-Origin-Resource-Policy"] if loose else []
        first = ask(real, "GET", address)
        assert first.status_code == 200, address
        assert complaints(first) == known, address
        again = ask(real, "GET", address, **{"If-None-Match": first.headers.get("ETag", "")})
        if "ETag" in first.headers:
            assert again.status_code == 304, address
            assert not set(HEADERS) & set(again.headers), "what is known already came with its headers"
        else:
            assert complaints(again) == known, address
    for address in ("/static/build/nothing.js", "/static/build/", "/static/build/manifest.json.gz", "/e/x", "/m/x.svg"):
        assert complaints(ask(real, "GET", address)) == [], address


def test_another_host_and_a_body_too_large(real: Client) -> None:
    other = real.get("/", base_url="https://evil.example")
    assert other.status_code == 400
    assert complaints(other) == []
    huge = real.post("/api/v1/sign-in", base_url="https://learn.example.org", data=b"x" * (9 * 1024 * 1024))
    assert huge.status_code in (413, 415)
    assert complaints(huge) == []


def test_what_can_be_a_page_has_the_headers_of_pages() -> None:
    """Pictures too: an SVG opened by itself is a document."""
    shown = ("text/html", "text/plain", "text/xml", "image/svg+xml", "application/pdf", "application/xhtml+xml")
    assert [kind for kind in shown if kind.startswith(NO_PAGE)] == []


def test_a_look_whether_something_is_new_brings_no_cookie(app: Flask) -> None:
    """It is half a kilobyte, and nobody did anything."""
    client = app.test_client()
    with client.session_transaction() as session:
        session.permanent = True
        session["something"] = "kept"
    assert "Set-Cookie" in client.get("/staff/sign-in").headers
    for address in ("/sw.js", "/shell.json"):
        assert "Set-Cookie" not in client.get(address).headers, address


def test_the_two_policies_say_what_they_must() -> None:
    assert set(CONTENT_SECURITY_POLICY.split("; ")) >= POLICY_PARTS
    assert PLAIN_POLICY == "default-src 'none'; frame-ancestors 'none'"


def test_pages_the_worker_makes_carry_the_policy_of_pages(real: Client) -> None:
    """They come as JSON, and the worker puts this reply's headers on each page it makes of them."""
    reply = ask(real, "GET", "/shell.json")
    assert reply.mimetype == "application/json"
    assert {name: reply.headers[name] for name in HEADERS} == HEADERS
    assert reply.headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY


def test_in_development_nothing_is_said_of_https(app: Flask) -> None:
    assert "Strict-Transport-Security" not in app.test_client().get("/").headers
