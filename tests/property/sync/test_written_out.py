"""What is written and read by a shorter way is what the plain way writes and reads."""

import json
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from app.learning.acts import LONGEST_SECONDS, Seconds, parse
from app.sync.reading import _CANONICAL, _read_together, _written_out, read_record, read_records
from app.sync.types import Code, ReadRecord

NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)
DEV = "018f0000-0000-7000-8000-000000000001"
QUIZ: dict[str, Any] = {
    "answers": {"first-thing": ["b", "a"], "after": [["c", "a"], {"b": "x", "a": "y"}], "ünïcode": ["\u0000"]},
    "attempt": "0c7d7f9c-4d0f-4b6c-8d8b-0c7d7f9c4d0f",
    "edition_no": 3,
    "module": "safe-hands",
    "seconds": 180,
    "seed": 7,
    "started": "2026-06-15T11:00:00.000Z",
}
RECORD: dict[str, Any] = {
    "id": "018f0000-0000-7000-8000-0000000000aa",
    "v": 1,
    "kind": "quiz.answered",
    "dev": DEV,
    "seq": 12,
    "at": "2026-06-15T11:05:00.000Z",
    "mono": 5000,
    "off": 0,
    "edition": "a" * 64,
    "app": "1.4.0",
    "lang": "en",
    "data": QUIZ,
}
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.floats() | st.text(st.characters(), max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
# What is nearly such a text, or nearly such a number.
NEARLY = st.sampled_from(
    ["", '"', "\\", "\x7f", "\x1f", "é", "\u2028", "\ud800", True, None, 1.0, -0.0, 2**70, -1, 10**17]
)


def plainly(value: Any) -> str:
    """The canonical text, as `docs/offline.md` has it."""
    return json.dumps(value, ensure_ascii=True, sort_keys=True, separators=(",", ":"), allow_nan=False)


@st.composite
def changed(draw: st.DrawFn) -> dict[str, Any]:
    """A finished quiz with a field or two that are none, in any order of its fields."""
    record, quiz = dict(RECORD), dict(QUIZ)
    for _ in range(draw(st.integers(0, 2))):
        inside = draw(st.sampled_from([record, quiz]))
        name = draw(st.sampled_from(sorted(inside)) | st.text(max_size=4))
        if draw(st.integers(0, 4)) == 0:
            inside.pop(name, None)
        else:
            inside[name] = draw(NEARLY | ANYTHING)
    record.setdefault("data", None)
    if record["data"] is QUIZ:
        record["data"] = dict(draw(st.permutations(list(quiz.items()))))
    return dict(draw(st.permutations(list(record.items()))))


@given(changed())
def test_the_short_way_writes_what_the_plain_way_writes_or_nothing(record: dict[str, Any]) -> None:
    try:
        written = _written_out(record)
    except ValueError:  # an answer that is no number, which the plain way refuses too
        written = None
    assert written is None or written == plainly(record)


def test_what_our_phones_send_is_written_the_short_way() -> None:
    assert _written_out(RECORD) == plainly(RECORD)
    assert _written_out({**RECORD, "off": None}) == plainly({**RECORD, "off": None})


@given(changed())
def test_a_record_is_stored_as_the_plain_way_writes_it_or_refused(record: dict[str, Any]) -> None:
    found = read_record(record, UUID(DEV), now=NOW)
    if isinstance(found, ReadRecord):
        assert found.body == plainly(record)
        assert found.plain == ("\\u" not in found.body)
    else:
        assert isinstance(found, Code)


@given(st.lists(changed() | st.just(RECORD) | ANYTHING, max_size=6))
def test_records_of_a_batch_are_read_as_each_is_read_alone(records: list[Any]) -> None:
    assert read_records(records, UUID(DEV), now=NOW) == tuple(read_record(each, UUID(DEV), now=NOW) for each in records)


@given(st.lists(st.builds(lambda answers: {**RECORD, "data": {**QUIZ, "answers": answers}}, ANYTHING), min_size=4))
def test_answers_of_any_shape_are_written_together_as_each_is_alone(records: list[Any]) -> None:
    assert read_records(records, UUID(DEV), now=NOW) == tuple(read_record(each, UUID(DEV), now=NOW) for each in records)


def test_what_our_phones_send_is_read_together() -> None:
    plain = {**QUIZ, "answers": {"first-thing": ["b", "a"], "after": [["c", "a"], {"b": "x", "a": "y"}]}}
    records = [{**RECORD, "data": plain, "seq": each, "off": off} for each, off in enumerate([0, None, -90, 5])]

    assert _read_together(records, DEV, NOW) == tuple(read_record(each, UUID(DEV), now=NOW) for each in records)
    for off in (0, None, -90, 5, 3_600_000, -(10**18), 10**18):
        of_one = [{**each, "off": off} for each in records]
        assert _read_together(of_one, DEV, NOW) == tuple(read_record(each, UUID(DEV), now=NOW) for each in of_one)
    # The mark that stands between two is told from one that is an answer.
    assert _read_together([*records, {**RECORD, "data": {**QUIZ, "answers": ["\0", "\0"]}}], DEV, NOW) is None


@pytest.mark.parametrize(
    "odd",
    [
        {"id": "018F0000-0000-7000-8000-0000000000aa"},
        {"dev": "018f0000-0000-7000-8000-000000000002"},
        {"edition": "A" * 64},
        {"v": 2**31},
        {"seq": 2**53},
        {"at": "then"},
        {"lang": "e\nn"},
        {"more": 1},
        {"data": {**QUIZ, "answers": "x" * 65_536}},
        {"data": {**QUIZ, "answers": {"a": [[[]] * 70]}}},
        {"data": {**QUIZ, "answers": json.loads("[" * 63 + "]" * 63)}},
    ],
)
def test_an_odd_one_among_many_is_told_as_it_is_alone(odd: dict[str, Any]) -> None:
    ids = [f"018f0000-0000-7000-8000-00000000000{each}" for each in range(5)]
    plain = {**RECORD, "data": {**QUIZ, "answers": {}}}
    records = [*({**plain, "id": each} for each in ids), {**plain, **odd}]

    read = read_records(records, UUID(DEV), now=NOW)

    assert read == tuple(read_record(each, UUID(DEV), now=NOW) for each in records)
    assert all(isinstance(each, ReadRecord) for each in read[:-1])


@given(ANYTHING)
def test_an_encoder_made_once_writes_what_one_made_anew_writes(value: Any) -> None:
    try:
        expected = plainly(value)
    except ValueError:
        expected = "refused"
    try:
        assert _CANONICAL(value) == expected
    except ValueError:
        assert expected == "refused"


class Modelled(BaseModel):
    """A finished quiz's data as a model reads it."""

    model_config = ConfigDict(strict=True, extra="ignore", frozen=True)

    attempt: Annotated[str, Field(pattern=r"^[0-9A-Za-z-]{1,36}$")]
    seconds: Seconds
    answers: dict[str, Any]


ATTEMPTS = st.sampled_from(["a", "a-9", "a" * 36, "a" * 37, "", "a\n", "é", "a b"]) | ANYTHING
SECONDS = st.integers(-5, LONGEST_SECONDS + 5) | st.floats() | ANYTHING
DATA = st.fixed_dictionaries(
    {}, optional={"attempt": ATTEMPTS, "seconds": SECONDS, "answers": ANYTHING, "more": ANYTHING}
)


@given(DATA | ANYTHING.filter(lambda value: not _has_half(value)))
def test_a_quiz_is_understood_as_a_model_understands_it(data: Any) -> None:
    try:
        model = Modelled.model_validate(data)
    except ValidationError:
        model = None
    found: Any = parse("quiz.answered", data)

    if model is None:
        assert found is None or _has_half(data)
    else:
        assert (found.attempt, found.seconds, found.answers) == (model.attempt, model.seconds, model.answers)


def _has_half(value: Any) -> bool:
    """Say whether a text has half of a pair, which `storable` takes out before anybody reads the data."""
    return "\\ud" in json.dumps(value)
