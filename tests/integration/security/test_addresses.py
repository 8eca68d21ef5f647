"""What stands in an address or a header leads nowhere it should not."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask, request, request_finished
from werkzeug.exceptions import NotFound
from werkzeug.test import Client

from app import create_app
from app.config import Mode
from app.extensions import db
from app.web.access import safe_next
from tests.support.routes import GAP
from tests.support.website import Browser, Place, settings_in

OUTSIDE = (
    "../../../../etc/passwd",
    "..%2f..%2f..%2fetc%2fpasswd",
    "%2e%2e/%2e%2e/etc/passwd",
    "..%5c..%5cetc%5cpasswd",
    "....//....//etc/passwd",
    "%252e%252e%252fetc%252fpasswd",
    "/etc/passwd",
    "file:///etc/passwd",
    "secret-key",
    "../secret-key",
    "test.sqlite",
    "..;/secret-key",
    "%00",
    "x%00.svg",
    "%0d%0aSet-Cookie:%20stolen=1",
    "%c0%ae%c0%ae/",
    "\u202e",
    "x" * 5000,
    "-1",
    "9" * 400,
    "{{6007*6011}}",
    "%25s%25n",
    "' or 1=1--",
    "*",
)


def test_no_gap_in_an_address_leads_out(app: Flask, bramble: Place, priya: Browser) -> None:
    """Every address with a gap, asked with everything odd in each of its gaps; signed in too, where a route takes it.

    What no route takes runs nothing but the page that says so, which knows where an address begins and not what it
    resembles: signed in, it is asked for with everything odd once for each beginning.
    """
    (Path(app.instance_path) / "secret-key").write_text("the key of this server")
    stranger, asked, refused = Browser(app.test_client()), 0, list[object]()
    rules = [rule.rule for rule in app.url_map.iter_rules() if GAP.search(rule.rule)]
    rules += [
        "/static/build/<file>",
        "/static/<file>",
        "/shell/<file>",
        "/<file>",
        "/backups/<file>",
        "/instance/<file>",
    ]
    untaken: set[tuple[str, str]] = set()

    def look(browser: Browser, address: str) -> None:
        reply = browser.send("GET", address)
        text = reply.get_data(as_text=True)
        assert reply.status_code < 500, address
        assert "root:" not in text, address
        assert "the key of this server" not in text, address
        assert not text.startswith("SQLite format"), address
        assert "stolen" not in str(reply.headers.getlist("Set-Cookie")), address
        assert "36108077" not in text, address

    def note(*_: object, **__: object) -> None:
        refused.append(request.routing_exception)

    with request_finished.connected_to(note, app):
        for rule in rules:
            for odd in OUTSIDE:
                address = GAP.sub(lambda _: odd, rule)  # noqa: B023 - used at once
                refused.clear()
                look(stranger, address)
                asked += 1
                if refused and isinstance(refused[0], NotFound):
                    beginning = (rule.split("/")[1], odd)
                    if beginning in untaken:
                        continue
                    untaken.add(beginning)
                look(priya, address)
                asked += 1
    assert asked > 3500, asked


@pytest.fixture
def production(tmp_path: Path, empty_tables: Path) -> Client:
    shutil.copy(empty_tables, tmp_path / "test.sqlite")
    app = create_app(replace(settings_in(tmp_path), mode=Mode.PRODUCTION, origin="https://learn.example.org"))
    return app.test_client()


OTHER_HOSTS = (
    "evil.example",
    "learn.example.org.evil.example",
    "evil-learn.example.org",
    "learn.example.org@evil.example",
    "learn.example.org:443@evil.example",
    "",
    "[::1]",
    "127.0.0.1",
    "LOCALHOST",
)


@pytest.mark.parametrize("host", OTHER_HOSTS)
def test_only_our_own_name_is_answered_to(production: Client, host: str) -> None:
    for address in ("/", "/staff/people", "/join", "/api/v1/ping?n=x"):
        reply = production.get(address, base_url="https://learn.example.org", headers={"Host": host})
        assert reply.status_code == 400, (address, host)
        assert "evil" not in reply.get_data(as_text=True)
        assert "Location" not in reply.headers


def test_headers_of_a_proxy_we_do_not_have_are_not_believed(production: Client) -> None:
    reply = production.get(
        "/staff/people",
        base_url="https://learn.example.org",
        headers={"X-Forwarded-Host": "evil.example", "X-Forwarded-For": "9.9.9.9", "X-Original-URL": "/evil"},
    )
    assert reply.headers["Location"].startswith("/staff/sign-in")


ELSEWHERE = (
    "https://evil.example/",
    "//evil.example",
    "//evil.example/staff/",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\tevil",
    "/staff/../\\evil.example",
    "/staff\n/people",
    "/staff/\r\nSet-Cookie: a=b",
    " /staff/people",
    "evil.example/staff/",
    "http:///staff/",
    "https:/staff/people",
    "javascript:alert(1)",
    "data:text/html,x",
    "//[",
    "http://[::1",
    "/join",
    "/api/v1/state",
)


@pytest.mark.parametrize("target", ELSEWHERE)
def test_signing_in_leads_nowhere_else(app: Flask, bramble: Place, target: str) -> None:
    assert safe_next(target) is None
    browser = Browser(app.test_client())
    browser.get("/staff/sign-in")
    assert browser.page is not None
    fields = browser.page.form("/staff/sign-in")
    reply = browser.send(
        "POST",
        "/staff/sign-in",
        data={**fields, "next": target, "name": bramble.sign_in, "password": "three plain words"},
    )
    assert reply.status_code == 302
    assert reply.headers["Location"].startswith("/staff/")
    assert "evil" not in reply.headers["Location"]
    assert "Set-Cookie: a" not in str(reply.headers)


def test_names_with_line_ends_make_no_header(app: Flask, bramble: Place, priya: Browser) -> None:
    priya.get("/staff/people/add")
    page = priya.post("/staff/people/add", name="Ngozi\r\nSet-Cookie: stolen=1\r\n\r\n<b>Obi</b>", roles="learner")
    assert "stolen=1" in page.text
    assert "<b>Obi" not in page.reply.get_data(as_text=True)
    for reply in (page.reply, priya.get("/staff/people").reply):
        assert not [value for name, value in reply.headers if "stolen" in value and name != "Set-Cookie"]
        assert "stolen=1" not in [cookie.split(";")[0] for cookie in reply.headers.getlist("Set-Cookie")]


def test_debugging_is_off_and_nobody_is_told_of_versions(app: Flask) -> None:
    assert app.debug is False
    assert not app.config.get("TRAP_HTTP_EXCEPTIONS")
    for address in ("/console", "/?__debugger__=yes&cmd=resource&f=style.css", "/.git/config", "/.env", "/wsgi.py"):
        text = app.test_client().get(address).get_data(as_text=True)
        assert "Werkzeug" not in text
        assert "Traceback" not in text
    assert app.test_client().open("/", method="TRACE").status_code == 405
    db.session.rollback()
