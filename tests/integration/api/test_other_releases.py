"""Phones older and newer than this server: they are understood as far as can be, and nothing of theirs is lost."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import sync
from app.kernel import new_uuid7
from app.learning import AttemptResult
from app.sync import HeldRecord, Record
from tests.support.api import Caller
from tests.support.editions import edition
from tests.support.publishing import publish


@pytest.fixture
def sha(inside: Session) -> str:
    found = publish(inside, edition())
    inside.commit()
    return found


def receipts(caller: Caller, *records: Any, **changes: Any) -> list[tuple[str, str | None]]:
    reply = caller.send(*records, **changes)
    assert reply.status_code == 200
    return [(each["r"], each.get("code")) for each in reply.json["receipts"]]  # type: ignore[index]


def test_a_newer_phones_fields_are_ignored_wherever_they_stand_and_kept_in_the_log(
    caller: Caller, inside: Session, sha: str
) -> None:
    record = caller.phone.answered(sha, {"first-thing": ["b"]})
    record["data"]["mood"] = "good"
    record["battery"] = {"level": 0.4}

    said = receipts(caller, record, held={"n": 0, "x": "0" * 16, "y": "new"}, network="4g", priority=[1, 2])

    assert said == [("stored", None)]
    inside.rollback()
    assert inside.scalars(select(AttemptResult.passed)).one() is True
    assert json.loads(inside.scalars(select(Record.body)).one()) == record


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"kind": "sketch.drawn", "data": {"strokes": [[1, 2]]}}, "unknown-kind"),
        ({"v": 2}, "newer-schema"),
        ({"v": 2, "kind": "sketch.drawn", "data": "packed"}, "newer-schema"),
        ({"data": {"items": "packed"}}, "wrong-data"),
    ],
)
def test_what_only_a_newer_server_can_judge_is_held_whole_and_receipted(
    caller: Caller, inside: Session, sha: str, changes: dict[str, Any], code: str
) -> None:
    newer = {**caller.phone.record(), **changes}

    assert receipts(caller, newer, caller.phone.read_lesson(sha)) == [("held", code), ("stored", None)]
    assert receipts(caller, newer) == [("duplicate", None)]
    inside.rollback()
    assert inside.scalars(select(HeldRecord.code)).all() == [code]
    assert newer in [json.loads(body) for body in inside.scalars(select(Record.body))]


@pytest.mark.parametrize("unsaid", ["mono", "off", "app", "lang", "seq"])
def test_an_older_phone_that_does_not_say_everything_is_judged_all_the_same(
    caller: Caller, inside: Session, sha: str, unsaid: str
) -> None:
    record = caller.phone.answered(sha, {"first-thing": ["b"]})
    del record[unsaid]

    assert receipts(caller, record) == [("stored", None)]
    inside.rollback()
    assert inside.scalars(select(AttemptResult.passed)).one() is True


@pytest.mark.parametrize("unsaid", ["v", "kind", "at", "edition", "data"])
def test_a_record_that_does_not_say_enough_to_be_judged_is_held_not_lost(
    caller: Caller, inside: Session, sha: str, unsaid: str
) -> None:
    record = caller.phone.answered(sha, {"first-thing": ["b"]})
    del record[unsaid]

    [(word, code)] = receipts(caller, record)

    assert (word, code is not None) == ("held", True)
    inside.rollback()
    assert json.loads(inside.scalars(select(Record.body)).one()) == record


@pytest.mark.parametrize("proto", [2, 0, None, "1", 1.5])
def test_another_protocol_is_turned_away_in_words_and_nothing_is_stored(
    caller: Caller, inside: Session, proto: object
) -> None:
    reply = caller.send(caller.phone.record(), proto=proto)

    assert reply.status_code == 400
    error = reply.json["error"]  # type: ignore[index]
    assert (error["code"], error["field"]) == ("another-protocol", "proto")
    assert error["message"] == "This server speaks protocol 1 only. Keep the records, and send them when it is newer."
    inside.rollback()
    assert inside.scalars(select(Record.id)).all() == []


def test_another_protocol_is_turned_away_before_the_rest_of_the_batch_is_looked_at(caller: Caller) -> None:
    """A newer protocol may have another shape altogether: what is wrong then is the protocol, not a field of ours."""
    reply = caller.post("/records", {"proto": 2, "letters": []}, caller.phone.append)

    assert (reply.status_code, reply.json["error"]["code"]) == (400, "another-protocol")  # type: ignore[index]


def test_an_older_server_says_so_to_who_asks_for_what_it_does_not_have(caller: Caller, app: Flask) -> None:
    reply = app.test_client().get("/api/v1/drawings", headers={"Authorization": f"Bearer {caller.phone.read}"})

    assert reply.status_code == 404
    assert reply.json is not None
    assert (reply.json["proto"], reply.json["server"]) == (1, caller.server)
    assert reply.json["error"]["message"]


def test_an_unknown_phone_id_is_taken_in_with_what_it_sends(caller: Caller, inside: Session) -> None:
    """A phone restored from a copy that is newer than this server's."""
    caller.phone.dev = new_uuid7()

    assert receipts(caller, caller.phone.record()) == [("stored", None)]
    inside.rollback()
    assert str(sync.server_id(inside)) == caller.server


def test_a_phone_put_back_to_a_release_without_places_keeps_what_it_has(
    caller: Caller, inside: Session, sha: str
) -> None:
    """It sends the name of its row; refused as no batch at all, the records wait there for the next release."""
    record = caller.phone.answered(sha, {"first-thing": ["b"]})
    row = f"{caller.phone.person_uuid}~{new_uuid7()}"

    reply = caller.send(record, person=row)

    assert (reply.status_code, reply.json["error"]["field"]) == (400, "person")  # type: ignore[index]
    assert receipts(caller, record) == [("stored", None)]
