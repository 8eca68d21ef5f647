"""What is written and read by a shorter way is what the plain way writes and reads."""

import json
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from app.learning.acts import LONGEST_SECONDS, Seconds, parse
from app.sync.reading import _CANONICAL, _written_out, read_record
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
