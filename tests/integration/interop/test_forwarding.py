"""Statements go to a learning record store by themselves: each once, whenever it turns up, or with words why not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, update

from app import sync
from app.credentials import Credential
from app.extensions import db
from app.interop import posting, telling, xapi
from app.interop.webhooks import wait_after
from app.interop.xapi import Place as Origin
from app.interop.xapi import StoreView, sending
from app.interop.xapi.models import Forwarded, Store
from app.kernel import begin_write, day_of, utc_now
from tests.support.credentials import issued_something
from tests.support.editions import edition
from tests.support.learning_place import RIGHT, WRONG, Learner, joined
from tests.support.publishing import publish, publish_core
from tests.support.ralph import PASSWORD, USER, Ralph, running
from tests.support.receiver import Got, Receiver
from tests.support.website import KEY, Place

NOW = utc_now()
SENDER = Origin(origin="https://care.example.org")


@pytest.fixture
def sha(bramble: Place) -> str:
    publish_core(db.session())
    return publish(db.session(), edition("falls", title="Falls"))


@pytest.fixture
def ngozi(bramble: Place, sha: str) -> Learner:
    """A carer who failed and then passed: ten statements."""
    learner = joined(bramble, "Ngozi Obi")
    learner.answers(sha, WRONG, at=NOW - timedelta(days=3))
    learner.answers(sha, RIGHT, at=NOW - timedelta(days=2))
    db.session.commit()
    return learner


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver(usual=(200, b"[]")) as made:
        yield made


def store(place: Place, address: str, *, days: int = 30, password: str = PASSWORD) -> UUID:
    uuid = xapi.add_store(
        db.session(),
        place.provider.id,
        name="Our store",
        address=address,
        user=USER,
        password=password,
        from_day=day_of(NOW) - timedelta(days=days),
        anywhere=True,
        key=KEY.encode(),
        now=NOW + timedelta(days=1),
    )
    db.session.commit()
    return uuid


def forward(place: Place, *, at: datetime | None = None, everybody: bool = True) -> int:
    """What the worker does; returns how many statements were taken."""
    session, moment, taken = db.session(), at or utc_now(), 0
    for store_id, _ in xapi.waiting_stores(session, now=moment):
        begin_write(session)
        held = xapi.claim(session, store_id, now=moment)
        if held is not None and everybody:
            xapi.mark_due(session, held, None)
        session.commit()
        if held is not None:
            taken += xapi.forward(
                session,
                held,
                SENDER,
                anywhere=True,
                key=KEY.encode(),
                clock=lambda: moment,
                until=moment + timedelta(minutes=1),
            )
    return taken


def view(place: Place) -> StoreView:
    db.session.rollback()
    return xapi.stores(db.session(), place.provider.id)[0]


def exported(place: Place) -> list[dict[str, Any]]:
    return list(xapi.statements(db.session(), place.provider.id, SENDER))


def ids(statements: list[dict[str, Any]]) -> list[str]:
    return [each["id"] for each in statements]


def given(got: list[Got]) -> list[dict[str, Any]]:
    return [each for one in got for each in one.json]


def without_the_stores_own(statement: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in statement.items() if name not in ("stored", "authority", "timestamp")}


def test_ralph_takes_them_and_a_second_sync_changes_nothing(bramble: Place, ngozi: Learner, tmp_path: Path) -> None:
    with running(tmp_path / "ralph") as ralph:
        store(bramble, ralph.address)
        assert forward(bramble) == 10
        first = ralph.statements
        assert [without_the_stores_own(each) for each in first] == [
            without_the_stores_own(each) for each in exported(bramble)
        ]
        assert forward(bramble) == 0
        assert ralph.statements == first
        _forgets_what_it_has(bramble, ralph, first)
        _is_killed_half_way(bramble, ngozi, ralph)
        _is_given_a_wrong_key(bramble, ngozi, ralph)


def _forgets_what_it_has(place: Place, ralph: Ralph, first: list[dict[str, Any]]) -> None:
    """This server was put back to an earlier day: everything is given once more, and nothing changes there."""
    db.session.execute(delete(Forwarded))
    db.session.commit()
    assert forward(place) == 10
    assert ralph.statements == first


def _is_killed_half_way(place: Place, ngozi: Learner, ralph: Ralph) -> None:
    """What was given and not written down is given again, and stands there once."""
    ngozi.answers(publish(db.session(), edition("falls", 2, title="Falls")), RIGHT, at=NOW - timedelta(days=1))
    db.session.commit()
    new = exported(place)[10:]
    headers = sending.headers(USER, PASSWORD)
    assert posting.post(f"{ralph.address}/statements", sending.body_of(new[:2]), headers, anywhere=True).taken
    assert forward(place) == 5
    assert sorted(ids(ralph.statements)) == sorted(ids(exported(place)))


def _is_given_a_wrong_key(place: Place, ngozi: Learner, ralph: Ralph) -> None:
    xapi.end_store(db.session(), place.provider.id, view(place).uuid, now=NOW)
    store(place, ralph.address, password="wrong")
    assert forward(place) == 0
    assert view(place).trouble == "It does not accept the key and secret (401). Put them right."
    assert telling.stopped(db.session(), place.provider.id) == ("Our store",)


def test_what_comes_late_is_told_although_it_happened_early(
    bramble: Place, ngozi: Learner, sha: str, receiver: Receiver
) -> None:
    store(bramble, receiver.address)
    assert forward(bramble) == 10
    ngozi.answers(sha, RIGHT, at=NOW - timedelta(days=9), received=utc_now())
    db.session.commit()
    assert forward(bramble) == 5
    assert sorted(ids(given(receiver.got))) == sorted(ids(exported(bramble)))


def test_a_store_is_asked_as_the_standard_says(bramble: Place, ngozi: Learner, receiver: Receiver) -> None:
    store(bramble, f"{receiver.address}/xapi/statements/")
    forward(bramble)
    [got] = receiver.got
    assert (got.method, got.path) == ("POST", "/xapi/statements")
    assert got.headers["x-experience-api-version"] == "1.0.3"
    assert got.headers["authorization"].startswith("Basic ")


def test_nothing_from_before_the_chosen_day_is_told(bramble: Place, ngozi: Learner, receiver: Receiver) -> None:
    store(bramble, receiver.address, days=2)
    assert forward(bramble) == 5
    assert {day_of(datetime.fromisoformat(each["timestamp"])) for each in given(receiver.got)} == {
        day_of(NOW - timedelta(days=2))
    }


def test_only_of_whom_something_happened_is_looked_at(
    bramble: Place, ngozi: Learner, sha: str, receiver: Receiver
) -> None:
    tom = joined(bramble, "Tom Hale")
    store(bramble, receiver.address)
    assert forward(bramble) == 10
    for learner in (ngozi, tom):
        learner.answers(sha, RIGHT, at=NOW - timedelta(hours=5))
    db.session.commit()
    session, now = db.session(), utc_now()
    [(store_id, _)] = xapi.waiting_stores(session, now=now)
    begin_write(session)
    held = xapi.claim(session, store_id, now=now)
    assert held is not None
    xapi.mark_due(session, held, [tom.member.person_id])
    session.commit()
    options: dict[str, Any] = {"anywhere": True, "key": KEY.encode(), "clock": lambda: now}
    assert xapi.forward(session, held, SENDER, until=now + timedelta(minutes=1), **options) == 5
    # A day later everybody is looked at, also without any news.
    assert forward(bramble, at=now + timedelta(days=1, minutes=1), everybody=False) == 5


def test_a_store_that_is_down_is_tried_again_and_later_left_alone(
    bramble: Place, ngozi: Learner, receiver: Receiver
) -> None:
    uuid = store(bramble, receiver.address)
    receiver.usual = 503
    now = utc_now()
    tries = 0
    while (wait := wait_after(tries + 1)) is not None:
        assert forward(bramble, at=now) == 0
        assert forward(bramble, at=now) == 0
        tries += 1
        assert len(receiver.got) == tries
        now += wait
    assert forward(bramble, at=now) == 0
    assert view(bramble).stopped_at is not None
    assert forward(bramble, at=now + timedelta(days=9)) == 0
    receiver.usual = 204
    assert xapi.go_on(db.session(), bramble.provider.id, uuid)
    db.session.commit()
    assert forward(bramble, at=now) == 10
    assert view(bramble).trouble == ""


def test_the_statement_that_a_store_refuses_is_named_and_what_it_took_is_kept(
    bramble: Place, ngozi: Learner, receiver: Receiver
) -> None:
    uuid = store(bramble, receiver.address)
    bad = ids(exported(bramble))[3]
    receiver.on = lambda got: (400, b"No such verb") if bad in ids(got.json) else None
    assert forward(bramble) == 3
    assert view(bramble).trouble == f"It refused the statement {bad} (400). It said: No such verb"
    assert view(bramble).stopped_at is not None
    receiver.on = None
    assert xapi.go_on(db.session(), bramble.provider.id, uuid)
    db.session.commit()
    assert forward(bramble) == 7


def test_a_store_that_has_some_of_them_says_so_and_is_given_the_rest(
    bramble: Place, ngozi: Learner, receiver: Receiver
) -> None:
    store(bramble, receiver.address)
    has = set(ids(exported(bramble))[:4])
    receiver.on = lambda got: 409 if has & set(ids(got.json)) else None
    assert forward(bramble) == 10
    assert view(bramble).trouble == ""
    assert len(receiver.got[-1].json) == 1


def test_a_batch_that_is_too_large_is_halved(bramble: Place, ngozi: Learner, receiver: Receiver) -> None:
    store(bramble, receiver.address)
    receiver.on = lambda got: 413 if len(got.json) > 3 else None
    assert forward(bramble) == 10
    assert sorted(ids([each for got in receiver.got if len(got.json) <= 3 for each in got.json])) == sorted(
        ids(exported(bramble))
    )


def test_what_was_put_right_later_is_told_as_another_statement(
    bramble: Place, ngozi: Learner, receiver: Receiver
) -> None:
    store(bramble, receiver.address)
    forward(bramble)
    sync.correct(db.session(), "falls", 1, "first-thing", ["a"], reason="The key was wrong", now=utc_now())
    db.session.commit()
    told = set(ids(given(receiver.got)))
    new = set(ids(exported(bramble))) - told
    assert new
    assert forward(bramble) == len(new)


def test_an_issued_credential_is_told_as_earned(bramble: Place, ngozi: Learner, receiver: Receiver) -> None:
    issued_something(db.session(), bramble.provider, ngozi.member)
    db.session.execute(update(Credential).values(revoked_at=None))
    db.session.commit()
    store(bramble, receiver.address, days=2000)
    forward(bramble)
    earned = [each for each in given(receiver.got) if each["verb"]["id"] == "http://id.tincanapi.com/verb/earned"]
    assert earned
    assert {each["actor"]["account"]["name"] for each in earned} == {str(ngozi.member.person_uuid)}
    assert all(each["object"]["id"].startswith("https://care.example.org/achievements/") for each in earned)
    db.session.execute(update(Credential).values(revoked_at=NOW))
    assert "earned" not in {each["verb"]["display"]["en"] for each in exported(bramble)}


def test_key_and_secret_lie_in_the_database_only_sealed(bramble: Place, receiver: Receiver) -> None:
    store(bramble, receiver.address)
    [row] = db.session.execute(Store.__table__.select())
    assert PASSWORD not in str(row)
    assert USER not in str(row)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", " "),
        ("address", "ftp://x"),
        ("address", "https://user:secret@lrs.example/"),
        ("user", ""),
        ("user", "a:b"),
        ("password", " "),
        ("from_day", day_of(NOW) + timedelta(days=3)),
    ],
)
def test_what_makes_no_sense_is_refused_beside_its_field(bramble: Place, field: str, value: Any) -> None:
    fields: dict[str, Any] = {
        "name": "Store",
        "address": "https://lrs.example/xapi",
        "user": "key",
        "password": "secret",
        "from_day": day_of(NOW),
    }
    with pytest.raises((xapi.StoreError, posting.BadAddress)) as refused:
        xapi.add_store(
            db.session(),
            bramble.provider.id,
            **{**fields, field: value},
            anywhere=False,
            key=KEY.encode(),
            now=NOW,
        )
    assert refused.value.field == field


def test_a_body_is_one_array_of_json(bramble: Place, ngozi: Learner) -> None:
    made = exported(bramble)
    assert json.loads(sending.body_of(made)) == made
    assert [len(each) for each in sending.batches(made * 25)] == [100, 100, 50]
