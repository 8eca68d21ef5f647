"""Taking what a publisher offers: what is told before, what is stored, and what stays."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from app import catalogue, providers
from app.content import load, service
from app.content import queries as content
from app.interop import sharing
from tests.support.library import Place
from tests.support.sharing import NOW, Follower, Publisher

LATER = NOW + timedelta(days=1)


def test_what_is_coming_is_told_in_words_before_it_is_taken(follower: Follower) -> None:
    assert follower.look().words == "2 new modules"
    assert follower.editions("at-the-door") == []


def test_taken_modules_are_the_very_editions_of_their_publisher(follower: Follower, publisher: Publisher) -> None:
    taken = follower.take()

    assert sorted(taken.published) == [("at-the-door", 1), ("lost-keys", 1)]
    assert taken.left_out == ()
    theirs = {each.sha for each in content.all_editions(publisher.session)}
    mine = {each.sha for each in content.all_editions(follower.session) if each.pack == "thistle"}
    assert mine == theirs
    [pack] = [each for each in content.documents(follower.session, "pack") if each.name == "thistle"]
    assert (pack.data["publisher"], pack.data["licence"]) == ("Thistle Training", "CC-BY-4.0")
    assert sharing.origins(follower.session) == {"thistle": "Thistle Training"}


def test_taking_twice_changes_nothing(follower: Follower) -> None:
    follower.take()
    before = content.all_editions(follower.session)

    again = follower.take(now=LATER)

    assert (again.published, again.packs) == ((), ())
    assert content.all_editions(follower.session) == before
    assert follower.look().words == "nothing new"


def test_new_editions_come_in_their_order_and_old_ones_stay(follower: Follower, publisher: Publisher) -> None:
    follower.take()
    publisher.shelf.module("at-the-door", ("sixth stair", "fifth stair"), edition=2, change="major")
    publisher.publish(now=LATER)
    publisher.shelf.module("at-the-door", ("sixth stair", "fourth stair"), edition=3)
    publisher.publish(now=LATER)

    assert follower.look(now=LATER).words == "2 new editions (1 major)"
    follower.take(now=LATER)

    assert follower.editions("at-the-door") == [(1, False), (2, False), (3, False)]
    changes = [each.change for each in content.editions_of(follower.session, "at-the-door")]
    assert changes == ["minor", "major", "minor"]


def test_of_a_module_that_is_new_here_only_the_newest_good_edition_comes(
    follower: Follower, publisher: Publisher
) -> None:
    publisher.shelf.module("at-the-door", ("sixth stair", "fifth stair"), edition=2)
    publisher.publish(now=LATER)
    publisher.shelf.module("at-the-door", ("sixth stair", "fourth stair"), edition=3)
    publisher.publish(now=LATER)
    service.withdraw(publisher.session, "at-the-door", 3, reason="Wrong stair.", safety=False, now=LATER)

    follower.take(now=LATER)

    assert follower.editions("at-the-door") == [(2, False)]


def test_a_withdrawn_edition_in_between_keeps_its_place_in_the_chain(follower: Follower, publisher: Publisher) -> None:
    follower.take()
    publisher.shelf.module("at-the-door", ("sixth stair", "fifth stair"), edition=2, change="major")
    publisher.publish(now=LATER)
    service.withdraw(publisher.session, "at-the-door", 2, reason="Wrong stair.", safety=True, now=LATER)
    publisher.shelf.module("at-the-door", ("sixth stair", "fourth stair"), edition=3)
    publisher.publish(now=LATER)

    follower.take(now=LATER)

    assert follower.editions("at-the-door") == [(1, False), (2, True), (3, False)]


def test_a_module_of_this_servers_own_is_recognised_and_left_alone(follower: Follower, publisher: Publisher) -> None:
    """Both publish the same text: one edition. What the publisher makes of it later is not taken over ours."""
    own = publisher.shelf
    service.publish(follower.session, load(own.root), now=NOW)

    changes = follower.look()
    assert (changes.here, changes.own, changes.words) == (2, 2, "nothing new")
    publisher.shelf.module("at-the-door", ("sixth stair", "fifth stair"), edition=2)
    publisher.publish(now=LATER)
    service.withdraw(publisher.session, "lost-keys", 1, reason="Wrong.", safety=True, now=LATER)

    assert follower.look(now=LATER).words == "nothing new"
    assert follower.editions("lost-keys") == [(1, False)]


def test_a_key_that_is_another_catalogues_here_is_refused_with_its_name(
    follower: Follower, other_publisher: Publisher, publisher: Publisher
) -> None:
    follower.take()
    other_publisher.shelf.module("at-the-door", ("sixth stair", "first stair"), edition=2)
    other_publisher.publish(now=LATER)
    follower.place.publisher = other_publisher
    follower.follow(now=LATER)

    changes = follower.look(now=LATER)

    assert changes.coming == ()
    assert changes.here == 2
    assert {each.words for each in changes.left_out} == {"It comes from Thistle Training here."}


def test_who_goes_on_from_the_same_editions_may_take_over_once_nobody_else_is_followed(
    follower: Follower, other_publisher: Publisher
) -> None:
    follower.take()
    assert follower.source is not None
    sharing.unfollow(follower.session, follower.source.id, now=LATER)
    other_publisher.shelf.module("at-the-door", ("sixth stair", "first stair"), edition=2)
    other_publisher.publish(now=LATER)
    follower.place.publisher = other_publisher
    follower.follow(now=LATER)

    assert follower.take(now=LATER).published == (("at-the-door", 2),)
    assert follower.look(now=LATER).left_out == ()


def test_who_is_followed_again_goes_on_where_it_stopped(follower: Follower, publisher: Publisher) -> None:
    follower.take()
    assert follower.source is not None
    sharing.unfollow(follower.session, follower.source.id, now=LATER)
    publisher.shelf.module("lost-keys", ("sixth stair", "first stair"), edition=2)
    publisher.publish(now=LATER)

    follower.follow(now=LATER)

    assert follower.take(now=LATER).published == (("lost-keys", 2),)


def test_what_does_not_pass_our_checks_is_left_out_and_the_rest_is_taken(
    follower: Follower, publisher: Publisher
) -> None:
    """Their framework knows a code that ours does not."""
    framework = publisher.shelf.root / "frameworks/care.yml"
    framework.write_text(framework.read_text().replace("13.1c", "13.9c"))
    publisher.shelf.module("new-one", ('["13.1a", "13.1b"]', '["13.1a", "13.1b", "13.9c"]'))
    publisher.publish()

    taken = follower.take()

    assert sorted(taken.published) == [("at-the-door", 1), ("lost-keys", 1)]
    [left] = taken.left_out
    assert left.key == "new-one"
    assert left.words.startswith("Edition 1 does not pass the checks of this server:")
    assert "13.9c" in left.words


def test_facts_that_were_to_be_checked_again_meanwhile_do_not_keep_a_module_out(follower: Follower) -> None:
    long_after = NOW.replace(year=2029)

    assert len(follower.take(now=long_after).published) == 2


def test_on_a_server_that_several_share_a_new_pack_is_nobodys_until_taken_up(follower: Follower) -> None:
    session = follower.session
    one = providers.add_provider(session, "Bramble Care", contact="Priya", now=NOW)
    two = providers.add_provider(session, "Thistle Care", contact="Sam", now=NOW)
    session.commit()

    follower.take()

    assert "thistle" not in catalogue.adopted_packs(session, one.id) | catalogue.adopted_packs(session, two.id)
    catalogue.adopt(session, one.id, "thistle", now=LATER)
    assert "thistle" in catalogue.adopted_packs(session, one.id)
    assert "thistle" not in catalogue.adopted_packs(session, two.id)


def test_the_one_provider_of_a_server_has_a_new_pack_at_once(follower: Follower) -> None:
    one = providers.add_provider(follower.session, "Bramble Care", contact="Priya", now=NOW)
    follower.session.commit()

    follower.take()

    assert "thistle" in catalogue.adopted_packs(follower.session, one.id)


def test_what_a_text_would_run_never_gets_here(follower: Follower, publisher: Publisher, session: Session) -> None:
    """Their server shows whatever its editions hold; ours renders the text itself, so their HTML is never asked for."""
    follower.take()

    assert not [path for path in follower.place.asked if path.startswith("e/")]
    edition = content.current_edition(session, "at-the-door")
    assert edition is not None
    quiz = content.quiz(session, edition.sha)
    assert quiz is not None
    assert "<script" not in json.dumps(quiz.edition)


def test_words_that_taken_modules_use_are_explained_here_too(follower: Follower, publisher: Publisher) -> None:
    """Ours stay as we explain them, what no module uses does not come, and publishing again loses none."""
    glossary = publisher.shelf.root / "glossary/en.yml"
    glossary.write_text(
        "landing: Theirs.\nknee: Where a leg bends.\nrail: A bar to hold.\nsepsis: Theirs.\nzebra: No.\n"
    )
    publisher.publish()
    own = Place(follower.folder.parent / "again")
    own.write("glossary/en.yml", "rail: Ours.\n")
    service.publish(follower.session, load(own.root), now=NOW)

    follower.take()

    found = content.document(follower.session, "glossary", "en")
    assert found is not None
    assert found.data["words"] == {"landing": "Theirs.", "knee": "Where a leg bends.", "rail": "Ours."}
    words = content.words_from_elsewhere(follower.session)
    assert words == {"landing": "Theirs.", "knee": "Where a leg bends.", "rail": "A bar to hold."}


@pytest.mark.parametrize("what", ["text", "picture"])
def test_a_file_that_is_not_what_was_signed_stops_it_and_nothing_is_stored(follower: Follower, what: str) -> None:
    _, changes = sharing.changes_of(follower.session, follower.source.id if follower.source else 0)
    edition = changes.coming[0].edition
    [media] = edition.media
    path = f"catalogue/texts/{edition.sha}.md" if what == "text" else f"m/{media.sha}.svg"
    follower.place.lies[path] = b"<svg/>"

    with pytest.raises(sharing.NotAsPromised, match="is not what its signed catalogue says"):
        follower.take()

    follower.session.rollback()
    assert follower.editions("at-the-door") == []
    assert "thistle" not in {each.name for each in content.documents(follower.session, "pack")}


def test_what_broke_off_half_way_goes_on_where_it_stopped(follower: Follower) -> None:
    follower.place.broken_after = 4
    with pytest.raises(sharing.NotReached):
        follower.take()
    follower.session.rollback()
    asked = set(follower.place.asked)
    follower.place.broken_after = None
    follower.place.asked.clear()

    assert len(follower.take().published) == 2

    files = {path for path in asked if not path.endswith("manifest.json")}
    assert files
    assert not files & set(follower.place.asked)
