"""The server's half of how a list of modules is compared; the phone's half reads the same file."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from app.catalogue import differing, figures, folded

CASES = json.loads((Path(__file__).parent / "parts.json").read_text("utf-8"))


def modules(case: dict[str, Any]) -> list[Any]:
    return [SimpleNamespace(**each) for each in case["modules"]]


def by_name(name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(case for case in CASES if case["name"] == name)
    return found


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_phone_and_server_find_the_same_figures(case: dict[str, Any]) -> None:
    parts = figures(modules(case))

    assert {"parts": parts, "folded": folded(parts)} == case["expect"]


def test_only_the_part_of_a_changed_module_differs() -> None:
    before, after = by_name("one"), by_name("another edition")

    found = differing(modules(after), before["expect"]["parts"])

    assert [[each.sha for each in editions] for editions in found.values()] == [["c" * 64]]


def test_a_part_that_is_empty_now_is_told_too() -> None:
    found = differing([], by_name("one")["expect"]["parts"])

    assert list(found.values()) == [[]]


@pytest.mark.parametrize("known", ["", "nonsense", "0" * 8, "ü" * 128])
def test_whoever_names_no_figures_gets_everything(known: str) -> None:
    everything = modules(by_name("many"))

    found = differing(everything, known)

    assert {each.key for editions in found.values() for each in editions} == {each.key for each in everything}
