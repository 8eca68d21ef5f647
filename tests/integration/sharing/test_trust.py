"""What is believed of another server: only what is signed with the confirmed key, whole, and not older than before."""

from __future__ import annotations

import json
from datetime import timedelta
from hashlib import sha256

import pytest
from sqlalchemy.orm import Session

from app.content import queries as content
from app.content import service
from app.content.models import Document, Edition
from app.interop import sharing
from app.interop.sharing.fetch import MANIFEST
from app.interop.sharing.models import SigningKey
from tests.support.sharing import NOW, ORIGIN, SECRET, Follower, Publisher, Shelf

LATER = NOW + timedelta(days=1)


def test_a_changed_key_stops_it_until_a_person_confirms_the_new_one(follower: Follower, publisher: Publisher) -> None:
    old = sharing.identity_of(publisher.session)
    new = sharing.new_key(publisher.session, secret=SECRET, now=LATER)
    assert old is not None
    assert new.public != old.public

    with pytest.raises(sharing.AnotherKey, match="signs with another key now"):
        follower.look(now=LATER)
    follower.session.rollback()
    follower.follow(now=LATER)

    assert len(sharing.sources(follower.session)) == 1
    assert follower.look(now=LATER).words == "2 new modules"


@pytest.mark.parametrize("change", ["name", "title", "made_at"])
def test_what_was_changed_on_its_way_is_not_believed(follower: Follower, publisher: Publisher, change: str) -> None:
    data = json.loads(publisher.manifest())
    if change == "title":
        data["packs"][0]["title"] = "Ours"
    else:
        data[change] = {"name": "Somebody else", "made_at": "2030-01-01T00:00:00Z"}[change]
    follower.place.lies[MANIFEST] = json.dumps(data).encode()

    with pytest.raises(sharing.BadManifest, match="changed after it was signed"):
        follower.look()


def test_an_older_catalogue_than_was_seen_is_not_believed(follower: Follower, publisher: Publisher) -> None:
    old = publisher.manifest()
    service.withdraw(publisher.session, "lost-keys", 1, reason="Wrong.", safety=True, now=LATER)
    publisher.session.commit()
    follower.look(now=LATER)
    follower.place.lies[MANIFEST] = old

    with pytest.raises(sharing.Older, match="older than the one that was seen before"):
        follower.look(now=LATER)


def test_the_catalogue_of_another_server_is_not_taken_for_it(
    follower: Follower, publisher: Publisher, other_publisher: Publisher
) -> None:
    """Even signed with the same key, as after a server was copied."""
    row = publisher.session.query(SigningKey).one()
    other = other_publisher.session.query(SigningKey).one()
    other.public, other.sealed, other.uuid = row.public, row.sealed, row.uuid
    other_publisher.session.commit()
    follower.place.lies[MANIFEST] = other_publisher.manifest()

    with pytest.raises(sharing.BadManifest, match="but of Bramble Learning"):
        follower.look()


def test_what_is_no_longer_offered_stays_here(follower: Follower, publisher: Publisher) -> None:
    follower.take()
    Shelf(publisher.shelf.root.parent / "second", "second").module("door-bells")
    second = Publisher(publisher.session, Shelf(publisher.shelf.root.parent / "second", "second"))
    second.publish(now=LATER)
    second.offer(now=LATER)
    sharing.stop(publisher.session, "thistle", now=LATER)
    publisher.session.commit()

    changes = follower.look(now=LATER)

    assert changes.gone == ("at-the-door", "lost-keys")
    assert follower.editions("at-the-door") == [(1, False)]


def test_a_server_does_not_follow_itself(publisher: Publisher) -> None:
    raw = publisher.manifest()
    with pytest.raises(sharing.SharingError, match="this server's own catalogue"):
        sharing.follow(publisher.session, raw, address=ORIGIN, key=json.loads(raw)["key"], now=NOW)


def test_another_key_than_was_confirmed_is_not_followed(publisher: Publisher, session: Session) -> None:
    with pytest.raises(sharing.AnotherKey):
        sharing.follow(session, publisher.manifest(), address=ORIGIN, key="A" * 43, now=NOW)


@pytest.mark.parametrize("licence", ["All rights reserved", "CC-BY-NC-4.0", "", "cc-by-4.0"])
def test_a_pack_whose_licence_is_not_known_is_never_offered(publisher: Publisher, licence: str) -> None:
    [pack] = [each for each in publisher.session.query(Document) if each.kind == "pack"]
    pack.body = json.dumps({**json.loads(pack.body), "licence": licence}).encode()
    pack.sha = sha256(pack.body).hexdigest()
    publisher.session.commit()

    with pytest.raises(sharing.NotOffered, match="does not let others have it"):
        sharing.offer(publisher.session, "thistle", name=None, default_name="?", secret=SECRET, now=NOW)
    with pytest.raises(sharing.NotOffered):
        publisher.manifest()


def test_an_edition_under_another_licence_than_its_pack_is_left_out(publisher: Publisher) -> None:
    publisher.shelf.module("secret-steps", ("licence: CC-BY-4.0", "licence: All rights reserved"))
    publisher.publish(now=LATER)
    [sha] = [each.sha for each in content.editions_of(publisher.session, "secret-steps")]

    assert "secret-steps" not in publisher.manifest().decode()
    assert sharing.offered_text(publisher.session, sha) is None


def test_a_providers_own_pack_is_never_offered(publisher: Publisher) -> None:
    from app.kernel import new_uuid7

    audience = new_uuid7()
    for table in (Document, Edition):
        for row in publisher.session.query(table):
            row.audience = audience
    publisher.session.commit()
    [sha] = [each.sha for each in publisher.session.query(Edition).filter_by(module="lost-keys")]

    with pytest.raises(sharing.NotOffered, match="no pack"):
        sharing.offer(publisher.session, "thistle", name=None, default_name="?", secret=SECRET, now=NOW)
    with pytest.raises(sharing.NotOffered):
        publisher.manifest()
    assert sharing.offered_text(publisher.session, sha) is None


def test_the_key_is_sealed_and_says_so_when_it_cannot_be_opened(publisher: Publisher) -> None:
    with pytest.raises(sharing.SharingError, match="another BV_SECRET_KEY"):
        sharing.manifest(publisher.session, origin=ORIGIN, secret=b"another secret key")


def test_the_catalogue_is_the_same_until_something_in_it_changes(publisher: Publisher) -> None:
    first = publisher.manifest()
    assert publisher.manifest() == first
    publisher.shelf.module("new-one")
    publisher.publish(now=LATER)
    assert publisher.manifest() != first
