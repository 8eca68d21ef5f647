"""Trouble is told in kind words to people and in one shape to phones, and says nothing it should not."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from app.kernel import DomainError
from app.web import errors
from app.web.access import allows_anyone
from tests.support.website import Browser, Place, look_at

SECRET = "SELECT name FROM persons WHERE name = 'Ngozi Obi'"


@pytest.fixture
def failing(app: Flask) -> Browser:
    """A browser on an application with addresses that fail in every way."""
    app._got_first_request = False

    def crash() -> str:
        raise RuntimeError(SECRET)

    def locked() -> str:
        raise OperationalError(SECRET, {}, Exception("database is locked"))

    def refused() -> str:
        raise DomainError("Pick another name.", code="name-taken", field="name")

    for name, view in (("crash", crash), ("locked", locked), ("refused", refused)):
        for prefix in ("/staff", "/api", ""):
            app.add_url_rule(f"{prefix}/x/{name}", f"{prefix}{name}", allows_anyone(view))
    app.testing = False
    app.config["PROPAGATE_EXCEPTIONS"] = False
    return Browser(app.test_client())


@pytest.mark.parametrize("prefix", ["", "/staff"])
@pytest.mark.parametrize(
    ("name", "status", "heading"),
    [
        ("crash", 500, "Something went wrong at our end"),
        ("locked", 503, "We are busy for a moment"),
        ("refused", 400, "That did not go through"),
        ("nowhere", 404, "There is no page here"),
    ],
)
def test_a_person_reads_what_happened_and_what_to_do(
    failing: Browser, prefix: str, name: str, status: int, heading: str
) -> None:
    page = failing.get(f"{prefix}/x/{name}")
    assert (page.status, page.heading) == (status, heading)
    assert "Ngozi" not in page.reply.get_data(as_text=True)
    assert ("Retry-After" in page.reply.headers) is (status == 503)


@pytest.mark.parametrize(
    ("name", "status", "code"),
    [
        ("crash", 500, "server-trouble"),
        ("locked", 503, "busy"),
        ("refused", 400, "name-taken"),
        ("no", 404, "not-found"),
    ],
)
def test_a_phone_gets_the_one_shape(failing: Browser, name: str, status: int, code: str) -> None:
    reply = failing.send("GET", f"/api/x/{name}")
    look_at(reply)
    body = reply.get_json()
    assert reply.status_code == status
    assert set(body) == {"proto", "server", "error"}
    assert body["error"]["code"] == code
    assert body["error"].get("field") == ("name" if name == "refused" else None)
    assert "Ngozi" not in reply.get_data(as_text=True)


def test_the_wrong_method_says_which_are_right(bramble: Place, browser: Browser) -> None:
    reply = browser.send("DELETE", "/staff/sign-in")
    assert reply.status_code == 405
    assert "POST" in reply.headers["Allow"]


def test_every_status_we_send_has_words_of_its_own() -> None:
    assert {400, 401, 403, 404, 405, 413, 429, 500, 503} <= set(errors.PAGES)
    assert set(errors.STATUS.values()) | set(errors.CODE_STATUS.values()) <= set(errors.PAGES)
