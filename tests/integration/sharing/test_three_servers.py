"""Three real servers: A publishes, B takes and offers on, C takes from B. All by commands, over loopback.

Thistle is A, Bramble is B, Cedar is C.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from app import authoring, providers
from app.cli import catalogue_job
from app.content import queries as content
from app.extensions import db
from app.interop import suggesting
from app.kernel import utc_now
from tests.support.servers import Server, server

DOOR = "at-the-door"


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[tuple[Server, Server]]:
    """Bramble follows Thistle and has taken its pack."""
    thistle = server(tmp_path / "thistle", "thistle", DOOR, "lost-keys")
    bramble = server(tmp_path / "bramble", "bramble", "on-the-landing")
    thistle.site.start()
    try:
        bramble.run("follow", thistle.site.origin, "--key", thistle.run("offer")["key"])
        bramble.run("take")
        yield thistle, bramble
    finally:
        thistle.site.stop()


@pytest.fixture
def chain(pair: tuple[Server, Server], tmp_path: Path) -> Iterator[tuple[Server, Server, Server]]:
    """Bramble has taken Thistle's pack and offers it on; Cedar follows Bramble and has taken it."""
    thistle, bramble = pair
    cedar = server(tmp_path / "cedar", "cedar", "under-the-roof")
    bramble.run("offer", "thistle")
    bramble.site.start()
    try:
        cedar.run("follow", bramble.site.origin, "--key", bramble.run("offer")["key"])
        cedar.run("take")
        yield thistle, bramble, cedar
    finally:
        bramble.site.stop()


def again(one: Server) -> None:
    """Start a server anew: what it said a few minutes ago may still be on its way."""
    one.site.stop()
    one.site.start()


def rows(one: Server, query: str) -> list[tuple[object, ...]]:
    with contextlib.closing(sqlite3.connect(one.site.folder / "between-visits.sqlite")) as database:
        return database.execute(query).fetchall()


def test_what_one_server_publishes_goes_on_to_the_third_and_stays_its_own(
    chain: tuple[Server, Server, Server],
) -> None:
    thistle, bramble, cedar = chain
    # The very editions, with their first publisher and licence, however many hands they went through.
    assert thistle.site.editions().keys() <= cedar.site.editions().keys()
    [pack] = [each for each in cedar.run("offer")["packs"] if each["key"] == "thistle"]
    assert (pack["publisher"], pack["licence"]) == ("Thistle Training", "CC-BY-4.0")

    # Many follow one and one many: Cedar follows Thistle too, and knows everything by its hash.
    changes = cedar.run("follow", thistle.site.origin, "--key", thistle.run("offer")["key"])["changes"]
    assert (changes["words"], changes["here"]) == ("nothing new", 2)
    cedar.run("unfollow", "Thistle")

    # What a provider adds to a module of its own stays beside whatever comes.
    assert bramble.flask("provider", "add", "Bramble Care", "--manager", "Priya Nair").exit_code == 0
    with bramble.inside():
        [provider] = providers.list_providers(db.session())
        [priya] = providers.list_members(db.session(), provider.id)
        words = "At Bramble: ring the office first."
        authoring.write_local_page(
            db.session(), provider.id, DOOR, words, based_on=0, by=priya.person_id, now=utc_now()
        )
        db.session.commit()

    # A new edition, an answer put right and a withdrawal reach Bramble, and through it Cedar.
    thistle.shelf.module(DOOR, ("sixth stair", "fifth stair"), edition=2, change="major")
    thistle.publish()
    thistle.content("correct", DOOR, "1", "stops-first", "--right", "a", "--reason", "It was a.")
    thistle.content("withdraw", "lost-keys", "1", "--reason", "Ring first.", "--safety")
    again(thistle)
    assert bramble.run("take", "Thistle")[0]["published"] == [{"module": DOOR, "edition": 2}]
    with bramble.inside():
        assert "ring the office first" in authoring.local_pages(db.session(), provider.id)[DOOR]
    again(bramble)
    [taken] = cedar.run("take", "Bramble")
    assert taken["published"] == [{"module": DOOR, "edition": 2}]
    for one in (bramble, cedar):
        assert one.editions(DOOR) == [(1, False), (2, False)]
        assert one.editions("lost-keys") == [(1, True)]
        assert rows(one, "SELECT count(*) FROM errata") == [(1,)]

    # Thistle's key changes: that stops Bramble, and nobody else. Bramble's stops Cedar until a person confirms it.
    thistle.run("new-key")
    assert "signs with another key now" in bramble.refused("look", "Thistle")
    assert cedar.run("look")[0]["changes"]["words"] == "nothing new"
    key = bramble.run("new-key")["key"]
    again(bramble)
    assert "signs with another key now" in cedar.refused("take", "Bramble")
    cedar.run("follow", bramble.site.origin, "--key", key)
    assert cedar.run("look")[0]["changes"]["words"] == "nothing new"


def test_a_publisher_that_is_gone_for_a_month_is_gone_on_with_where_it_stopped(
    pair: tuple[Server, Server],
) -> None:
    thistle, bramble = pair
    before = bramble.site.editions().keys()
    thistle.site.stop()
    began = utc_now() + timedelta(days=1)
    with bramble.inside():
        for day in range(30):
            told = catalogue_job.daily_looks(began + timedelta(days=day))
            assert told is not None
            assert "could not be reached" in told
            assert catalogue_job.daily_looks(began + timedelta(days=day, hours=12)) is None
    assert bramble.site.editions().keys() == before

    thistle.shelf.module(DOOR, ("sixth stair", "fifth stair"), edition=2)
    thistle.publish()
    thistle.site.start()
    with bramble.inside():
        assert catalogue_job.daily_looks(began + timedelta(days=30)) == "Thistle has 1 new edition."
        [source] = rows(bramble, "SELECT name, trouble FROM catalogue_sources")
    assert source == ("Thistle", "")
    assert bramble.run("take", "Thistle")[0]["published"] == [{"module": DOOR, "edition": 2}]


def test_a_suggestion_goes_to_whom_a_server_follows_and_its_answer_comes_back(
    pair: tuple[Server, Server],
) -> None:
    thistle, bramble = pair
    sent = suggest(bramble, "Bramble Care", "sixth stair", "fourth stair")
    assert "A suggestion went to" in bramble.flask("worker", "--once").output
    [waiting] = suggestions(thistle)
    assert (waiting["provider"], waiting["state"], waiting["module"]) == ("Bramble Care", "waiting", DOOR)

    thistle.flask("catalogue", "suggestions", "take", "1", "--into", str(thistle.shelf.root), "--change", "minor")
    assert answer(bramble, sent) == ("", None)
    thistle.publish()
    bramble.days_pass("suggestions", "looked_at")
    bramble.flask("worker", "--once")
    assert answer(bramble, sent) == ("taken", 2)

    # The edition comes like any other, and names who helped.
    again(thistle)
    assert bramble.run("take", "Thistle")[0]["published"] == [{"module": DOOR, "edition": 2}]
    [newest] = [each for each in bramble.site.editions().values() if (each["key"], each["edition"]) == (DOOR, 2)]
    assert newest["credits"] == ["Bramble Care"]


def suggest(one: Server, provider: str, was: str, better: str) -> str:
    """Let a provider there suggest other words for the module; returns the suggestion's uuid."""
    assert one.flask("provider", "add", provider, "--manager", "Priya Nair").exit_code == 0
    with one.inside():
        session, now = db.session(), utc_now()
        [place] = providers.list_providers(session)
        uuid = suggesting.start(session, place.id, content.editions_of(session, DOOR)[-1], now=now)
        text = suggesting.open_one(session, place.id, uuid).text.replace(was, better)
        suggesting.save(session, place.id, uuid, text=text, reason="We counted.", credit=True, now=now)
        suggesting.ask(session, place.id, uuid, person=None, now=now)
        session.commit()
        return str(uuid)


def suggestions(one: Server) -> list[dict[str, object]]:
    done = one.flask("catalogue", "suggestions", "list", "--json")
    assert done.exit_code == 0, done.output
    found: list[dict[str, object]] = json.loads(done.output)
    return found


def answer(one: Server, uuid: str) -> tuple[object, ...]:
    [found] = rows(one, f"SELECT answer, answer_edition FROM suggestions WHERE uuid = '{uuid.replace('-', '')}'")
    return found
