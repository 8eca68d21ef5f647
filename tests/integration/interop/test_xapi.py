"""A provider's record as statements: all of it and nothing of others', twice the same, and never much in memory."""

from __future__ import annotations

import json
import tracemalloc
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import insert

from app import providers
from app.extensions import db
from app.interop import xapi
from app.interop.xapi import Place as Origin
from app.kernel import day_of, new_uuid7, utc_now
from app.learning import AttemptResult
from app.providers import Role
from tests.support.editions import edition
from tests.support.learning_place import RIGHT, WRONG, Learner, joined
from tests.support.practice import appoint, confirms, saw
from tests.support.publishing import publish, publish_core
from tests.support.statements import statements
from tests.support.website import Browser, Place, set_up

PAGE, FILE = "/staff/exports", "/staff/exports/statements.json"
NOW = utc_now()
SENDER = Origin(origin="https://care.example.org")


@pytest.fixture
def sha(bramble: Place) -> str:
    publish_core(db.session())
    return publish(db.session(), edition("falls", title="Falls"))


@pytest.fixture
def ngozi(bramble: Place, sha: str) -> Learner:
    """A carer who read a lesson, failed and then passed."""
    learner = joined(bramble, "Ngozi Obi")
    began = (NOW - timedelta(days=3)).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    read = learner.phone.record("lesson.read", {"lesson": "look", "seconds": 40}, edition=sha, at=began)
    learner.phone.send(db.session(), read, now=NOW)
    learner.answers(sha, WRONG, at=NOW - timedelta(days=2))
    learner.answers(sha, RIGHT, at=NOW - timedelta(days=1))
    db.session.commit()
    return learner


def saved(browser: Browser, person: str = "") -> list[dict[str, Any]]:
    browser.get(PAGE)
    page = browser.post(FILE, person=person)
    assert (page.status, page.reply.mimetype) == (200, "application/json")
    found: list[dict[str, Any]] = json.loads(page.reply.get_data(as_text=True))
    return found


def verbs(made: list[dict[str, Any]]) -> list[str]:
    return [each["verb"]["display"]["en"] for each in made]


GO = ["initialized", "answered", "completed"]


def test_what_somebody_did_stands_there_in_the_order_it_happened(priya: Browser, ngozi: Learner) -> None:
    made = saved(priya)
    assert verbs(made) == [
        "initialized", "terminated", *GO, "failed", "terminated", *GO, "passed", "terminated",
    ]  # fmt: skip
    assert {each["actor"]["account"]["name"] for each in made} == {str(ngozi.member.person_uuid)}
    assert made[0]["object"]["id"] == "http://localhost/learn/falls/1#look"
    times = [each["timestamp"] for each in made if each["verb"]["display"]["en"] == "terminated"]
    assert times == sorted(times)
    assert "saved a file for other systems: xapi" in priya.get("/staff/audit").text


def test_saving_twice_gives_the_same_statements(priya: Browser, ngozi: Learner) -> None:
    first = saved(priya)
    assert saved(priya) == first
    assert len({each["id"] for each in first}) == len(first)
    assert {each["id"] for each in ngozi.phone.made} <= {each["id"] for each in first}


def test_what_comes_later_changes_nothing_that_was_told(priya: Browser, ngozi: Learner, sha: str) -> None:
    before = {each["id"]: each for each in saved(priya)}
    ngozi.answers(sha, RIGHT, at=NOW - timedelta(hours=60))
    db.session.commit()
    after = {each["id"]: each for each in saved(priya)}
    assert before.items() <= after.items()
    assert len(after) == len(before) + 5


def test_one_persons_record_holds_nothing_of_others(bramble: Place, priya: Browser, ngozi: Learner, sha: str) -> None:
    tom = joined(bramble, "Tom Hale")
    tom.answers(sha, RIGHT, at=NOW - timedelta(days=1))
    db.session.commit()
    made = saved(priya, str(tom.member.person_uuid))
    assert {each["actor"]["account"]["name"] for each in made} == {str(tom.member.person_uuid)}
    assert len(made) == 5
    assert "saved the record of Tom Hale for other systems" in priya.get("/staff/audit").text


def test_practice_that_counts_is_told_with_its_assessor(bramble: Place, priya: Browser, ngozi: Learner) -> None:
    ada = joined(bramble, "Ada Lin")
    here = bramble.provider.id
    providers.change_roles(db.session(), here, ada.member.person_id, (Role.LEARNER, Role.ASSESSOR))
    appoint(db.session(), bramble.provider, ada.member)
    day, sent = day_of(NOW).isoformat(), {"at": NOW.strftime("%Y-%m-%dT%H:%M:%S.000Z")}
    made = saw(ada.phone, ngozi.member.person_uuid, {"13.2a": "yes"}, standard=13, seen_on=day, sent=sent)
    ada.phone.send(db.session(), made, now=NOW)
    ngozi.phone.send(db.session(), confirms(ngozi.phone, made["id"], sent=sent), now=NOW)
    db.session.commit()
    [told] = [each for each in saved(priya) if each["verb"]["id"] == "http://id.tincanapi.com/verb/evaluated"]
    assert told["actor"]["account"]["name"] == str(ngozi.member.person_uuid)
    assert told["context"]["instructor"]["account"]["name"] == str(ada.member.person_uuid)
    assert told["result"] == {"success": True}


def test_another_providers_people_are_not_there(priya: Browser, ngozi: Learner, sha: str) -> None:
    other = set_up("Elder Care", "Sam Oak", "sam")
    carer = joined(other, "Zed Young")
    carer.answers(sha, RIGHT, at=NOW - timedelta(days=1))
    db.session.commit()
    assert {each["actor"]["account"]["name"] for each in saved(priya)} == {str(ngozi.member.person_uuid)}
    priya.get(PAGE)
    assert priya.post(FILE, person=str(carer.member.person_uuid)).status == 404
    priya.get(PAGE)
    assert priya.post(FILE, person="somebody").status == 404


def test_with_no_record_the_file_is_an_empty_array(priya: Browser) -> None:
    assert saved(priya) == []


def many(place: Place, learner: Learner, sha: str, count: int) -> None:
    """Put `count` goes of a person into the results."""
    rows = [
        {
            "record": new_uuid7(),
            "person_id": learner.member.person_id,
            "provider_id": place.provider.id,
            "module": "falls",
            "edition": 1,
            "sha": sha,
            "at": NOW - timedelta(minutes=each),
            "received_at": NOW,
            "attempt": str(uuid4()),
            "seconds": 60,
            "score": 100,
            "passed": True,
            "questions": [{"id": "first-thing", "first": 100, "last": 100, "tries": 1}],
            "notes": {"unknown": [], "pending": []},
        }
        for each in range(count)
    ]
    db.session.execute(insert(AttemptResult), rows)
    db.session.commit()


def test_many_statements_are_never_all_in_memory(bramble: Place, sha: str) -> None:
    carer = joined(bramble, "Ngozi Obi")
    many(bramble, carer, sha, 1000)
    tracemalloc.start()
    try:
        pieces = xapi.as_array(xapi.statements(db.session(), bramble.provider.id, SENDER))
        size, count = 0, 0
        for piece in pieces:
            size, count = size + len(piece), count + 1
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert count == 1000 * 5 + 1
    assert size > 3_000_000
    assert most < size / 2


def test_the_database_is_asked_as_often_for_many_people_as_for_few(bramble: Place, sha: str) -> None:
    def asked() -> int:
        with statements(db.engine) as sent:
            list(xapi.statements(db.session(), bramble.provider.id, SENDER))
        return len(sent)

    counts = []
    for size in (2, 5):
        for number in range(size):
            carer = joined(bramble, f"Carer {size} {number}")
            carer.answers(sha, RIGHT, at=NOW - timedelta(days=1))
        db.session.commit()
        counts.append(asked())
    assert counts[0] == counts[1]
