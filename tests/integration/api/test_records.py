"""Sending records over HTTP: receipts only after the commit, and a whole batch turned away for the right reason."""

import gzip
import json
from dataclasses import replace
from datetime import datetime, timedelta
from unittest.mock import patch

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app import identity, sync
from app.identity.models import Device
from app.kernel import begin_write, new_uuid7, utc_now
from app.sync import Batch, Record
from tests.support.api import Caller
from tests.support.world import add_person, add_phone, add_provider


def stored(session: Session) -> int:
    session.rollback()
    return session.scalars(select(func.count()).select_from(Record)).one()


def test_a_record_gets_a_receipt_in_a_reply_that_names_server_and_batch(caller: Caller, inside: Session) -> None:
    record = caller.phone.record()

    reply = caller.send(record)

    assert reply.status_code == 200
    assert reply.json is not None
    assert (reply.json["server"], reply.json["batch"]) == (caller.server, "batch-1")
    assert reply.json["receipts"] == [{"id": record["id"], "r": "stored"}]
    assert "have" not in reply.json
    assert stored(inside) == 1


def test_an_empty_batch_compares_figures_alone(caller: Caller) -> None:
    assert caller.send(held={"n": 1, "x": "f" * 16}).json["have"] == []  # type: ignore[index]


def test_a_gzipped_batch_is_the_same_batch(caller: Caller, inside: Session) -> None:
    body = gzip.compress(json.dumps(caller.batch(*(caller.phone.record() for _ in range(200)))).encode())

    reply = caller.post("/records", body, caller.phone.append, Content_Encoding="gzip")

    assert (reply.status_code, stored(inside)) == (200, 200)


def test_a_thousand_records_are_taken_at_once(caller: Caller, inside: Session) -> None:
    assert caller.send(*(caller.phone.record() for _ in range(1000))).status_code == 200
    assert stored(inside) == 1000


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (b"{", {}, 400),
        (b"[]", {}, 400),
        (b"null", {}, 400),
        (b"\xff", {}, 400),
        (b"{}", {}, 400),
        (b'{"proto":1}', {"Content_Type": "text/plain"}, 415),
        (b"{}", {"Content_Encoding": "br"}, 415),
        (b"not gzip", {"Content_Encoding": "gzip"}, 400),
        (gzip.compress(b"{}")[:-9], {"Content_Encoding": "gzip"}, 400),
        (gzip.compress(b" " * (9 * 1024 * 1024)), {"Content_Encoding": "gzip"}, 413),
        (b" " * (9 * 1024 * 1024), {}, 413),
    ],
)
def test_what_is_no_batch_is_turned_away_whole(
    caller: Caller, body: bytes, headers: dict[str, str], status: int
) -> None:
    assert caller.post("/records", body, caller.phone.append, **headers).status_code == status


@pytest.mark.parametrize(
    "changes",
    [
        {"proto": 2},
        {"batch": "two words"},
        {"batch": "\ud800"},
        {"dev": "me"},
        {"held": {"n": -1, "x": "0" * 16}},
        {"held": None},
        {"held": {"n": 0, "x": "0" * 15}},
        {"records": {}},
    ],
)
def test_a_batch_of_the_wrong_shape_names_the_field(caller: Caller, changes: dict[str, object]) -> None:
    reply = caller.send(**changes)

    assert reply.status_code == 400
    assert reply.json["error"]["field"].startswith(next(iter(changes)))  # type: ignore[index]


def test_1001_records_are_too_many(caller: Caller) -> None:
    assert caller.send(*[caller.phone.record()] * 1001).status_code == 413


def test_poison_of_every_sort_neither_stops_the_others_nor_the_server(caller: Caller, inside: Session) -> None:
    good = json.dumps(caller.phone.record())
    deep = json.dumps({**caller.phone.record(), "data": 0})[:-2] + "[" * 50_000 + "]" * 50_000 + "}"
    poison = [
        "null", "1e999", "NaN", "-Infinity", "9" * 5000, '"\\ud800"', '{"id":1}', '{"id":"\\u0000"}', "[[]]", deep,
        json.dumps({**caller.phone.record(), "seq": 1}).replace('"seq": 1', '"seq": ' + "9" * 5000),
        json.dumps({**caller.phone.record(), "at": "\x00"}),
        json.dumps({**caller.phone.record(), "kind": {"a": ["b"]}}),
    ]  # fmt: skip
    body = json.dumps(caller.batch()).replace('"records": []', f'"records": [{",".join([good, *poison, good])}]')

    reply = caller.post("/records", body.encode(), caller.phone.append)

    assert reply.status_code == 200
    receipts = [receipt["r"] for receipt in reply.json["receipts"]]  # type: ignore[index]
    assert (receipts[0], receipts[-1], len(receipts)) == ("stored", "duplicate", len(poison) + 2)
    assert set(receipts[1:-1]) == {"refused", "held"}
    assert stored(inside) == 3


@pytest.mark.parametrize("token", [None, "", "nonsense", "é".encode("latin-1").decode("latin-1")])
def test_without_a_good_token_nothing_is_taken(caller: Caller, token: str | None) -> None:
    reply = caller.post("/records", caller.batch(caller.phone.record()), token)

    assert (reply.status_code, reply.json["error"]["code"]) == (401, "sign-in-ended")  # type: ignore[index]


def test_a_read_token_adds_nothing_and_an_append_token_reads_nothing(caller: Caller) -> None:
    assert caller.post("/records", caller.batch(), caller.phone.read).status_code == 401
    assert caller.get("/state", caller.phone.append).status_code == 401
    assert caller.get("/catalogue", caller.phone.append).status_code == 401


def test_a_cookie_is_not_looked_at(caller: Caller) -> None:
    reply = caller.post("/records", caller.batch(), Cookie="bv=anything")

    assert reply.status_code == 401
    assert "Set-Cookie" not in reply.headers


def test_records_of_another_person_pause_the_phone(caller: Caller, inside: Session) -> None:
    reply = caller.send(caller.phone.record(), person=str(new_uuid7()))

    assert (reply.status_code, reply.json["error"]["code"]) == (409, "another-person")  # type: ignore[index]
    assert stored(inside) == 0


def test_the_phone_of_another_person_is_not_ours(caller: Caller, inside: Session) -> None:
    theirs = add_phone(inside, add_person(inside, add_provider(inside, "Thistle Care"), "Tom"))

    assert caller.send(caller.phone.record(), dev=str(theirs.dev)).status_code == 409
    assert stored(inside) == 0


def test_records_for_another_server_are_left_where_they_are(caller: Caller) -> None:
    reply = caller.send(caller.phone.record(), server=str(new_uuid7()))

    assert (reply.status_code, reply.json["error"]["code"]) == (409, "another-server")  # type: ignore[index]


def test_who_was_archived_can_still_send_what_they_did(caller: Caller, inside: Session) -> None:
    identity.archive_person(inside, caller.phone.person_id, now=utc_now())
    inside.commit()

    assert caller.send(caller.phone.record()).status_code == 200
    assert caller.get("/state", caller.phone.read).status_code == 401


def test_a_revoked_phone_keeps_everything(caller: Caller, inside: Session) -> None:
    identity.end_phone(inside, caller.phone.person_id, caller.phone.dev, now=utc_now())
    inside.commit()

    assert caller.send(caller.phone.record()).status_code == 401


def test_an_append_token_lives_half_a_year_after_its_last_use(caller: Caller, inside: Session) -> None:
    kind, day = identity.TokenKind.APPEND, timedelta(days=1)
    start = utc_now()
    for later in (170, 340, 500):
        identity.bearer(inside, caller.phone.append, kind, now=start + later * day)
    with pytest.raises(identity.TokenRefused):
        identity.bearer(inside, caller.phone.append, kind, now=start + 700 * day)


def test_a_locked_database_asks_to_come_again_and_nothing_is_half_stored(caller: Caller, inside: Session) -> None:
    locked = OperationalError("COMMIT", {}, Exception("database is locked"))
    with patch("app.extensions.db.session.commit", side_effect=locked):
        reply = caller.send(caller.phone.record())

    assert reply.status_code == 503
    assert stored(inside) == 0


def test_a_crash_is_a_500_in_the_one_shape(caller: Caller) -> None:
    caller.app.testing = False
    with patch.object(sync, "accept", side_effect=RuntimeError):
        assert caller.send(caller.phone.record()).status_code == 500


def test_a_phone_that_is_ended_while_its_batch_waits_to_be_written_adds_nothing(
    caller: Caller, inside: Session
) -> None:
    """Its person may be erased in that moment: nothing of theirs may come back."""

    def ended_meanwhile(batch: Batch, *, now: datetime) -> Batch:
        with Session(inside.get_bind()) as other:
            begin_write(other)
            identity.end_phones(other, caller.phone.person_id, now=now)
            other.commit()
        return sync.service.read_batch(batch, now=now)

    with patch("app.web.api.records.sync.read_batch", ended_meanwhile):
        assert caller.send(caller.phone.record()).status_code == 401
    assert stored(inside) == 0


def test_a_phone_that_is_somebody_elses_by_the_time_its_batch_is_written_adds_nothing(
    caller: Caller, inside: Session
) -> None:
    def another_persons_meanwhile(batch: Batch, *, now: datetime) -> Batch:
        with Session(inside.get_bind()) as other:
            begin_write(other)
            another = add_person(other, add_provider(other, "Thistle Care"))
            other.execute(update(Device).values(person_id=another.person_id))
            other.commit()
        return sync.service.read_batch(batch, now=now)

    with patch("app.web.api.records.sync.read_batch", another_persons_meanwhile):
        reply = caller.send(caller.phone.record())
    assert (reply.status_code, reply.get_json()["error"]["code"]) == (409, "another-person")
    assert stored(inside) == 0


def test_before_a_batch_is_written_its_token_is_looked_at_again(caller: Caller, inside: Session) -> None:
    token, now = caller.phone.append, utc_now()
    who = identity.bearer(inside, token, identity.TokenKind.APPEND, now=now)

    assert identity.still_bearer(inside, token, who, now=now)
    for sent, whose, later in (
        ("another", who, timedelta(0)),
        (token, replace(who, person_id=who.person_id + 1), timedelta(0)),
        (token, who, timedelta(days=200)),
    ):
        assert not identity.still_bearer(inside, sent, whose, now=now + later)
