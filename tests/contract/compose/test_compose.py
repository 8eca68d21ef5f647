"""The server's half of the composing contract; the phone's half reads the same file (tests/phone/contract.test.ts).

A page is the same bytes whether Flask or the worker gives it: in a tunnel a learner sees what they see on Wi-Fi.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from app.web.compose import NoSuchPart, end_page, part_page, start_page

CASES = json.loads((Path(__file__).parent / "pages.json").read_text("utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_the_page_is_the_one_agreed_with_the_phone(case: dict[str, Any]) -> None:
    shell, edition, sha = case["shell"], case["edition"], case["sha"]
    made = {
        "start": lambda: start_page(shell, edition, sha),
        "part": lambda: part_page(shell, edition, sha, case["part"]),
        "end": lambda: end_page(shell, edition, sha),
    }[case["page"]]()

    assert made == case["expect"]


@pytest.mark.parametrize("part", [0, -1, 99])
def test_a_part_the_edition_does_not_have_is_not_composed(part: int) -> None:
    with pytest.raises(NoSuchPart):
        part_page("%%body%%", CASES[0]["edition"], CASES[0]["sha"], part)
