"""The one cookie there is: its name, its flags, and that nobody can plant it or keep it."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.http import parse_cookie

from app import create_app, identity, providers
from app.config import Mode
from app.extensions import db
from app.kernel import utc_now
from app.providers import Role
from tests.support.routes import asked_for
from tests.support.website import PASSWORD, Browser, Place, set_up, settings_in, sign_in

HTTPS = {"base_url": "https://learn.example.org"}


def test_in_production_the_cookie_is_the_hosts_own(tmp_path: Path, empty_tables: Path) -> None:
    shutil.copy(empty_tables, tmp_path / "test.sqlite")
    app = create_app(replace(settings_in(tmp_path), mode=Mode.PRODUCTION, origin="https://learn.example.org"))
    with app.app_context():
        set_up()
        client = app.test_client()
        page = client.get("/staff/sign-in", **HTTPS)
        token = page.get_data(as_text=True).split('name="csrf_token"', 1)[1].split('value="', 1)[1].split('"', 1)[0]
        reply = client.post(
            "/staff/sign-in",
            data={"csrf_token": token, "name": "priya", "password": PASSWORD},
            headers={"Referer": "https://learn.example.org/staff/sign-in"},
            **HTTPS,
        )
        assert reply.status_code == 302
        for cookie in (*page.headers.getlist("Set-Cookie"), *reply.headers.getlist("Set-Cookie")):
            name, *flags = cookie.split("; ")
            assert name.startswith("__Host-bv=")
            assert len(name) < 4096
            assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(flags)
            assert not [flag for flag in flags if flag.startswith("Domain")]
        db.session.remove()
        db.engine.dispose()


def test_there_is_no_other_cookie_and_public_replies_set_none(app: Flask, bramble: Place, priya: Browser) -> None:
    for rule, method, address in asked_for(app):
        reply = priya.send(method, address)
        names = {name for cookie in reply.headers.getlist("Set-Cookie") for name in parse_cookie(cookie.split(";")[0])}
        assert names <= {"bv"}, rule.rule
        if "public" in reply.headers.get("Cache-Control", ""):
            assert names == set(), rule.rule
    for address in ("/", "/help", "/words", "/today", "/sw.js", "/api/v1/ping?n=x"):
        assert "Set-Cookie" not in app.test_client().get(address).headers


def test_a_cookie_planted_before_the_sign_in_is_worth_nothing_after(app: Flask, bramble: Place) -> None:
    mallory, victim = app.test_client(), app.test_client()
    mallory.get("/staff/sign-in")
    planted = mallory.get_cookie("bv")
    assert planted is not None
    victim.set_cookie("bv", planted.value)
    browser = Browser(victim)
    sign_in(browser, bramble.sign_in)
    taken = victim.get_cookie("bv")
    assert taken is not None
    assert taken.value != planted.value
    assert mallory.get("/staff/people").status_code == 302
    with victim.session_transaction() as kept:
        assert kept["csrf_token"] not in planted.value


@pytest.mark.parametrize("forged", ["", "x", "eyJfdXNlcl9pZCI6IjEifQ.x.y", "a.b.c.d", "%00", "x" * 4000])
def test_a_cookie_made_up_is_nobodys(app: Flask, bramble: Place, forged: str) -> None:
    client = app.test_client()
    client.set_cookie("bv", forged)
    assert client.get("/staff/people").status_code == 302


def test_a_cookie_of_another_server_or_key_is_nobodys(
    app: Flask, bramble: Place, priya: Browser, tmp_path: Path
) -> None:
    cookie = priya.client.get_cookie("bv")
    assert cookie is not None
    assert priya.get("/staff/people").status == 200
    app.config["SECRET_KEY"] = "another key for tests, and for nothing else"
    stranger = app.test_client()
    stranger.set_cookie("bv", cookie.value)
    assert stranger.get("/staff/people").status_code == 302


def test_what_changes_about_a_person_holds_at_the_next_request(app: Flask, bramble: Place, priya: Browser) -> None:
    """Roles, places, passwords and archiving are looked up at each request, not remembered in the cookie."""
    database, person = db.session(), bramble.manager.person_id
    assert priya.get("/staff/people").status == 200
    bramble.add("Amina Khan", Role.MANAGER)
    providers.change_roles(database, bramble.provider.id, person, (Role.TRAINER,))
    database.commit()
    assert priya.send("GET", "/staff/people").status_code == 403
    assert priya.send("GET", "/staff/modules").status_code == 200
    providers.change_roles(database, bramble.provider.id, person, (Role.LEARNER,))
    database.commit()
    assert priya.send("GET", "/staff/modules").status_code == 403
    providers.change_roles(database, bramble.provider.id, person, (Role.MANAGER,))
    database.commit()
    assert priya.send("GET", "/staff/people").status_code == 200
    providers.end_membership(database, bramble.provider.id, person, now=utc_now())
    database.commit()
    assert priya.send("GET", "/staff/people").status_code == 403


def test_a_new_password_ends_every_other_sign_in(app: Flask, bramble: Place, priya: Browser) -> None:
    identity.set_password(db.session(), bramble.manager.person_id, "another three words")
    db.session.commit()
    assert priya.send("GET", "/staff/people").status_code == 302


def test_an_archived_person_is_out_at_the_next_request(app: Flask, bramble: Place, priya: Browser) -> None:
    identity.archive_person(db.session(), bramble.manager.person_id, now=utc_now())
    db.session.commit()
    assert priya.send("GET", "/staff/people").status_code == 302


def test_a_copy_of_the_cookie_is_nobodys_once_its_browser_signed_out(
    app: Flask, bramble: Place, priya: Browser
) -> None:
    copied = priya.client.get_cookie("bv")
    assert copied is not None
    thief, other = Browser(app.test_client()), Browser(app.test_client())
    thief.client.set_cookie("bv", copied.value)
    sign_in(other, bramble.sign_in)
    assert thief.send("GET", "/staff/people").status_code == 200

    priya.get("/staff/people")
    priya.post("/staff/sign-out")

    assert thief.send("GET", "/staff/people").status_code == 302
    assert other.send("GET", "/staff/people").status_code == 200, "her other browser is not signed out"


def test_what_is_remembered_of_ended_sign_ins_is_forgotten(app: Flask, bramble: Place, priya: Browser) -> None:
    identity.end_sign_in(db.session(), "an old one", now=utc_now() - timedelta(hours=49))
    identity.end_sign_in(db.session(), "a new one", now=utc_now())
    db.session.commit()
    assert not identity.sign_in_has_ended(db.session(), "an old one")
    assert identity.sign_in_has_ended(db.session(), "a new one")


@pytest.mark.parametrize("hours", [25, -1])
def test_a_day_after_signing_in_it_ends_however_busy_the_browser_was(
    app: Flask, bramble: Place, priya: Browser, hours: int
) -> None:
    assert priya.send("GET", "/staff/people").status_code == 200
    with priya.client.session_transaction() as kept:
        kept["since"] -= hours * 3600
    assert priya.send("GET", "/staff/people").status_code == 302
