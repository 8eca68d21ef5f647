"""Somebody's results are written from their rows without being read, and are what their models would have written."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from app.kernel import moment_text
from app.learning import StoredResult, StudiedEdition
from app.learning.types import Quiz
from app.web.api.payloads import QuestionResult, ResultSent
from app.web.api.results import written_results

MOMENTS = st.datetimes(min_value=datetime(2020, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - the zone is beside it
SHAS = st.sampled_from(["0" * 64, "0123456789abcdef" * 4, "f" * 64])
SCORES = st.integers(0, 100)
QUESTIONS = st.lists(
    st.fixed_dictionaries({"id": st.text(), "first": SCORES, "last": SCORES, "tries": st.integers(0, 99)}), max_size=3
)
# As this release stores it, as one before did, and as PostgreSQL gives it back.
WRITTEN = (
    lambda said: json.dumps(said, separators=(",", ":"), ensure_ascii=False),
    json.dumps,
    lambda said: json.dumps(said, indent=1),
)
RESULTS = st.tuples(
    st.builds(
        StoredResult,
        record=st.uuids().map(str),
        module=st.text(max_size=5),
        edition=st.integers(1, 3),
        sha=SHAS,
        at=MOMENTS.map(moment_text),
        received_at=MOMENTS.map(moment_text),
        seconds=st.integers(0, 86_400),
        score=SCORES,
        passed=st.booleans(),
        questions=st.just(""),
    ),
    QUESTIONS,
    st.sampled_from(WRITTEN),
)
WITHHELD = st.dictionaries(st.text(), st.none() | st.booleans() | st.text() | st.lists(st.integers(-9, 9)), max_size=2)


def studied(sha: str, withheld: dict[str, Any]) -> StudiedEdition:
    quiz = Quiz(questions=(), pass_mark=None)
    return StudiedEdition(
        sha=sha, module="m", number=1, quiz=quiz, lessons=frozenset(), valid_for_months=None, withheld=withheld
    )


@given(st.lists(RESULTS, max_size=5), st.dictionaries(SHAS, WITHHELD))
def test_results_are_written_as_their_models_would_write_them(
    drawn: list[tuple[StoredResult, list[QuestionResult], Any]], withheld: dict[str, dict[str, Any]]
) -> None:
    editions = {sha: studied(sha, said) for sha, said in withheld.items()}
    stored = [each._replace(questions=write(questions)) for each, questions, write in drawn]
    models = [
        ResultSent(
            record=each.record,
            module=each.module,
            edition=each.edition,
            sha=each.sha,
            at=datetime.fromisoformat(each.at),
            received=datetime.fromisoformat(each.received_at),
            seconds=each.seconds,
            score=each.score,
            passed=each.passed,
            questions=questions,
            feedback=withheld.get(each.sha) or None,
        )
        for each, questions, _ in drawn
    ]

    written = written_results(stored, editions)

    assert json.loads(written) == json.loads(TypeAdapter(list[ResultSent]).dump_json(models, by_alias=True))
