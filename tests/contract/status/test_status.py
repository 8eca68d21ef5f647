"""The server's half of the status contract; the phone's half reads the same files."""

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from app.learning.rules import standing
from app.learning.types import Asked, Completion, EditionStep

CASES = [case for file in sorted(Path(__file__).parent.glob("*.json")) for case in json.loads(file.read_text("utf-8"))]


def day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_the_status_is_the_one_agreed_with_the_phone(case: dict[str, Any]) -> None:
    found = standing(
        now=datetime.fromisoformat(case["now"]),
        assignment=None if case["assignment"] is None else Asked(due=day(case["assignment"]["due"])),
        completions=[Completion(**{**each, "at": datetime.fromisoformat(each["at"])}) for each in case["completions"]],
        chain=[
            EditionStep(**{**step, "published": date.fromisoformat(step["published"])})
            for step in case["edition"]["chain"]
        ],
        started=case["started"],
        watching=case["watching"],
        not_needed=case["not_needed"],
    )

    assert {"status": found.status, "due": found.due, "valid_until": found.valid_until} == {
        "status": case["expect"]["status"],
        "due": day(case["expect"]["due"]),
        "valid_until": day(case["expect"]["valid_until"]),
    }


def test_every_status_word_but_none_other_is_in_the_cases() -> None:
    words = {case["expect"]["status"] for case in CASES}

    assert words == {"not-started", "under-way", "in-date", "due-soon", "overdue", "needs-watching", "not-needed"}
