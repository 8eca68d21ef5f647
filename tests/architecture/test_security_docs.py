"""The security documents name tests that exist and leave no requirement out; what nobody holds is no promise."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SECURITY = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
ASVS = (ROOT / "docs" / "asvs.md").read_text(encoding="utf-8")
NAMED = re.compile(r"`([a-z_/]+/test_\w+\.py)::(\w+)`")
ROW = re.compile(r"^\| (\d+\.\d+\.\d+) \| ([^|]+) \| (test `[^`]+`|not needed: [^|]+|gap: [^|]+) \|$", re.MULTILINE)
# How many requirements of levels 1 and 2 ASVS 5.0.0 has in each section; those of level 3 stand at the end or between.
SECTIONS = {
    "1.1": 2, "1.2": 9, "1.3": 11, "1.4": 3, "1.5": 2, "2.1": 3, "2.2": 3, "2.3": 4, "2.4": 1, "3.2": 2, "3.3": 4,
    "3.4": 6, "3.5": 5, "3.7": 2, "4.1": 3, "4.2": 1, "4.3": 2, "4.4": 4, "5.1": 1, "5.2": 3, "5.3": 2, "5.4": 3,
    "6.1": 3, "6.2": 12, "6.3": 4, "6.4": 4, "6.5": 5, "6.6": 3, "6.8": 4, "7.1": 3, "7.2": 4, "7.3": 2, "7.4": 5,
    "7.5": 2, "7.6": 2, "8.1": 2, "8.2": 3, "8.3": 1, "8.4": 1, "9.1": 3, "9.2": 4, "10.1": 2, "10.2": 2, "10.3": 4,
    "10.4": 11, "10.5": 5, "10.6": 2, "10.7": 3, "11.1": 2, "11.2": 3, "11.3": 3, "11.4": 4, "11.5": 1, "11.6": 1,
    "12.1": 3, "12.2": 2, "12.3": 4, "13.1": 1, "13.2": 5, "13.3": 2, "13.4": 5, "14.1": 2, "14.2": 4, "14.3": 3,
    "15.1": 3, "15.2": 3, "15.3": 7, "16.1": 1, "16.2": 5, "16.3": 4, "16.4": 3, "16.5": 3, "17.1": 1, "17.2": 4,
    "17.3": 2,
}  # fmt: skip


@pytest.mark.parametrize("page", [SECURITY, ASVS], ids=["security.md", "asvs.md"])
def test_every_named_test_exists(page: str) -> None:
    named = set(NAMED.findall(page))
    assert len(named) > 25
    # Whatever looks like a test is one this test understands.
    assert page.count("::test_") == len(NAMED.findall(page))
    missing = []
    for path, name in named:
        file = ROOT / "tests" / path
        if not file.is_file() or not re.search(rf"^ *def {name}\(", file.read_text(encoding="utf-8"), re.MULTILINE):
            missing.append(f"{path}::{name}")
    assert missing == []


def test_every_requirement_has_one_answer() -> None:
    rows = ROW.findall(ASVS)
    assert len(re.findall(r"^\| \d", ASVS, re.MULTILINE)) == len(rows), "a row cannot be read"
    numbers = [number for number, _, _ in rows]
    assert sorted(numbers) == sorted(set(numbers))
    assert Counter(number.rpartition(".")[0] for number in numbers) == SECTIONS
    for number, words, held in rows:
        assert len(words.split()) <= 12, number
        assert held.startswith("test ") or len(held.split()) >= 3, f"{number} says too little: {held}"


def test_the_counts_are_those_of_the_rows() -> None:
    kinds = Counter(held.split(" ")[0].rstrip(":") for _, _, held in ROW.findall(ASVS))
    total, test, needless, gap = kinds.total(), kinds["test"], kinds["not"], kinds["gap"]
    said = f"**{total} requirements: {test} held by a test, {needless} not needed, {gap} gaps.**"
    assert said in ASVS


def test_every_attacker_has_a_test() -> None:
    table = SECURITY.split("## Who, what they want")[1].split("\n## ")[0]
    rows = [line for line in table.splitlines() if line.startswith("| ") and not line.startswith("| Who |")]
    assert len(rows) > 12
    assert [row for row in rows if not NAMED.search(row)] == []
