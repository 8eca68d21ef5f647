"""Guessing is counted in the database: by every process alike, and a restart forgives nothing.

Two real servers stand before one database, on each sort of it; then both are killed and one is started again.
"""

from __future__ import annotations

import http.cookiejar
import json
import re
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from email.message import Message
from pathlib import Path

import pyotp
import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app import identity, providers
from app.config import Settings
from app.kernel import new_uuid7, utc_now
from app.providers import Role
from tests.support.site import Site

PASSWORD, WRONG = "three plain words", "not her password"
PIN = "402918"


@dataclass
class Reply:
    """A status, its headers, and the text."""

    status: int
    headers: Message
    text: str


@dataclass
class Guesser:
    """A browser that goes from one server to the other and keeps its cookies."""

    sites: list[Site]
    turn: int = 0
    cookies: http.cookiejar.CookieJar = field(default_factory=http.cookiejar.CookieJar)

    def send(self, path: str, body: bytes | None = None, kind: str = "application/x-www-form-urlencoded") -> Reply:
        self.turn += 1
        site = self.sites[self.turn % len(self.sites)]
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))
        headers = {"Content-Type": kind} if body is not None else {}
        try:
            with opener.open(urllib.request.Request(site.origin + path, body, headers), timeout=20) as reply:
                return Reply(reply.status, reply.headers, reply.read().decode())
        except urllib.error.HTTPError as error:
            with error:
                return Reply(error.code, error.headers, error.read().decode())

    def post(self, path: str, **fields: str) -> Reply:
        page = self.send(path).text
        token = re.search(r'name="csrf_token" value="([^"]+)"', page)
        assert token is not None, page
        return self.send(path, urllib.parse.urlencode({**fields, "csrf_token": token[1]}).encode())

    def sign_in(self, name: str, password: str) -> Reply:
        return self.post("/staff/sign-in", name=name, password=password)

    def pin(self, person: str, dev: str, pin: str) -> Reply:
        sent = json.dumps({"person": person, "dev": dev, "pin": pin}).encode()
        return self.send("/api/v1/sign-in", sent, "application/json")


@dataclass
class People:
    """Who is guessed at."""

    app: pyotp.TOTP
    recovery: tuple[str, ...]
    ngozi: str
    dev: str


@pytest.fixture
def sites(database: Engine, tmp_path: Path) -> Iterator[list[Site]]:
    url = database.url.render_as_string(hide_password=False)
    both = [Site(tmp_path, settings={"BV_DATABASE_URL": url, "BV_WORKERS": "1"}) for _ in range(2)]
    for site in both:
        site.start()
    yield both
    for site in both:
        site.stop()


@pytest.fixture
def people(sites: list[Site], database: Engine) -> People:
    """Priya with a password, Tom with an app and recovery codes as well, Ngozi with a PIN."""
    secret = Settings.from_environment(sites[0].environment).secret_key.encode()
    now, then = utc_now(), utc_now() - timedelta(hours=1)
    with Session(database) as session:
        bramble = providers.add_provider(session, "Bramble Home Care", contact="Priya", now=then)
        ids = {}
        for name in ("priya", "tom"):
            member = providers.add_person(session, bramble.id, name, (Role.MANAGER,), now=then, sign_in_name=name)
            identity.set_password(session, member.person_id, PASSWORD)
            ids[name] = member.person_id
        base32 = pyotp.random_base32()
        app = pyotp.TOTP(base32)
        assert identity.keep_totp(session, ids["tom"], base32, app.at(then), secret=secret, now=then)
        recovery = identity.make_recovery_codes(session, ids["tom"], secret=secret, now=now)
        ngozi = providers.add_person(session, bramble.id, "Ngozi Obi", (Role.LEARNER,), now=then)
        identity.set_pin(session, ngozi.person_id, PIN)
        phone = identity.enrol_phone(session, ngozi.person_id, provider_id=bramble.id, now=now)
        session.commit()
        return People(app=app, recovery=recovery, ngozi=str(ngozi.person_uuid), dev=str(phone.dev))


def restart(sites: list[Site]) -> None:
    for site in sites:
        site.kill()
    for site in sites:
        site.start()


def stopped(reply: Reply) -> bool:
    return reply.status == 429 and 0 < int(reply.headers["Retry-After"]) <= 900


def test_all_that_can_be_guessed_is_counted_once_for_all(sites: list[Site], people: People) -> None:
    tom = Guesser(sites)
    assert "One more step" in tom.sign_in("tom", PASSWORD).text
    for number in range(5):
        wrong = "000000" if number % 2 else "22222-22222"
        assert tom.post("/staff/second-step", code=wrong).status == 400
        assert Guesser(sites, number).sign_in("priya", WRONG).status == 400
        assert Guesser(sites, number).pin(people.ngozi, people.dev, "111213").status == 401
    for number in range(10):
        assert Guesser(sites, number).send(f"/join/2222222{2 + number % 8}").status == 404

    for again in range(2):
        assert stopped(Guesser(sites, again).sign_in("priya", PASSWORD)), "a password"
        assert stopped(Guesser(sites, again).pin(people.ngozi, people.dev, PIN)), "a PIN"
        assert stopped(Guesser(sites, again).send("/join/33333333")), "a code"
        assert stopped(tom.post("/staff/second-step", code=people.app.at(utc_now()))), "an app"
        assert stopped(tom.post("/staff/second-step", code=people.recovery[0])), "a recovery code"
        if not again:
            restart(sites)


def test_an_address_is_stopped_at_every_name(sites: list[Site], people: People) -> None:
    for number in range(25):
        assert Guesser(sites, number).sign_in(f"guess{number}", WRONG).status == 400
    restart(sites)
    assert stopped(Guesser(sites).sign_in("priya", PASSWORD))


def test_nobody_learns_who_exists(sites: list[Site], people: People) -> None:
    def without(text: str, *own: str) -> str:
        text = re.sub(r'(name="csrf_token" value=)"[^"]*"', r"\1", text)
        for word in own:
            text = text.replace(word, "…")
        return text

    known, unknown = Guesser(sites).sign_in("priya", WRONG), Guesser(sites).sign_in("nobody", WRONG)
    assert without(known.text, "priya") == without(unknown.text, "nobody")
    stranger = str(new_uuid7())
    known, unknown = (Guesser(sites).pin(who, people.dev, "111213") for who in (people.ngozi, stranger))
    assert (known.status, known.text) == (unknown.status, unknown.text)
