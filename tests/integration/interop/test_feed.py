"""A rota system reads where people stand: only what it may, all of it, and afterwards only what changed."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from uuid import UUID

from flask import Flask
from sqlalchemy import delete

from app import providers, requirements
from app.extensions import db
from app.identity.models import SignInFailure
from app.interop import feed
from app.interop.feed import Asked, Field
from app.interop.feed.models import FeedLook, FeedStanding, FeedToken
from app.interop.feed.reading import cursor
from app.kernel import day_of, utc_now
from app.web.api.feed import TRIES, document
from tests.support.learning_place import RIGHT, joined, publish_modules
from tests.support.rota import PEOPLE, Rota, ids, needs, token_of
from tests.support.statements import statements
from tests.support.website import Place, set_up

EVERYTHING = tuple(Field)
# In UTC it is before there are days.
EARLIEST = datetime.min.replace(tzinfo=timezone(timedelta(hours=14)))


def test_a_person_is_told_with_what_the_token_opens_and_nothing_else(app: Flask, bramble: Place) -> None:
    sha = publish_modules("Fire")["fire"]
    ngozi = joined(bramble, "Ngozi Obi")
    providers.set_details(db.session(), bramble.provider.id, ngozi.member.person_id, reference="W-7", email="")
    training = needs(bramble, ngozi.member)
    ngozi.answers(sha, RIGHT, at=utc_now() - timedelta(days=3))
    db.session.commit()
    [told] = Rota(app, token_of(bramble)).page()["people"]
    assert set(told) == {"id", "here", "changed_at", "reference", "trainings"}
    assert (told["id"], told["reference"], told["here"]) == (str(ngozi.member.person_uuid), "W-7", True)
    assert told["trainings"] == [{"id": str(training.uuid), "title": "Fire safety", "status": "in-date"}]
    [whole] = Rota(app, token_of(bramble, *EVERYTHING)).page()["people"]
    assert (whole["name"], whole["jobs"], whole["roles"]) == ("Ngozi Obi", ["Job of Fire safety"], ["learner"])
    assert whole["trainings"][0]["valid_until"] > day_of(utc_now()).isoformat()
    assert whole["sign_offs"] == {"standards": {}}
    [bare] = Rota(app, token_of(bramble, Field.NAME)).page()["people"]
    assert set(bare) == {"id", "here", "changed_at", "name"}


def test_every_person_comes_once_whatever_the_pages(app: Flask, bramble: Place) -> None:
    uuids = {str(bramble.add(f"Carer {number}").person_uuid) for number in range(7)}
    rota = Rota(app, token_of(bramble))
    assert len(rota.page(limit=3)["people"]) == 3
    people, _ = rota.everybody(limit=3)
    assert sorted(ids(people)) == sorted(uuids)


def test_afterwards_only_what_changed_comes(app: Flask, bramble: Place) -> None:
    sha = publish_modules("Fire")["fire"]
    ngozi, tom = joined(bramble, "Ngozi Obi"), bramble.add("Tom Hale")
    needs(bramble, ngozi.member, tom)
    rota = Rota(app, token_of(bramble))
    _, as_of = rota.everybody()
    people, again = rota.everybody(updated_since=as_of)
    assert (people, again) == ([], as_of)
    # It happened three days ago, and came just now: a question by the day it happened would leave it out.
    ngozi.answers(sha, RIGHT, at=utc_now() - timedelta(days=3), received=utc_now())
    db.session.commit()
    [told], later = rota.everybody(updated_since=as_of)
    assert told["id"] == str(ngozi.member.person_uuid)
    assert told["trainings"][0]["status"] == "in-date"
    assert later > as_of
    assert rota.everybody(updated_since=later)[0] == []


def test_who_left_is_told_as_gone_and_is_not_in_the_whole_list(app: Flask, bramble: Place) -> None:
    ngozi, tom = bramble.add("Ngozi Obi"), bramble.add("Tom Hale")
    rota = Rota(app, token_of(bramble, *EVERYTHING))
    _, as_of = rota.everybody()
    providers.end_membership(db.session(), bramble.provider.id, tom.person_id, now=utc_now())
    db.session.commit()
    # The trail was not told of it here, so the next look is the one of another day.
    db.session.execute(delete(FeedLook))
    db.session.commit()
    [gone] = rota.everybody(updated_since=as_of)[0]
    assert gone == {"id": str(tom.person_uuid), "here": False, "changed_at": gone["changed_at"]}
    assert ids(rota.everybody()[0]) == [str(ngozi.person_uuid)]


def test_what_is_known_already_is_not_sent_again(app: Flask, bramble: Place) -> None:
    bramble.add("Ngozi Obi")
    rota = Rota(app, token_of(bramble))
    first = rota.ask()
    assert rota.ask(known=first.headers["ETag"]).status_code == 304
    bramble.add("Tom Hale")
    db.session.execute(delete(FeedLook))
    db.session.commit()
    assert rota.ask(known=first.headers["ETag"]).status_code == 200


def test_another_providers_people_are_not_there(app: Flask, bramble: Place) -> None:
    other = set_up("Elder Care", "Sam Oak", "sam")
    bramble.add("Ngozi Obi")
    zed = other.add("Zed Young")
    rota = Rota(app, token_of(bramble))
    assert str(zed.person_uuid) not in ids(rota.everybody()[0])
    [told] = Rota(app, token_of(other)).everybody()[0]
    assert told["id"] == str(zed.person_uuid)
    # A cursor says where a page begins, and opens nothing.
    page = rota.page(cursor=cursor(feed.Asked(after=UUID(int=0), as_of=utc_now())))
    assert ids(page["people"]) == ids(rota.everybody()[0])


def test_an_ended_token_opens_nothing_at_once(app: Flask, bramble: Place) -> None:
    text = token_of(bramble)
    assert Rota(app, text).ask().status_code == 200
    [view] = feed.tokens(db.session(), bramble.provider)
    assert view.last_used_at is not None
    assert feed.end_token(db.session(), bramble.provider.id, view.uuid, now=utc_now())
    db.session.commit()
    assert Rota(app, text).ask().status_code == 401
    for wrong in ("", "bvf_", "x" * 3000, "bvf_" + "A" * 43):
        assert Rota(app, wrong).ask().status_code == 401
    assert app.test_client().get(PEOPLE).status_code == 401


def test_the_token_itself_is_kept_nowhere(app: Flask, bramble: Place) -> None:
    text = token_of(bramble)
    [row] = db.session.execute(FeedToken.__table__.select())
    assert text not in str(row)


def test_who_asks_too_often_waits(app: Flask, bramble: Place) -> None:
    rota = Rota(app, token_of(bramble))
    assert rota.ask().status_code == 200
    [row] = db.session.query(SignInFailure)
    db.session.add_all(SignInFailure(key=row.key, at=row.at) for _ in range(TRIES - 1))
    db.session.commit()
    reply = rota.ask()
    assert reply.status_code == 429
    assert int(reply.headers["Retry-After"]) > 0
    assert Rota(app, token_of(bramble)).ask().status_code == 200


def test_what_makes_no_sense_is_refused(app: Flask, bramble: Place) -> None:
    rota = Rota(app, token_of(bramble))
    for query in (
        {"limit": "0"},
        {"limit": "501"},
        {"limit": "²"},
        {"cursor": "nonsense"},
        {"cursor": "W10"},
        {"cursor": cursor(Asked(after=UUID(int=0), since=EARLIEST, as_of=EARLIEST))},
        {"updated_since": "yesterday"},
        {"updated_since": "2026-11-01T10:00:00"},
    ):
        assert rota.ask(**query).status_code == 400, query


def test_a_page_asks_as_often_for_many_people_as_for_few(app: Flask, bramble: Place) -> None:
    rota = Rota(app, token_of(bramble, *EVERYTHING))

    def asked() -> int:
        db.session.execute(delete(FeedStanding))
        db.session.execute(delete(FeedLook))
        db.session.commit()
        with statements(db.engine) as sent:
            rota.page()
        # Rows of many people go in by one statement, whatever a database makes of it.
        return len([each for each in sent if not each.startswith("INSERT INTO feed_standings")])

    members = [bramble.add("Ngozi Obi")]
    needs(bramble, *members)
    asked()  # that the token was used is written down every few minutes
    few = asked()
    members += [bramble.add(f"Carer {number}") for number in range(12)]
    needs(bramble, *members, title="Moving")
    assert asked() == few


def test_the_feeds_own_description_is_served_to_anybody(app: Flask) -> None:
    reply = app.test_client().get("/api/v1/feed/openapi.json")
    assert reply.get_json() == document()
    assert document()["openapi"] == "3.1.0"
    assert document()["paths"][PEOPLE]["get"]["security"] == [{"feed": []}]


def test_two_looks_at_once_tell_a_change_once_and_never_go_back(app: Flask, bramble: Place) -> None:
    publish_modules("Fire")
    ngozi = joined(bramble, "Ngozi Obi")
    needs(bramble, ngozi.member, first_due_days=1)
    session, now = db.session(), utc_now()
    first = feed.see(session, bramble.provider, now=now)
    assert first is not None
    assert feed.keep(session, first) == ()
    session.commit()
    late = now + timedelta(days=5)
    one, two = (feed.see(session, bramble.provider, now=late) for _ in range(2))
    assert one is not None
    assert two is not None
    [moved] = feed.keep(session, one)
    assert (moved.was or {})["status"] == "due-soon"
    assert (moved.now or {})["status"] == "overdue"
    session.commit()
    assert feed.keep(session, two) == ()
    assert feed.see(session, bramble.provider, now=late) is None
    assert requirements.trainings(session, bramble.provider.id)[0].uuid == moved.training
