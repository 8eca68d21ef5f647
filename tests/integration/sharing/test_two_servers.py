"""Two real servers on loopback, from the first look to a publisher that is gone, by the commands an operator types."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.servers import Server, server


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
