"""A link shows what its person chose, until it ends or is taken back, and nothing of anybody else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import credentials
from app.credentials import Kind, passport
from app.credentials.passport import LookKind, NoSuchLink, PassportError
from app.credentials.passport.models import PassportItem, PassportLink, PassportLook, PassportTakeback
from app.kernel import day_of
from app.providers import MemberView
from tests.support.credentials import Issuing
from tests.support.passport import TOKEN, new_link
from tests.support.world import NOW


@pytest.fixture
def bramble(session: Session) -> Issuing:
    found = Issuing(session)
    found.passes()
    found.is_seen()
    found.line()
    return found


def uuids(place: Issuing) -> list[UUID]:
    return [view.uuid for view in place.live().values()]


def share(place: Issuing, **more: object) -> UUID:
    link = new_link(uuids(place), **more)  # type: ignore[arg-type]
    assert passport.share(place.session, place.ngozi.person_id, place.provider.id, link, now=NOW)
    place.session.commit()
    return link.uuid


def who(place: Issuing, member: MemberView | None = None) -> tuple[Session, int, int]:
    return place.session, (member or place.ngozi).person_id, place.provider.id


def shows(place: Issuing, token: str = TOKEN, now: datetime = NOW) -> set[Kind] | None:
    found = passport.open_link(place.session, token, now=now)
    return None if found is None else {each.view.kind for each in found.signed}


def test_a_link_shows_what_was_chosen_and_its_token_is_kept_nowhere(bramble: Issuing) -> None:
    share(bramble, whom="Thistle Care")
    assert shows(bramble) == {Kind.KNOWLEDGE, Kind.PRACTICE}
    row = bramble.session.scalars(select(PassportLink)).one()
    assert TOKEN not in {str(getattr(row, column.key)) for column in PassportLink.__table__.columns}
    (view,) = passport.links_of(*who(bramble))
    assert (view.whom, set(view.items), view.others, view.looks) == ("Thistle Care", set(uuids(bramble)), 0, ())


def test_asking_twice_makes_one_link(bramble: Issuing) -> None:
    link = new_link(uuids(bramble))
    made = [passport.share(*who(bramble), link, now=NOW) for _ in range(2)]
    assert made == [True, False]
    assert len(passport.links_of(*who(bramble))) == 1


def test_somebody_elses_token_or_uuid_makes_no_link_and_says_nothing_of_theirs(bramble: Issuing) -> None:
    link = new_link(uuids(bramble))
    passport.share(*who(bramble), link, now=NOW)
    for other in (new_link(uuids(bramble), link.token), link):
        with pytest.raises(PassportError, match="Make another one"):
            passport.share(*who(bramble, bramble.dawn), other, now=NOW)
    assert passport.links_of(*who(bramble, bramble.dawn)) == ()


def test_it_ends_with_the_last_of_its_days_in_england(bramble: Issuing) -> None:
    share(bramble, days=1)
    (view,) = passport.links_of(*who(bramble))
    # 15 June and one day: until midnight in England, which is 23:00 UTC in summer.
    assert day_of(view.until) == day_of(NOW) + timedelta(days=1)
    assert shows(bramble, now=datetime(2026, 6, 16, 22, 59, tzinfo=UTC)) is not None
    assert shows(bramble, now=datetime(2026, 6, 16, 23, 0, tzinfo=UTC)) is None


def test_taken_back_it_shows_nothing_at_once_and_again_when_that_is_undone(bramble: Issuing) -> None:
    uuid = share(bramble)
    assert passport.take_back(*who(bramble), uuid, now=NOW)
    assert shows(bramble) is None
    assert not passport.take_back(*who(bramble), uuid, now=NOW), "safe to repeat"
    assert passport.links_of(*who(bramble))[0].taken_back_at == NOW
    assert passport.open_again(*who(bramble), uuid, now=NOW + timedelta(minutes=1))
    assert shows(bramble) == {Kind.KNOWLEDGE, Kind.PRACTICE}
    assert not passport.open_again(*who(bramble), uuid, now=NOW)
    took = bramble.session.scalars(select(PassportTakeback)).one()
    assert (took.since, took.ended_at) == (NOW, NOW + timedelta(minutes=1)), "that it was taken back stays"


def test_nobody_takes_back_or_opens_the_link_of_another(bramble: Issuing) -> None:
    uuid = share(bramble)
    other = Issuing(bramble.session, "Thistle Care")
    for stranger in (who(bramble, bramble.dawn), (bramble.session, bramble.ngozi.person_id, other.provider.id)):
        for act in (passport.take_back, passport.open_again):
            with pytest.raises(NoSuchLink):
                act(*stranger, uuid, now=NOW)
            with pytest.raises(NoSuchLink):
                act(*stranger, uuid4(), now=NOW)
    assert shows(bramble) is not None


def test_nobody_shows_what_is_another_persons_or_was_withdrawn(bramble: Issuing) -> None:
    dawn = new_link(uuids(bramble))
    with pytest.raises(PassportError, match="withdrawn meanwhile"):
        passport.share(*who(bramble, bramble.dawn), dawn, now=NOW)
    gone = bramble.live()[Kind.PRACTICE].uuid
    credentials.revoke(bramble.session, bramble.provider.id, gone, "A slip", by=None, now=NOW)
    with pytest.raises(PassportError, match="withdrawn meanwhile"):
        passport.share(*who(bramble), new_link([gone]), now=NOW)
    assert bramble.session.scalars(select(func.count()).select_from(PassportLink)).one() == 0


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"token": "short"}, "token"),
        ({"token": "a" * 21 + "/"}, "token"),
        ({"items": []}, "items"),
        ({"items": [uuid4() for _ in range(201)]}, "items"),
        ({"days": 0}, "days"),
        ({"days": 367}, "days"),
        ({"whom": "w" * 101}, "for"),
    ],
)
def test_what_a_link_may_not_be_is_said(bramble: Issuing, change: dict[str, object], field: str) -> None:
    link = new_link(**{"items": uuids(bramble), **change})  # type: ignore[arg-type]
    with pytest.raises(PassportError) as refused:
        passport.share(*who(bramble), link, now=NOW)
    assert refused.value.field == field


def test_a_link_made_at_one_place_tells_another_nothing_of_it(bramble: Issuing) -> None:
    """The phone id of one provider lists its links; what they show of the other is a number there."""
    thistle = Issuing(bramble.session, "Thistle Care")
    there = new_link([*uuids(bramble)], token="b" * 22)
    assert passport.share(bramble.session, bramble.ngozi.person_id, thistle.provider.id, there, now=NOW)
    (view,) = passport.links_of(bramble.session, bramble.ngozi.person_id, thistle.provider.id)
    assert (view.items, view.others) == ((), 2)
    assert passport.links_of(*who(bramble)) == ()


def test_looks_are_written_down_with_what_was_said(bramble: Issuing) -> None:
    share(bramble)
    opened = passport.open_link(bramble.session, TOKEN, now=NOW)
    assert opened
    passport.note_look(bramble.session, opened.link_id, LookKind.PAGE, now=NOW)
    later = NOW + timedelta(hours=1)
    passport.note_look(bramble.session, opened.link_id, LookKind.SAID, now=later, by=" Sam\n\x00 Fox " + "x" * 200)
    (view,) = passport.links_of(*who(bramble))
    assert [(look.kind, look.at) for look in view.looks] == [(LookKind.SAID, later), (LookKind.PAGE, NOW)]
    assert view.looks[0].by.startswith("Sam Fox xxx")
    assert len(view.looks[0].by) == 100


def test_looks_are_kept_so_long_and_links_that_ended_go_with_theirs(bramble: Issuing) -> None:
    share(bramble, days=7)
    share(bramble, token="c" * 22, days=366)
    for token in (TOKEN, "c" * 22):
        opened = passport.open_link(bramble.session, token, now=NOW)
        assert opened
        passport.note_look(bramble.session, opened.link_id, LookKind.PAGE, now=NOW)
    assert passport.remove_looks_before(bramble.session, NOW) == 0
    # The first had ended by then, and the other goes on without the look.
    assert passport.remove_looks_before(bramble.session, NOW + timedelta(days=30)) == 2
    assert shows(bramble, "c" * 22) is not None
    assert shows(bramble) is None
    assert bramble.session.scalars(select(func.count()).select_from(PassportLook)).one() == 0


def test_erased_with_a_place_links_elsewhere_show_nothing_of_it(bramble: Issuing) -> None:
    thistle = Issuing(bramble.session, "Thistle Care")
    share(bramble)
    elsewhere = new_link(uuids(bramble), token="d" * 22)
    passport.share(bramble.session, bramble.ngozi.person_id, thistle.provider.id, elsewhere, now=NOW)
    bramble.session.commit()
    credentials.erase(bramble.session, bramble.ngozi.person_id, bramble.provider.id)
    bramble.session.commit()
    assert shows(bramble) is None
    assert shows(bramble, "d" * 22) == set()
    assert bramble.session.scalars(select(func.count()).select_from(PassportItem)).one() == 0
    credentials.erase(bramble.session, bramble.ngozi.person_id, None)
    assert bramble.session.scalars(select(func.count()).select_from(PassportLink)).one() == 0


def test_what_is_met_shows_before_it_is_signed_and_where_nothing_ever_is(session: Session) -> None:
    place = Issuing(session)
    place.passes()
    (item,) = passport.passport_of(session, place.provider, place.ngozi.person_id)
    assert (item.kind, item.uuid, item.jwt, item.withdrawn_at) == (Kind.KNOWLEDGE, None, "", None)
    place.line()
    (item,) = passport.passport_of(session, place.provider, place.ngozi.person_id)
    assert item.uuid == place.live()[Kind.KNOWLEDGE].uuid
    assert item.jwt


def test_what_was_withdrawn_says_so_until_it_is_met_again(bramble: Issuing) -> None:
    def practice() -> passport.Item:
        items = passport.passport_of(bramble.session, bramble.provider, bramble.ngozi.person_id)
        (found,) = (each for each in items if each.kind is Kind.PRACTICE)
        return found

    gone = bramble.live()[Kind.PRACTICE].uuid
    credentials.revoke(bramble.session, bramble.provider.id, gone, "Seen by mistake", by=None, now=NOW)
    bramble.session.commit()
    item = practice()
    assert (item.uuid, item.withdrawn_at, item.withdrawn_reason, item.jwt) == (gone, NOW, "Seen by mistake", "")
    bramble.is_seen()
    bramble.line()
    assert practice().withdrawn_at is None
    assert practice().jwt
