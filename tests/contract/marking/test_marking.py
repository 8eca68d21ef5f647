"""The server's half of the marking contract; the phone's half reads the same files."""

import json
from pathlib import Path
from typing import Any

import pytest

from app.learning.rules import mark, quiz_of

CASES = [case for file in sorted(Path(__file__).parent.glob("*.json")) for case in json.loads(file.read_text("utf-8"))]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_the_result_is_the_one_agreed_with_the_phone(case: dict[str, Any]) -> None:
    result = mark(quiz_of(case["edition"]), case["answers"])

    assert {
        "score": result.score,
        "passed": result.passed,
        "questions": [each.as_json() for each in result.questions],
        "unknown": list(result.unknown),
        "pending": list(result.pending),
    } == case["result"]


def test_every_kind_of_question_is_in_the_cases() -> None:
    kinds = {
        part["question"]["kind"] for case in CASES for part in case["edition"]["parts"] if part["kind"] == "question"
    }

    assert kinds == {"single", "multiple", "truefalse", "ordering", "matching", "reflection", "branching"}
    assert len(CASES) >= 60
