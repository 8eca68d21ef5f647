"""A module says which training categories of ASC-WDS it counts as; every module and usual training here does."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.content import build
from app.content.asc_wds import CATEGORIES, NO_MODULE, codes_in, without_codes
from app.content.parse import parse
from app.content.problems import Problems
from app.requirements import read_usual
from tests.support.content import checked, example

CONTENT = Path(__file__).parents[3] / "content"
MODULES = sorted((CONTENT / "packs").glob("*/*/*/module.md"))
CARE_CERTIFICATE = {
    1: {21}, 2: {21}, 3: {34}, 4: {23}, 5: {22}, 6: {28}, 7: {22}, 8: {16}, 9: {31, 2}, 10: {20}, 11: {25}, 12: {7},
    13: {9}, 14: {26}, 15: {10}, 16: {12, 32},
}  # fmt: skip


def written(value: str) -> str:
    return example().replace("pass: 80\n", f"asc_wds: {value}\npass: 80\n", 1)


@pytest.mark.parametrize("value", ["[31, 2]", "[31, 2]  # 20 is another", "\n  - 31\n  - 2", "\n- 31\n- 2"])
def test_the_codes_are_read_and_change_neither_the_edition_nor_the_hash_of_its_source(value: str) -> None:
    found, without = checked(written(value)), checked(example())
    assert not found.stops
    assert found.module.asc_wds == codes_in(found.module.text) == (31, 2)
    assert codes_in(without.module.text) == ()
    one, other = build(found.module, found.media), build(without.module, without.media)
    assert (one.sha, one.source) == (other.sha, other.source)


def test_what_looks_like_codes_in_a_lesson_is_a_lesson() -> None:
    text = example() + "\nasc_wds: [20]\n"
    assert codes_in(text) == ()
    assert without_codes(text) == text


@pytest.mark.parametrize("value", ["[1]", "[20, 20]", "[safe]", "20", "[41]"])
def test_what_is_no_list_of_codes_is_named_with_its_line(value: str) -> None:
    problems = checked(written(value)).problems
    assert [(each.code, each.line) for each in problems if each.stops] == [("field-wrong", 8)]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.parent.name)
def test_every_module_here_carries_a_code(path: Path) -> None:
    module = parse(path.read_bytes(), Problems(path.parent.name))
    assert module.asc_wds
    assert not set(module.asc_wds) & NO_MODULE
    if path.parts[-4] == "core":
        assert set(module.asc_wds) <= CARE_CERTIFICATE[int(path.parts[-3][:2])]


def test_every_usual_training_carries_a_code_there_is() -> None:
    for training in read_usual(CONTENT / "requirements").trainings:
        assert training.asc_wds, training.key
        assert set(training.asc_wds) <= CATEGORIES.keys()
