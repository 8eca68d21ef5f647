"""Another site's page cannot make a signed-in browser do anything."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from app.providers import Role
from app.web.access import access_of
from tests.support.routes import asked_for
from tests.support.website import Browser, Place, sign_in

# What a phone signs in with, and what it asks for before: open to everybody, by JSON alone.
SIGNING_IN = {
    "api.add_place": "/api/v1/places",
    "api.sign_in": "/api/v1/sign-in",
    "api.sign_in_by_passkey": "/api/v1/sign-in/passkey",
    "api.offer_sign_in_by_passkey": "/api/v1/sign-in/passkey/options",
}


# Asked by other servers, which have no cookie to lend: JSON only, signed by nobody, and read by a person first.
FROM_SERVERS = {"inbox.send"}


def forms(app: Flask, values: dict[str, str]) -> list[tuple[str, str]]:
    """Endpoint and address of whatever takes a change by a cookie or by nothing at all."""
    found = []
    for rule, method, address in asked_for(app, values):
        access = access_of(app.view_functions[rule.endpoint])
        assert access is not None
        if method != "GET" and not access.bearer and rule.endpoint not in FROM_SERVERS | SIGNING_IN.keys():
            found.append((rule.endpoint, address))
    return found


def values(bramble: Place) -> dict[str, str]:
    member = bramble.add("Ngozi Obi", Role.LEARNER)
    return {"person": str(member.person_uuid), "code": bramble.code_for(member), "module": "falls"}


@pytest.mark.parametrize("token", [None, "", "x" * 91, "another"])
def test_every_change_without_the_pages_own_token_is_refused(
    app: Flask, bramble: Place, priya: Browser, token: str | None
) -> None:
    if token == "another":
        stranger = Browser(app.test_client())
        page = stranger.get("/staff/sign-in").reply.get_data(as_text=True)
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)[1]  # type: ignore[index]
    asked = forms(app, values(bramble))
    assert {"staff.sign_in", "staff.sign_out", "manager.add_person", "join.choose_pin", "api.enrol"} <= {
        e for e, _ in asked
    }
    for endpoint, address in asked:
        data = {"name": "X", "pin": "385024", "again": "385024"} | ({} if token is None else {"csrf_token": token})
        headers = {} if token is None else {"X-CSRFToken": token}
        reply = priya.send("POST", address, data=data, headers=headers)
        assert reply.status_code == 400, (endpoint, reply.status)
    # And it is really the token that was missing: Priya is still signed in, and can.
    assert priya.get("/staff/people").status == 200
    assert "X" not in {name.split()[0] for name in re.findall(r"[A-Z]\w* ?\w*", priya.page.text) if name == "X"}  # type: ignore[union-attr]


@pytest.mark.parametrize("address", SIGNING_IN.values())
def test_the_one_change_open_to_everybody_takes_json_only(app: Flask, bramble: Place, address: str) -> None:
    """A form of another site cannot send JSON without asking first, and is never answered yes."""
    client = app.test_client()
    for kind in ("application/x-www-form-urlencoded", "text/plain", "multipart/form-data"):
        assert client.post(address, data=b"{}", content_type=kind).status_code == 415
    asked = client.options(address, headers={"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"})
    assert not [name for name, _ in asked.headers if name.lower().startswith("access-control-")]


def test_a_sign_in_by_another_site_does_not_replace_ours(app: Flask, bramble: Place, priya: Browser) -> None:
    reply = priya.send("POST", "/staff/sign-in", data={"name": "mallory", "password": "x"})
    assert reply.status_code == 400
    assert "Priya Nair" in priya.get("/staff/people").reply.get_data(as_text=True)


def test_no_page_gives_another_site_leave_to_read_it(app: Flask, priya: Browser) -> None:
    for rule, method, address in asked_for(app):
        reply = priya.send(method, address, headers={"Origin": "https://evil.example"})
        given = [name for name, _ in reply.headers if name.lower().startswith("access-control-")]
        # Built files may be read by anybody; they are the same for everybody.
        assert given == [], rule.rule


def test_signing_in_twice_is_no_way_around(app: Flask, bramble: Place) -> None:
    """A token of before the sign-in is worth nothing after it."""
    browser = Browser(app.test_client())
    before = browser.get("/staff/sign-in").form("/staff/sign-in")["csrf_token"]
    sign_in(browser, bramble.sign_in)
    assert browser.send("POST", "/staff/people/add", data={"csrf_token": before, "name": "X"}).status_code in (400, 404)
