"""A hundred seeds of the simulator keep the promise, and each guarantee that is broken on purpose is found."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def simulate(**settings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["node", "tests/simulation/run.mjs"],
        cwd=ROOT,
        env={**os.environ, "STEPS": "40", **settings},
        capture_output=True,
        text=True,
        check=False,
    )


# What runs together makes the machine busy once; the figures are printed, so that a slow change is seen.
RUNS: dict[str, dict[str, str]] = {
    "1-40": {},
    "41-73": {},
    "74-80": {"PROCESSES": "2"},
    "81-93": {"DATABASE": "postgresql"},
    "94-100": {"DATABASE": "postgresql", "PROCESSES": "2"},
}


@pytest.fixture(scope="module")
def runs() -> Iterator[dict[str, Future[subprocess.CompletedProcess[str]]]]:
    with ThreadPoolExecutor(2) as pool:
        yield {seeds: pool.submit(simulate, SEEDS=seeds, BREAK="", **more) for seeds, more in RUNS.items()}


@pytest.mark.parametrize("seeds", RUNS)
def test_a_hundred_seeds_keep_the_promise(
    seeds: str, runs: dict[str, Future[subprocess.CompletedProcess[str]]], capsys: pytest.CaptureFixture[str]
) -> None:
    done = runs[seeds].result()
    with capsys.disabled():
        sys.stdout.write(f"\n{' '.join(RUNS[seeds].values()) or 'sqlite'}: {done.stdout.strip()}\n")
    assert done.returncode == 0, done.stdout + done.stderr
    assert " ran, 0 failed" in done.stdout


@pytest.mark.parametrize(
    ("broken", "found"),
    [
        ("digest", "digests differ"),
        ("status-receipt", "Seed "),
        ("delete-before-receipt", "said to be saved, and now nowhere"),
        ("seq-reuse", "a number was used twice"),
        ("cookie-sending", "sending stands still"),
    ],
)
def test_a_broken_guarantee_is_found_within_thirty_seeds(broken: str, found: str) -> None:
    done = simulate(SEEDS="1-30", BREAK=broken, BRIEFLY="1", FIRST="1")
    assert done.returncode == 1, done.stdout + done.stderr
    assert found in done.stdout
    assert "\n    at " not in done.stdout.split("Replay:")[0], "it broke instead of finding something"


def test_a_seed_replays_exactly() -> None:
    once, again = (simulate(SEEDS="3", SHOW="1", BREAK="").stdout.rpartition("\nSeeds 3:")[0] for _ in range(2))
    assert once == again
    assert len(once.splitlines()) >= 40
