"""The whole application on a database of its own, and a browser that checks every page it is given.

Use with `pytest_plugins = ["tests.support.website"]`. Every page test runs on SQLite. `PAGES_ON=both` runs each on
PostgreSQL too; without it every eighth does (`share_of_pages` in `tests/support/database.py`), the same ones each time,
because all 322 take two and a half minutes. What stores and counts records is always tried on both.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextvars import Context
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

import html5lib
import pytest
from flask import Flask, session
from flask.testing import FlaskClient
from flask_wtf.csrf import generate_csrf
from sqlalchemy import URL
from werkzeug.test import TestResponse

from app import create_app, identity, providers
from app.config import Mode, Settings
from app.extensions import db
from app.kernel import utc_now
from app.providers import MemberView, ProviderView, Role
from app.web import theme
from app.web.security import NO_PAGE
from tests.support.database import BOTH
from tests.support.schema import make_tables

PASSWORD = "three plain words"
KEY = "a key for tests, and for nothing else at all"
VOID = {"hidden", "submit", "button"}


def settings_in(folder: Path, **changes: object) -> Settings:
    """Settings for a server whose files all lie in `folder`."""
    values: dict[str, object] = {
        "mode": Mode.DEVELOPMENT,
        "origin": "http://localhost",
        "secret_key": KEY,
        "database_url": f"sqlite:///{folder / 'test.sqlite'}",
        "instance": folder,
        "content": Path(__file__).resolve().parents[2] / "content",
    }
    return Settings(**{**values, **changes})  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def empty_tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with every table and no row; copied, as making it takes longer than most tests."""
    folder = tmp_path_factory.mktemp("tables")
    app = create_app(settings_in(folder))
    with app.app_context():
        make_tables(db.engine)
        db.session.remove()
        with db.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        db.engine.dispose()
    return folder / "test.sqlite"


@pytest.fixture(params=BOTH)
def app(request: pytest.FixtureRequest, tmp_path: Path, empty_tables: Path) -> Iterator[Flask]:
    """The application with an empty database of each sort, inside its context."""
    if request.param == "sqlite":
        shutil.copy(empty_tables, tmp_path / "test.sqlite")
        yield from _running(settings_in(tmp_path))
        return
    url: URL = request.getfixturevalue("postgres_tables")
    yield from _running(settings_in(tmp_path, database_url=url.render_as_string(hide_password=False)))


@pytest.fixture
def sqlite_app(tmp_path: Path, empty_tables: Path) -> Iterator[Flask]:
    """The same on SQLite alone, for what no database has a say in."""
    shutil.copy(empty_tables, tmp_path / "test.sqlite")
    yield from _running(settings_in(tmp_path))


def _running(settings: Settings) -> Iterator[Flask]:
    app = create_app(settings)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@dataclass
class Page:
    """One reply, and its document when it is a page."""

    reply: TestResponse
    document: Element | None = None

    @property
    def status(self) -> int:
        return self.reply.status_code

    @property
    def text(self) -> str:
        """What a person reads on the page, with single spaces."""
        return "" if self.document is None else _text(self.document.find(".//body"))

    @property
    def heading(self) -> str:
        return "" if self.document is None else _text(self.document.find(".//h1"))

    def all(self, path: str) -> list[Element]:
        """Every element at an ElementTree path."""
        return [] if self.document is None else self.document.findall(path)

    def form(self, action: str) -> dict[str, str]:
        """The hidden fields of the form that goes to `action`."""
        for form in self.all(".//form"):
            if form.get("action") == action:
                return {e.get("name", ""): e.get("value", "") for e in form.iter("input") if e.get("type") == "hidden"}
        raise AssertionError(f"no form goes to {action}")


@dataclass
class Browser:
    """A person's browser: follows redirects, keeps cookies, sends a page's own tokens, and checks each page."""

    # Where it is; a cookie of an https address is not sent to another.
    ORIGIN: ClassVar[str] = "http://localhost"

    client: FlaskClient
    agent: str = "Mozilla/5.0 (Linux; Android 12) Chrome/120 Mobile Safari/537.36"
    seen: list[str] = field(default_factory=list)
    _page: Page | None = None
    _ahead: TestResponse | None = None

    @property
    def page(self) -> Page | None:
        """The page in front; None before the first."""
        if self._ahead is not None:
            self._show(self._ahead)
        return self._page

    @page.setter
    def page(self, page: Page) -> None:
        self._page, self._ahead = page, None

    def send(self, method: str, address: str, **more: Any) -> TestResponse:
        """Make one request and return the bare reply.

        In a context of its own, as a server does: the test's context would lend it what earlier requests left in `g`.
        """
        db.session.rollback()
        headers = {"User-Agent": self.agent, **more.pop("headers", {})}
        return Context().run(lambda: self.client.open(address, method=method, headers=headers, **more))

    def get(self, address: str) -> Page:
        """Go to an address, wherever it leads."""
        return self._show(self.send("GET", address))

    def post(self, action: str, **fields: str | list[str]) -> Page:
        """Send the form of the present page that goes to `action`, filled with `fields`."""
        assert self.page is not None, "look at a page first"
        data: dict[str, str | list[str]] = {**self.page.form(action), **fields}
        return self._show(self.send("POST", action, data=data))

    def sign_in(self, name: str, password: str) -> None:
        """Send the form of the staff page, as if it had been looked at (the function `sign_in` looks at it).

        The page behind it is worked out once somebody looks at it: few tests do.
        """
        # In a context of its own, as `send`: `g` would lend it the token of who signed in before.
        token, given = Context().run(self._csrf)
        with self.client.session_transaction(base_url=self.ORIGIN) as kept:
            kept.update(given)
        data = {"csrf_token": token, "name": name, "password": password}
        reply = self.send("POST", "/staff/sign-in", data=data)
        assert reply.status_code == 302, "the password was refused"
        self._ahead = reply

    def _csrf(self) -> tuple[str, dict[str, Any]]:
        """A page's own token, and what the cookie keeps for it."""
        with self.client.application.test_request_context():
            return generate_csrf(), dict(session)

    def _show(self, reply: TestResponse) -> Page:
        self._ahead = None
        for _ in range(5):
            if reply.status_code not in (301, 302, 303):
                break
            check_headers(reply)
            address = urlsplit(reply.headers["Location"])
            assert not address.netloc, f"a redirect leaves the site: {reply.headers['Location']}"
            reply = self.send("GET", reply.headers["Location"])
        self._page = look_at(reply)
        self.seen.append(reply.request.path)
        return self._page


@pytest.fixture
def browser(app: Flask) -> Browser:
    """A browser nobody is signed in with."""
    return Browser(app.test_client())


def look_at(reply: TestResponse) -> Page:
    """Check a reply's headers and, when it is a page, its HTML."""
    check_headers(reply)
    if reply.mimetype != "text/html":
        return Page(reply)
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    document = parser.parse(reply.get_data(as_text=True))
    check_page(document)
    return Page(reply, document)


def check_headers(reply: TestResponse) -> None:
    """Every reply, redirects and errors included, forbids what a slip of a template could let in."""
    policy = reply.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    assert reply.headers["Referrer-Policy"] == "same-origin"
    if not reply.headers["Content-Type"].startswith(NO_PAGE):
        assert reply.headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert "camera=()" in reply.headers["Permissions-Policy"]
    assert reply.headers.get("Cache-Control"), "every reply says whether it may be kept"


def check_page(document: Element) -> None:
    """One h1 that begins the title, landmarks, labels, no repeated id, nothing inline."""
    headings = document.findall(".//h1")
    assert len(headings) == 1, "a page has one h1"
    title = _text(document.find(".//title"))
    assert title.startswith(_text(headings[0])), (title, _text(headings[0]))
    assert document.get("lang"), "a page says its language"
    assert len(document.findall(".//main")) == 1
    ids = [e.get("id") for e in document.iter() if e.get("id")]
    assert len(ids) == len(set(ids)), f"ids occur twice: {sorted(i for i in ids if ids.count(i) > 1)}"
    labelled = {e.get("for") for e in document.iter("label")}
    for control in [e for tag in ("input", "select", "textarea") for e in document.iter(tag)]:
        if control.get("type") not in VOID:
            assert control.get("id") in labelled, f"{control.get('name')} has no label"
    for element in document.iter():
        assert element.get("style") is None, "no style attributes"
        assert not [name for name in element.attrib if str(name).startswith("on")], "no handlers in the page"
        for name in ("aria-describedby", "aria-labelledby"):
            for target in (element.get(name) or "").split():
                assert target in ids, f"{name} names {target}, which is not on the page"
        if element.tag == "img":
            assert element.get("alt") is not None
        if element.tag == "script" and not element.get("src") and element.text != theme.TEXT:
            # Data is read by a script, and runs nothing.
            assert element.get("type") == "application/json", "no inline script but the one that policies name"
        if element.tag == "button":
            assert _text(element), "a button has words"
        if element.tag == "a" and (element.get("href") or "").startswith("#"):
            assert element.get("href", "")[1:] in ids, f"{element.get('href')} leads nowhere"
    assert not list(document.iter("style")), "no inline style"
    assert "{{" not in _text(document.find(".//body"))


def _text(element: Element | None) -> str:
    return "" if element is None else " ".join("".join(element.itertext()).split())


@dataclass(frozen=True, kw_only=True)
class Place:
    """A provider and its manager, who can sign in as `sign_in` with PASSWORD."""

    provider: ProviderView
    manager: MemberView
    sign_in: str

    def add(self, name: str, *roles: Role) -> MemberView:
        """Add a person; committed."""
        member = providers.add_person(db.session(), self.provider.id, name, roles or (Role.LEARNER,), now=utc_now())
        db.session.commit()
        return member

    def code_for(self, member: MemberView) -> str:
        """Make a code for a person; committed."""
        code = providers.issue_invite(
            db.session(), self.provider.id, member.person_id, secret=KEY.encode(), now=utc_now()
        )
        db.session.commit()
        return code


def set_up(name: str = "Bramble Home Care", manager: str = "Priya Nair", sign_in: str = "priya") -> Place:
    """Add a provider with a manager who has a password; committed."""
    now = utc_now()
    provider = providers.add_provider(db.session(), name, contact=manager.split()[0], now=now)
    member = providers.add_person(db.session(), provider.id, manager, (Role.MANAGER,), now=now, sign_in_name=sign_in)
    identity.set_password(db.session(), member.person_id, PASSWORD)
    db.session.commit()
    return Place(provider=provider, manager=member, sign_in=sign_in)


def sign_in(browser: Browser, name: str, password: str = PASSWORD) -> Page:
    """Sign in on the staff page."""
    browser.get("/staff/sign-in")
    return browser.post("/staff/sign-in", name=name, password=password)


@pytest.fixture
def bramble(app: Flask) -> Place:
    """Bramble Home Care and Priya, its manager."""
    return set_up()


@pytest.fixture
def priya(bramble: Place, browser: Browser) -> Browser:
    """Priya's browser, signed in."""
    browser.sign_in(bramble.sign_in, PASSWORD)
    return browser
