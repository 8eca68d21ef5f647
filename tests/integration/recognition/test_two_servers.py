"""Two real servers on loopback: a carer trained at one is recognised at the other, until the first takes it back."""

from __future__ import annotations

import contextlib
import html
import http.cookiejar
import re
import sqlite3
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask

from app import create_app, credentials, providers, requirements
from app.config import Settings
from app.credentials import Kind, passport
from app.extensions import db
from app.kernel import utc_now
from tests.support.credentials import PACK, Issuing
from tests.support.editions import edition
from tests.support.practice import publish_framework
from tests.support.publishing import publish, publish_document
from tests.support.required import asks
from tests.support.site import Site, free_port
from tests.support.website import PASSWORD, set_up

TOKEN = "abcdefghijklmnopqrstuv"
MODULES = ("safe-at-work", "moving-safely")


@dataclass
class Desk:
    """A manager's browser over HTTP: keeps cookies, and sends a page's own hidden fields."""

    origin: str
    text: str = ""
    _opener: urllib.request.OpenerDirector = field(init=False)

    def __post_init__(self) -> None:
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), jar)

    def get(self, path: str) -> str:
        return self._open(urllib.request.Request(f"{self.origin}{path}"))

    def post(self, path: str, *, form: str = "", **fields: str) -> str:
        """Send the form that goes to `path`; `form`: of several, the one with this text in it."""
        found = re.findall(rf'<form[^>]*action="{re.escape(path)}".*?</form>', self.text, re.DOTALL)
        own = next(each for each in found if form in each)
        hidden = {
            html.unescape(name): html.unescape(value)
            for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', own)
        }
        data = urllib.parse.urlencode({**hidden, **fields}).encode()
        return self._open(urllib.request.Request(f"{self.origin}{path}", data, {"Referer": self.origin}))

    def _open(self, request: urllib.request.Request) -> str:
        try:
            with self._opener.open(request, timeout=60) as reply:
                body = reply.read().decode()
        except urllib.error.HTTPError as error:
            body = error.read().decode()
        self.text = body
        return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())


@dataclass
class Server:
    """A site and the application on its database, for what has no part in the story."""

    site: Site

    @contextlib.contextmanager
    def inside(self) -> Iterator[Flask]:
        own = {name: value for name, value in self.site.environment.items() if name.startswith("BV_")}
        app = create_app(Settings.from_environment(own))
        with app.app_context():
            yield app
            db.session.remove()
            db.engine.dispose()

    def flask(self, *words: str) -> str:
        with self.inside() as app:
            done = app.test_cli_runner().invoke(args=words)
        assert done.exit_code == 0, f"{words}: {done.output} {done.exception}"
        return done.output


def server(folder: Path, name: str) -> Server:
    port = free_port()
    # Names under localhost are this machine; a DID names the server without saying how it is reached.
    settings = {"BV_ORIGIN": f"https://{name}.localhost:{port}", "BV_FOLLOW": "any", "BV_WORKERS": "1"}
    made = Server(Site(folder, port=port, settings=settings))
    made.flask("db", "upgrade")
    return made


@pytest.fixture
def thistle(tmp_path: Path) -> Iterator[Server]:
    """Where Ngozi learned one module of standard 13, which is all that standard asks her to know."""
    made = server(tmp_path / "thistle", "thistle")
    with made.inside() as app:
        far = Issuing(db.session(), "Thistle Care")
        far.passes()
        here = credentials.issuing_site(app.extensions["bv.settings"].origin, app.config["SECRET_KEY"].encode())
        assert here is not None
        credentials.bring_into_line(db.session(), far.provider.id, utc_now(), site=here)
        items = [view.uuid for view in far.all()]
        new = passport.NewLink(
            uuid=uuid4(), token=TOKEN, items=items, whom="Heather Homes", days=7, form=passport.Form.LINK
        )
        passport.share(db.session(), far.ngozi.person_id, far.provider.id, new, now=utc_now())
        db.session.commit()
    made.site.start()
    yield made
    made.site.stop()


@pytest.fixture
def heather(tmp_path: Path) -> Iterator[Server]:
    """Where she begins: her job needs that module and another."""
    made = server(tmp_path / "heather", "heather")
    with made.inside():
        session = db.session()
        publish_framework(session)
        publish_document(session, "pack", "core", PACK)
        publish(session, edition(MODULES[0], title="Safe at work"))
        publish(session, edition(MODULES[1], title="Moving safely", criteria=["1.1a"]), topic="falls")
        place = set_up("Heather Homes", "Maya Lind", "maya")
        ngozi = place.add("Ngozi Obi")
        here, now = place.provider.id, utc_now()
        more = {"practice": (), "refresh_months": None}
        needed = [
            requirements.add_training(session, here, asks(key, modules=(key,), **more), now=now) for key in MODULES
        ]
        job = requirements.add_profile(session, here, "Carer", None, needed, now=now)
        requirements.give(session, here, job, [ngozi.person_id], now=now)
        requirements.carry_out(session, here, now)
        session.commit()
    made.site.start()
    yield made
    made.site.stop()


def asked(heather: Server) -> set[str]:
    query = "SELECT module FROM assignments WHERE ended_at IS NULL"
    with contextlib.closing(sqlite3.connect(heather.site.folder / "between-visits.sqlite")) as database:
        return {module for (module,) in database.execute(query)}


def test_a_carer_is_recognised_only_the_gap_is_asked_for_until_it_is_taken_back(
    thistle: Server, heather: Server
) -> None:
    assert asked(heather) == set(MODULES)
    with heather.inside():
        [provider] = providers.list_providers(db.session())
        ngozi = next(each for each in providers.list_members(db.session(), provider.id) if each.name == "Ngozi Obi")
    person = f"/staff/people/{ngozi.person_uuid}"
    desk = Desk(heather.site.origin)
    desk.get("/staff/sign-in")
    desk.post("/staff/sign-in", name="maya", password=PASSWORD)

    # The link is opened, and says whose keys these are: nobody is trusted by the server itself.
    desk.get(f"{person}/passport")
    link = f"https://thistle.localhost:{thistle.site.port}/p/{TOKEN}"
    shown = desk.post(f"{person}/passport", link=link)
    assert "Passport of Ngozi Obi: 1 part" in shown
    assert "You have not said yet whether you trust what they sign" in shown
    assert f"thistle.localhost:{thistle.site.port}" in shown
    shown = desk.post(f"{person}/passport", form="fingerprint", reason="I rang them and compared the key.")
    assert "Valid now" in shown
    assert asked(heather) == set(MODULES)

    [mark] = re.findall(r'<section[^>]*id="choice-(\w+)"', desk.text)
    done = desk.post(
        f"{person}/passport",
        form="choice-",
        **{
            f"choice-{mark}": "recognise",
            f"maps-{mark}": "care-certificate-2025/13/knowledge",
            f"reason-{mark}": "Her manager there confirmed it.",
        },
    )
    assert "1 part is recognised" in done
    assert asked(heather) == {"moving-safely"}
    assert "recognised from Thistle Care on" in desk.get("/staff/matrix")
    assert "1 of 2" in desk.get("/staff/matrix")

    # Thistle takes it back; a day later Heather's worker looks, and the board shows it missing.
    thistle.site.stop()  # what it said a few minutes ago may still be on its way
    with thistle.inside():
        session = db.session()
        [provider] = providers.list_providers(session)
        [view] = [
            each for each in credentials.credentials_of(session, provider.id, None) if each.kind is Kind.KNOWLEDGE
        ]
        credentials.revoke(session, provider.id, view.uuid, "It was another person.", by=None, now=utc_now())
        session.commit()
    thistle.site.start()
    heather.flask("worker", "--once")
    assert asked(heather) == {"moving-safely"}, "it is not a day yet"
    day = (utc_now() - timedelta(hours=25)).strftime("%Y-%m-%d %H:%M:%S.%f")
    with contextlib.closing(sqlite3.connect(heather.site.folder / "between-visits.sqlite")) as database, database:
        database.execute("UPDATE trusted_issuers SET looked_at = ?", (day,))
    assert "recognised: 1 looked at." in heather.flask("worker", "--once")
    assert asked(heather) == set(MODULES)
    matrix = desk.get("/staff/matrix")
    assert "recognised from" not in matrix
    assert "0 of 2" in matrix
    assert "1 statement from elsewhere counts no more" in desk.get("/staff/people/waiting")
    assert "Withdrawn" in desk.get(f"{person}/recognised")

    # A link that was taken back says so, in words for whoever pasted it.
    desk.get(f"{person}/passport")
    gone = desk.post(f"{person}/passport", link=link.replace("abc", "xyz"))
    assert "There is nothing at this link any more" in gone
