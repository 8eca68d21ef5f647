"""A go at a quiz marked and written by the short way is what acts, marking and projection make of it."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import to_json

from app.learning import GO, Act, quiz_of, read_go, understand
from app.learning.acts import LONGEST_SECONDS
from app.learning.goes import COLUMNS, MONTHS
from app.learning.models import AttemptResult, Completed
from app.learning.projection import project
from app.learning.types import CorrectedQuiz, StudiedEdition

AT = datetime(2026, 6, 15, 12, tzinfo=UTC)
RECORD = UUID("01890000-0000-7000-8000-000000000001")
KEYS = st.sampled_from(["a", "b", "c", "d"])
IDS = ["first-thing", "after", 'ünï"', "four", "five"]


@st.composite
def questions(draw: st.DrawFn, id_: str) -> dict[str, Any]:
    """A question of any kind, as an edition has it; some of it may be withheld, and nothing be right."""
    options = [{"key": each, **({"right": draw(st.booleans())} if draw(st.booleans()) else {})} for each in "abc"]
    question: dict[str, Any] = {
        "id": id_,
        "kind": draw(
            st.sampled_from(["single", "truefalse", "multiple", "ordering", "matching", "branching", "reflection"])
        ),
        "must": draw(st.booleans()),
        "practise": draw(st.booleans()),
        "options": options,
    }
    if draw(st.booleans()):
        question |= {"order": ["b", "a"], "pairs": {"a": "x", "b": "y"}, "start": "one"}
        question["scenes"] = [
            {"key": "one", "choices": [{"key": "a", "to": "two"}], "ending": None},
            {"key": "two", "choices": [], "ending": "safe but late"},
        ]
    return question


@st.composite
def editions(draw: st.DrawFn) -> StudiedEdition:
    """An edition of a few such questions."""
    asked = [draw(questions(id_)) for id_ in IDS[: draw(st.integers(0, len(IDS)))]]
    body = {
        "parts": [{"kind": "question", "question": each} for each in asked],
        "pass": draw(st.none() | st.integers(0, 100)),
    }
    return StudiedEdition(
        sha="a" * 64,
        module="safe-hands",
        number=3,
        quiz=quiz_of(body),
        lessons=frozenset(),
        valid_for_months=draw(st.none() | st.integers(1, 36)),
    )


TRIES = st.lists(
    KEYS | st.lists(KEYS, max_size=3) | st.dictionaries(KEYS, st.sampled_from(["x", "y"])) | st.none() | st.just(1),
    max_size=3,
)
ANSWERS = st.dictionaries(st.sampled_from([*IDS, "unknown"]), st.lists(KEYS, max_size=2) | TRIES | KEYS | st.none())
DATA = st.fixed_dictionaries(
    {
        "attempt": st.sampled_from(["0c7d7f9c-4d0f", "a" * 36, "a" * 37, "", "a b", 1]),
        "seconds": st.integers(-1, LONGEST_SECONDS + 1) | st.sampled_from([1.5, True, "9"]),
        "answers": ANSWERS | st.just([]),
    }
)


def plainly(data: Any, edition: StudiedEdition) -> tuple[dict[str, Any], list[dict[str, Any]]] | None:
    """The rows of the result and of the pass, as what came is understood and projected; None: it is held."""
    understood = understand(GO, data, edition)
    if understood is None:
        return None
    act = Act(RECORD, 7, 1, GO, AT, AT, edition.sha, understood)
    rows = project([(act, edition)], {})
    return rows[AttemptResult][0], rows[Completed]


@given(DATA, editions())
def test_the_short_way_makes_the_rows_of_the_plain_way_or_none(data: Any, edition: StudiedEdition) -> None:
    go = read_go(data, edition, AT)
    if go is None:
        return
    plain = plainly(data, edition)
    assert plain is not None
    result, passes = plain
    written = {
        name: to_json(value).decode() if name in ("questions", "notes") else value for name, value in result.items()
    }
    own = dict(zip((*COLUMNS, MONTHS), go, strict=True))
    months = own.pop(MONTHS)
    assert own == {name: written[name] for name in own}
    assert written.keys() - own.keys() == {"record", "person_id", "provider_id", "received_at"}
    assert [each["valid_for_months"] for each in passes] == ([months] if own["passed"] else [])


@given(ANSWERS, editions())
def test_what_a_phone_sends_goes_the_short_way(answers: dict[str, Any], edition: StudiedEdition) -> None:
    known = {id_: tries for id_, tries in answers.items() if id_ in edition.quiz.ids}
    data = {"attempt": "one", "seconds": 180, "answers": known}

    assert read_go(data, edition, AT) is not None
    assert read_go({**data, "answers": {**known, "unknown": ["a"]}}, edition, AT) is None


def test_an_edition_that_was_put_right_goes_the_plain_way() -> None:
    quiz = quiz_of({"parts": [], "pass": None})
    corrected = (CorrectedQuiz(erratum=1, quiz=quiz),)
    edition = StudiedEdition(
        sha="a" * 64, module="m", number=1, quiz=quiz, lessons=frozenset(), valid_for_months=None, corrected=corrected
    )

    assert read_go({"attempt": "one", "seconds": 1, "answers": {}}, edition, AT) is None


def test_a_sheet_is_of_the_quiz_it_marks() -> None:
    """Two quizzes under one sha, as only tests make them, are not mixed up."""
    data = {"attempt": "one", "seconds": 1, "answers": {"q": ["a"]}}
    scores = []
    for right in "ab":
        options = [{"key": key, "right": key == right} for key in "ab"]
        question = {"id": "q", "kind": "single", "must": False, "practise": False, "options": options}
        quiz = quiz_of({"parts": [{"kind": "question", "question": question}], "pass": 80})
        edition = StudiedEdition(
            sha="b" * 64, module="m", number=1, quiz=quiz, lessons=frozenset(), valid_for_months=12
        )
        go = read_go(data, edition, AT)
        assert go is not None
        scores.append((go[COLUMNS.index("score")], go[COLUMNS.index("passed")]))

    assert scores == [(100, True), (0, False)]
