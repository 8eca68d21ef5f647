"""What failed beside everything else is asked once more alone: what passes then has passed, and is named."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tools import run_tests
from tools.run_tests import Step, has_room, python, run_together, tally_of

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


SAYS_WHERE = """
import sys, tempfile
from pathlib import Path
with tempfile.NamedTemporaryFile(delete=False) as file:
    Path(sys.argv[1]).write_text(file.name)
print("1 passed")
"""


@pytest.mark.parametrize("room", [0, 2**60])
def test_what_tests_throw_away_lies_in_memory_where_there_is_room_and_goes_with_them(
    room: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory, said = tmp_path / "memory", tmp_path / "said"
    memory.mkdir()
    monkeypatch.setattr(run_tests, "MEMORY", memory)
    monkeypatch.setattr(run_tests, "ROOM", room)
    run_together([Step(name="writes", command=python("-c", SAYS_WHERE, str(said)), counts=True)])
    written = Path(said.read_text())
    assert (memory in written.parents) == (room == 0)
    assert not written.parent.exists()


# As many files as take longer to remove than one more takes to be written.
STILL_WRITES = """
import os, subprocess, sys, tempfile, time
for name in range(2000):
    open(os.path.join(tempfile.gettempdir(), str(name)), "w").close()
writer = "import tempfile, time; end = time.time() + 2\\nwhile time.time() < end: tempfile.mkstemp()"
subprocess.Popen([sys.executable, "-c", writer], stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
time.sleep(0.3)
print("1 passed")
"""


def test_a_program_that_outlives_its_test_and_still_writes_costs_no_run_its_result(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_tests, "MEMORY", tmp_path)
    monkeypatch.setattr(run_tests, "ROOM", 0)
    [tally] = run_together([Step(name="leaves one behind", command=python("-c", STILL_WRITES), counts=True)])
    assert (tally.passed, tally.failed) == (1, 0)


def test_what_a_killed_run_left_in_memory_goes_with_the_next_and_another_runs_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_tests, "MEMORY", tmp_path)
    killed = subprocess.Popen(python("-c", ""))
    killed.wait()
    left, others = (tmp_path / f"bv-{pid}-abc" / "records.sqlite" for pid in (killed.pid, os.getppid()))
    for file in (left, others):
        file.parent.mkdir()
        file.touch()
    run_together([])
    assert not left.parent.exists()
    assert others.exists()


def test_there_is_no_room_in_what_is_not_there(tmp_path: Path) -> None:
    assert not has_room(tmp_path / "shm")
