"""Two real servers on loopback, from the first look to a publisher that is gone, by the commands an operator types."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask

from app import create_app, jobs, providers
from app.cli.catalogue_job import KIND
from app.config import Settings
from app.extensions import db
from app.kernel import utc_now
from tests.support.sharing import Shelf
from tests.support.site import Site


@dataclass
class Server:
    """A site with a shelf of its own, and what its commands answer.

    The server is gunicorn in processes of its own. Commands run in this one: starting Python for each takes longer than
    what they do.
    """

    site: Site
    shelf: Shelf

    def app(self) -> Flask:
        own = {name: value for name, value in self.site.environment.items() if name.startswith("BV_")}
        return create_app(Settings.from_environment(own))

    def flask(self, *words: str) -> Result:
        app = self.app()
        try:
            return app.test_cli_runner().invoke(args=words)
        finally:
            with app.app_context():
                db.session.remove()
                db.engine.dispose()

    def run(self, *words: str) -> Any:
        done = self.flask("catalogue", *words, "--json")
        assert done.exit_code == 0, f"{words}: {done.output} {done.exception}"
        return json.loads(done.output)

    def refused(self, *words: str) -> str:
        done = self.flask("catalogue", *words)
        assert done.exit_code == 1, done.output
        return done.output

    def content(self, *words: str) -> None:
        done = self.flask("content", *words)
        assert done.exit_code == 0, f"{words}: {done.output} {done.exception}"

    def publish(self) -> None:
        self.content("publish")

    def editions(self, key: str) -> list[tuple[int, bool]]:
        query = "SELECT number, withdrawn_at IS NOT NULL FROM editions WHERE module = ? ORDER BY number"
        with contextlib.closing(sqlite3.connect(self.site.folder / "between-visits.sqlite")) as database:
            return [(number, bool(gone)) for number, gone in database.execute(query, (key,))]

    def ask(self, source: str) -> None:
        """Ask for what is new, as a manager does on the page."""
        app = self.app()
        with app.app_context():
            [provider] = providers.list_providers(db.session())
            jobs.ask(db.session(), provider.id, KIND, {"source": source}, by=None, now=utc_now())
            db.session.commit()
            db.session.remove()
            db.engine.dispose()

    def jobs(self) -> list[tuple[str, str]]:
        with contextlib.closing(sqlite3.connect(self.site.folder / "between-visits.sqlite")) as database:
            return database.execute("SELECT state, words FROM jobs ORDER BY id").fetchall()

    def look_tomorrow(self) -> str:
        """Let the worker look once, as if a day had passed."""
        with contextlib.closing(sqlite3.connect(self.site.folder / "between-visits.sqlite")) as database, database:
            database.execute("UPDATE catalogue_sources SET looked_at = '2026-01-01 00:00:00.000000'")
        done = self.flask("worker", "--once")
        assert done.exit_code == 0, done.output
        return done.output


def server(folder: Path, pack: str, *modules: str) -> Server:
    shelf = Shelf(folder / "content", pack)
    for key in modules:
        shelf.module(key)
    site = Site(folder, settings={"BV_CONTENT": str(shelf.root), "BV_FOLLOW": "any", "BV_WORKERS": "1"})
    made = Server(site, shelf)
    done = made.flask("db", "upgrade")
    assert done.exit_code == 0, done.output
    made.publish()
    made.run("offer", pack, "--as", pack.capitalize())
    return made


@pytest.fixture
def thistle(tmp_path: Path) -> Iterator[Server]:
    made = server(tmp_path / "thistle", "thistle", "at-the-door", "lost-keys")
    made.site.start()
    yield made
    made.site.stop()


@pytest.fixture
def bramble(tmp_path: Path) -> Iterator[Server]:
    made = server(tmp_path / "bramble", "bramble", "on-the-landing")
    yield made
    made.site.stop()


def test_a_follower_lives_through_whatever_its_publisher_does(thistle: Server, bramble: Server, tmp_path: Path) -> None:
    key = thistle.run("offer")["key"]
    followed = bramble.run("follow", thistle.site.origin, "--key", key)
    assert followed["changes"]["words"] == "2 new modules"

    [taken] = bramble.run("take", "Thistle")
    assert len(taken["published"]) == 2
    assert thistle.site.editions().keys() <= bramble.site.editions().keys()

    # A new edition and a withdrawal: the worker tells of the one, and carries out the other.
    thistle.shelf.module("at-the-door", ("sixth stair", "fifth stair"), edition=2, change="major")
    thistle.publish()
    thistle.content("withdraw", "lost-keys", "1", "--reason", "Ring first.", "--safety")
    thistle.content("correct", "at-the-door", "1", "stops-first", "--right", "a", "--reason", "It was a.")
    thistle.site.stop()  # what it said a few minutes ago may still be on its way
    thistle.site.start()
    assert "Thistle has 1 new edition (1 major)." in bramble.look_tomorrow()
    assert bramble.editions("lost-keys") == [(1, True)]
    assert bramble.editions("at-the-door") == [(1, False)]

    # The key changes, and nothing comes until somebody confirms the new one.
    new = thistle.run("new-key")["key"]
    assert "signs with another key now" in bramble.refused("take", "Thistle")
    assert bramble.editions("at-the-door") == [(1, False)]
    bramble.run("follow", thistle.site.origin, "--key", new)
    [taken] = bramble.run("take", "Thistle")
    assert taken["published"] == [{"module": "at-the-door", "edition": 2}]

    # The publisher is gone. What came stays, and the rest comes by stick.
    thistle.site.stop()
    assert "could not be reached" in bramble.refused("look", "Thistle")
    thistle.shelf.module("door-bells")
    thistle.publish()
    stick = tmp_path / "stick.zip"
    thistle.run("pack", str(stick))
    [taken] = bramble.run("take", "--file", str(stick))
    assert taken["published"] == [{"module": "door-bells", "edition": 1}]
    assert bramble.editions("at-the-door") == [(1, False), (2, False)]


def test_the_worker_takes_what_a_manager_asked_for_and_says_what_went_wrong(thistle: Server, bramble: Server) -> None:
    followed = bramble.run("follow", thistle.site.origin, "--key", thistle.run("offer")["key"])
    assert bramble.flask("provider", "add", "Bramble Care", "--manager", "Priya Nair").exit_code == 0
    bramble.ask(followed["server"])

    assert "2 editions taken from Thistle." in bramble.flask("worker", "--once").output
    assert bramble.jobs() == [("done", "")]
    assert bramble.editions("at-the-door") == [(1, False)]

    thistle.site.stop()
    bramble.ask(followed["server"])
    bramble.flask("worker", "--once")
    [_, (state, words)] = bramble.jobs()
    assert state == "failed"
    assert "could not be reached" in words


def test_two_servers_that_follow_each_other_come_to_rest(thistle: Server, bramble: Server) -> None:
    bramble.site.start()
    for one, other in ((thistle, bramble), (bramble, thistle)):
        one.run("follow", other.site.origin, "--key", other.run("offer")["key"])
        one.run("take")
    # Each offers what it has from the other too, with its first publisher's name.
    thistle.run("offer", "bramble")
    bramble.run("offer", "thistle")

    for one in (thistle, bramble):
        [changes] = [each["changes"] for each in one.run("look")]
        assert changes["words"] == "nothing new"
        [taken] = one.run("take")
        assert (taken["published"], taken["left_out"]) == ([], [])
    assert thistle.site.editions().keys() == bramble.site.editions().keys()
    [pack] = [each for each in bramble.run("offer")["packs"] if each["key"] == "thistle"]
    assert (pack["publisher"], pack["licence"], pack["offered"]) == ("Thistle Training", "CC-BY-4.0", True)


def test_a_stick_that_was_tampered_with_is_refused(thistle: Server, bramble: Server, tmp_path: Path) -> None:
    import zipfile

    good, bad = tmp_path / "good.zip", tmp_path / "bad.zip"
    thistle.run("pack", str(good))
    with zipfile.ZipFile(good) as source, zipfile.ZipFile(bad, "w") as target:
        key = json.loads(source.read("catalogue/manifest.json"))["key"]
        for name in source.namelist():
            body = source.read(name)
            target.writestr(name, body.replace(b"sixth", b"tenth") if name.endswith(".md") else body)
    bramble.run("follow", "--file", str(good), "--key", key)

    assert "is not what its signed catalogue says" in bramble.refused("take", "--file", str(bad))
    assert bramble.editions("at-the-door") == []
    cut = tmp_path / "cut.zip"
    cut.write_bytes(good.read_bytes()[:-2000])
    assert "cannot be read as a catalogue" in bramble.refused("take", "--file", str(cut))
    [taken] = bramble.run("take", "--file", str(good))
    assert len(taken["published"]) == 2
