"""What failed beside everything else is asked once more alone: what passes then has passed, and is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.run_tests import Step, python, run_together, tally_of

FAILS_FIRST = """
from pathlib import Path

def test_good(): pass

def test_slow():
    seen = Path(__file__).with_name("seen")
    if not seen.exists():
        seen.touch()
        raise AssertionError("too slow")
"""
# Says what pytest says, so that no second Python has to be loaded for it.
FAILS_TWICE = """
import sys
print("FAILED tests/test_it.py::test_wrong")
print("1 failed" if "--last-failed" in sys.argv else "1 failed, 1 passed")
sys.exit(1)
"""


def test_what_passes_when_asked_again_alone_has_passed_and_is_named(tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text(FAILS_FIRST)
    command = python("-m", "pytest", "-q", str(tmp_path), "--rootdir", str(tmp_path))
    (tally,) = run_together([Step(name="slow", command=command, counts=True, again=True)])
    assert (tally.passed, tally.failed, tally.failures) == (2, 0, [])
    assert ["test_slow" in line for line in tally.again] == [True]


@pytest.mark.parametrize("again", [True, False])
def test_what_fails_twice_or_may_not_be_asked_again_has_failed_and_is_named(again: bool) -> None:
    (tally,) = run_together([Step(name="wrong", command=python("-c", FAILS_TWICE), counts=True, again=again)])
    assert (tally.passed, tally.failed, tally.again) == (1, 1, [])
    assert tally.failures == ["FAILED tests/test_it.py::test_wrong"]


@pytest.mark.parametrize("output", ["", "no tests ran in 0.01s"])
def test_a_run_without_counts_is_no_run(output: str) -> None:
    assert tally_of(output) is None
