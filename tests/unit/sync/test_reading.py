"""Reading what strangers send, and when they did it."""

import time
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel import new_uuid7
from app.sync.errors import BadBatch
from app.sync.reading import Unfit, parse_json, read_record, when
from app.sync.types import Code, ReadRecord

NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)
DEV = new_uuid7()
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@pytest.mark.parametrize(
    ("at", "off", "meant"),
    [
        ("2026-06-15T10:00:00.000Z", None, "2026-06-15T10:00:00+00:00"),
        ("2026-06-15T10:00:00.000Z", 1500, "2026-06-15T10:00:01.500000+00:00"),
        ("2026-06-15T10:00:00+02:00", 0, "2026-06-15T08:00:00+00:00"),
        ("2026-06-15T10:00:00", 0, "2026-06-15T10:00:00+00:00"),
        ("2028-06-15T10:00:00.000Z", None, "2026-06-15T12:00:00+00:00"),
        ("2028-06-15T10:00:00.000Z", -731 * 86_400_000, "2026-06-15T10:00:00+00:00"),
        ("2026-06-15T10:00:00.000Z", 10**30, "2026-06-15T10:00:00+00:00"),
        ("2026-06-15T10:00:00.000Z", True, "2026-06-15T10:00:00+00:00"),
    ],
)
def test_when_it_was_done_is_the_phones_time_put_right(at: str, off: Any, meant: str) -> None:
    found = when(at, off, received_at=NOW)

    assert found is not None
    assert found.isoformat() == meant


@pytest.mark.parametrize(
    "at",
    [
        *(None, 5, "", "soon", "2026-13-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "x" * 50, "٢٠٢٦"),
        *("0001-01-01T00:00:00Z", "1969-12-31T23:59:59.999Z"),
    ],
)
def test_a_time_that_cannot_be_read_is_none(at: Any) -> None:
    assert when(at, 0, received_at=NOW) is None


@pytest.mark.parametrize("text", ["NaN", "1e999", "-Infinity", "9" * 5000])
def test_numbers_nothing_can_hold_stand_out(text: str) -> None:
    assert isinstance(parse_json(text), Unfit)


@pytest.mark.parametrize("text", ["", "{", "[1,]", "{'a':1}", "[" * 100_000, "[" * 3000 + "]" * 3000 + "x", '"\x00"'])
def test_what_is_not_json_is_said_so(text: str) -> None:
    with pytest.raises(BadBatch):
        parse_json(text)


def test_megabytes_of_quotation_marks_after_deep_nesting_are_read_once() -> None:
    began = time.process_time()

    with pytest.raises(BadBatch):
        parse_json("[" * 5000 + '"' + '\\"' * 500_000)

    assert time.process_time() - began < 2, "read again from each mark it would take an hour"


def test_what_is_too_deep_spoils_only_its_own_place() -> None:
    deep = '{"records":[{"id":1},' + "[" * 100_000 + "]" * 100_000 + ',{"text":"]]}[["}]}'

    found = parse_json(deep)["records"]

    assert (found[0], found[2]) == ({"id": 1}, {"text": "]]}[["})


@given(JSON, st.dictionaries(st.sampled_from(["v", "kind", "seq", "at", "off", "edition", "data", "lang"]), JSON))
def test_no_record_is_a_surprise(value: Any, fields: dict[str, Any]) -> None:
    envelope = {"id": str(new_uuid7()), "dev": str(DEV), **fields}

    assert isinstance(read_record(value, DEV, now=NOW), Code)
    found = read_record(envelope, DEV, now=NOW)

    assert isinstance(found, ReadRecord) or found in (Code.UNREADABLE, Code.TOO_BIG)
    if isinstance(found, ReadRecord):
        assert found.body.isascii()
        assert "\x00" not in found.body


def test_the_size_is_counted_as_the_phone_counts_it() -> None:
    record = {"id": str(new_uuid7()), "dev": str(DEV), "data": {"text": ""}}
    room = 65_536 - len(str(record).replace(" ", "")) - 8
    record["data"] = {"text": "é" * (room // 2)}

    assert isinstance(read_record(record, DEV, now=NOW), ReadRecord)
    record["data"] = {"text": "é" * (room // 2 + 40)}
    assert read_record(record, DEV, now=NOW) is Code.TOO_BIG
