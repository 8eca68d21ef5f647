"""Every route says who may use it. One that forgot would be open to everybody."""

from __future__ import annotations

from flask import Flask

from app.extensions import csrf
from app.web.access import STAFF, access_of

# Open to somebody who is not signed in yet; what they carry gives no access.
DOOR = {
    "staff.sign_in",
    "staff.sign_out",
    "staff.passkey_options",
    "staff.sign_in_by_passkey",
    "staff.second_step",
    "staff.second_step_options",
    "staff.second_step_by_passkey",
    "staff.openid_start",
    "staff.openid_back",
    "staff.openid_first",
    "staff.openid_first_by_passkey",
}


def test_every_route_says_who_may_use_it(app: Flask) -> None:
    silent = [rule.rule for rule in app.url_map.iter_rules() if access_of(app.view_functions[rule.endpoint]) is None]
    assert silent == []


def test_staff_addresses_are_for_staff_roles_but_for_the_door(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        access = access_of(app.view_functions[rule.endpoint])
        assert access is not None
        if rule.rule.startswith("/staff/") and rule.endpoint not in DOOR:
            assert access.roles, rule.rule
            assert access.roles <= set(STAFF), rule.rule


def test_the_api_takes_bearer_tokens_and_no_cookie_but_for_enrolling(app: Flask) -> None:
    """A stale cookie or CSRF token must never stand between a phone and its server."""
    signing_in = {"/api/v1/sign-in", "/api/v1/sign-in/passkey/options", "/api/v1/sign-in/passkey"}
    # For the PIN and a code, both in its body.
    signing_in.add("/api/v1/places")
    open_to_all = {"/api/v1/ping", "/api/v1/openapi.json", "/api/v1/feed/openapi.json"} | signing_in
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/api/") and rule.rule not in open_to_all | {"/api/v1/devices"}:
            access = access_of(app.view_functions[rule.endpoint])
            assert access is not None
            assert access.bearer or access.feed, rule.rule


def test_what_changes_anything_by_cookie_wants_a_token(app: Flask) -> None:
    """Only the API is exempt from CSRF protection as a whole, and its one cookie call protects itself.

    The inbox for suggestions of other servers takes no cookie: anybody may send there what it takes.
    """
    assert {getattr(exempt, "name", exempt) for exempt in csrf._exempt_blueprints} <= {"api", "inbox"}
    assert not csrf._exempt_views


def test_nothing_is_changed_by_a_get(app: Flask) -> None:
    """A link preview, a prefetch or a crawler follows links. What changes something takes a POST of its own."""
    verbs = ("leave", "return", "end", "more-goes", "sign-out", "everywhere", "remove", "revoke", "delete", "archive")
    for rule in app.url_map.iter_rules():
        if rule.rule.rstrip("/").endswith(verbs) and "/learn/" not in rule.rule:
            assert "GET" not in (rule.methods or set()), rule.rule
