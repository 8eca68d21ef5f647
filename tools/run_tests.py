"""Run every check and every test, and end on the names of what failed and one line with the counts.

`run_tests.py check` runs lint, types and unit tests; `run_tests.py all` runs those and everything that needs a
database server or a browser. Each step runs even when an earlier one failed, so that one run tells all. They run
beside each other, and each is shown when it is through. Pages of tests show the client that `make` built before.

Databases, profiles and folders of the tests lie in memory where there is room for them: on a disk every seventh second
of the processor went into writing down what is thrown away. What failed is shown; its folder is not kept.

A test in a browser that failed while everything else ran beside it is asked once more when nothing else runs: a slow
machine is no fault of ours. What passes then is counted as passed and named; what fails twice has failed.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / ".venv" / "bin"
MEMORY = Path("/dev/shm")
# All tests together leave less than half of this at a time.
ROOM = 6 * 1024**3


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One command; `counts` says whether its output carries test counts of its own, else it counts as one check.

    `again`: what failed is asked once more alone. Its command is pytest's.
    """

    name: str
    command: tuple[str, ...]
    counts: bool = False
    again: bool = False


def python(*words: str) -> tuple[str, ...]:
    return (str(BIN / "python"), *words)


def pytest(*words: str) -> tuple[str, ...]:
    """Run these tests, and name what took long, so that a run that has grown slow says why."""
    return python("-m", "pytest", "-q", "--durations=8", "--durations-min=10", *words)


LINT = (
    Step(name="ruff", command=(str(BIN / "ruff"), "check", "--quiet", ".")),
    Step(name="ruff format", command=(str(BIN / "ruff"), "format", "--check", "--quiet", ".")),
    Step(name="mypy", command=(str(BIN / "mypy"), "--no-error-summary")),
    Step(name="import direction", command=(str(BIN / "lint-imports"), "--no-cache")),
    Step(name="templates", command=(str(BIN / "djlint"), "app/templates", "--lint", "--quiet")),
    Step(name="typescript types", command=("npm", "run", "--silent", "types")),
    Step(name="lessons", command=(str(BIN / "flask"), "--app", "wsgi", "content", "check")),
)
UNIT = (
    Step(name="phone", command=("npm", "test", "--silent"), counts=True),
    Step(
        name="unit",
        command=pytest("tests/unit", "tests/contract", "tests/architecture"),
        counts=True,
    ),
)
# Parts that whoever is free takes up; a new folder falls into one by itself. The longest folder begins first.
FOLDERS = sorted(str(each.relative_to(ROOT)) for each in (ROOT / "tests/integration").iterdir() if each.is_dir())
PARTS = ["tests/integration/staff", "tests/property", "tests/releases"]
PARTS += [folder for folder in FOLDERS if folder not in PARTS]
SHARES = 8
# Tests wait for disks, lines and other processes: two processors beside four steps still find something to do.
AT_ONCE = 4

# What each browser does; the last does all the rest, so a new file falls to it by itself. All take about as long.
BROWSERS = ("test_faults", "test_self_test or test_people or test_provider_day or test_screens")


def _browser(name: str, which: str) -> Step:
    return Step(
        name=f"browsers: {name}",
        command=pytest("tests/browser", "-k", which),
        counts=True,
        again=True,
    )


def _integration(share: int) -> Step:
    return Step(name=f"integration, part {share + 1}", command=pytest(*PARTS[share::SHARES]), counts=True)


# In the order in which they begin: what takes longest first, so that nothing long is left over at the end. Simulated
# phones count in their own time, so they take what the others leave.
REST = (
    Step(
        name="simulation and soak",
        command=("nice", "-n", "10", *pytest("tests/simulation", "tests/soak")),
        counts=True,
    ),
    _integration(0),
    _integration(SHARES - 1),
    _browser("people and screens", BROWSERS[1]),
    _browser("journeys", f"not ({' or '.join(BROWSERS)})"),
    _browser("faults", BROWSERS[0]),
    *map(_integration, range(1, SHARES - 1)),
)


@dataclass(slots=True)
class Tally:
    """Counts over all steps."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0
    # Lines that name what failed, and what passed only when asked again.
    failures: list[str] = field(default_factory=list)
    again: list[str] = field(default_factory=list)


def tally_of(output: str) -> Tally | None:
    """Read the counts a test runner printed: pytest's closing line or node's lines. None when there are none."""
    node = {
        word: int(number) for word, number in re.findall(r"^(?:#|ℹ) (pass|fail|cancelled|skipped) (\d+)$", output, re.M)
    }
    if node:
        return Tally(node.get("pass", 0), node.get("fail", 0) + node.get("cancelled", 0), node.get("skipped", 0))
    closing = re.findall(r"(\d+) (passed|failed|error|errors|skipped)\b", (output.strip().splitlines() or [""])[-1])
    if not closing:
        return None
    total = Tally()
    for number, word in closing:
        if word == "passed":
            total.passed += int(number)
        elif word == "skipped":
            total.skipped += int(number)
        else:
            total.failed += int(number)
    return total


def failures_in(output: str) -> list[str]:
    """Return the lines in which pytest or node named a failed test."""
    return re.findall(r"^(?:FAILED |ERROR |✖ (?!failing)).*", output, re.M)


def available() -> int:
    """Bytes of memory that programs may still take."""
    said = re.search(r"^MemAvailable: +(\d+) kB", Path("/proc/meminfo").read_text(), re.M)
    return 1024 * int(said[1]) if said else 0


def has_room(folder: Path) -> bool:
    """Say whether tests can have their folders there: it is large enough, and programs in it may be run."""
    return (
        folder.is_dir()
        and os.access(folder, os.W_OK)
        and shutil.disk_usage(folder).free > ROOM
        and available() > ROOM
        and not os.statvfs(folder).f_flag & os.ST_NOEXEC
    )


@contextmanager
def surroundings() -> Iterator[Mapping[str, str]]:
    """What steps find in their environment: a folder for what they throw away, which goes with them."""
    # Named after the run, so that the next knows what a killed one left: it would hold memory until somebody looks.
    for left in MEMORY.glob("bv-*-*"):
        if not Path("/proc", left.name.split("-")[1]).exists():
            shutil.rmtree(left, ignore_errors=True)
    place = MEMORY if has_room(MEMORY) else None
    # A browser or server that is still ending, and writes, is no reason to lose what the run found.
    with tempfile.TemporaryDirectory(prefix=f"bv-{os.getpid()}-", dir=place, ignore_cleanup_errors=True) as folder:
        # PostgreSQL does not run as root: whoever it runs as has to get to its own folder in here.
        Path(folder).chmod(0o711)
        yield {**os.environ, "TMPDIR": folder}


def run(step: Step, environment: Mapping[str, str], *, alone: bool = True) -> Tally:
    """Run one step, show its output, as it comes when it runs alone, and say what it adds to the counts."""
    heading = f"\n== {step.name}\n"
    began = time.monotonic()
    lines = []
    if alone:
        print(heading, end="", flush=True)
    with subprocess.Popen(
        step.command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        for line in process.stdout or ():
            lines.append(line)
            if alone:
                print(line, end="", flush=True)
    code = process.returncode
    end = f"-- {step.name}: {'ok' if code == 0 else f'failed (exit {code})'} in {time.monotonic() - began:.0f} s\n"
    print(end if alone else "".join((heading, *lines, end)), end="", flush=True)
    tally = tally_of("".join(lines)) if step.counts else None
    if tally is None:
        # A test step without counts ran nothing: that is a failure whatever its exit code says.
        ok = code == 0 and not step.counts
        return Tally(passed=int(ok), failed=int(not ok))
    if code != 0 and tally.failed == 0:
        tally.failed = 1
    tally.failures = failures_in("".join(lines)) if code != 0 else []
    return tally


def run_together(steps: Sequence[Step]) -> list[Tally]:
    """Run steps at the same time, then what may be asked again alone; return what each adds to the counts."""
    with tempfile.TemporaryDirectory() as memory, surroundings() as environment:
        # Where pytest remembers what failed: one for each step, as they run side by side.
        remembering = [
            replace(step, command=(*step.command, "-o", f"cache_dir={memory}/{place}")) if step.again else step
            for place, step in enumerate(steps)
        ]
        with ThreadPoolExecutor(AT_ONCE) as pool:
            tallies = list(pool.map(lambda step: run(step, environment, alone=False), remembering))
        for step, tally in zip(remembering, tallies, strict=True):
            if step.again and tally.failures:
                ask_again(step, tally, environment)
    return tallies


def ask_again(step: Step, tally: Tally, environment: Mapping[str, str]) -> None:
    """Ask what failed in a step once more, and put its counts right where it passes now."""
    again = replace(step, name=f"{step.name}, asked again", command=(*step.command, "--last-failed"))
    second = run(again, environment)
    if second.failed == 0 and second.passed == tally.failed:
        tally.passed += second.passed
        tally.again, tally.failures, tally.failed = tally.failures, [], 0


def main(which: str) -> int:
    steps = (*REST, *UNIT, *LINT) if which == "all" else (*UNIT, *LINT)
    total, failed_steps = Tally(), []
    for step, tally in zip(steps, run_together(steps), strict=True):
        total.passed += tally.passed
        total.failed += tally.failed
        total.skipped += tally.skipped
        total.failures += tally.failures
        total.again += tally.again
        if tally.failed:
            failed_steps.append(step.name)
    for line in total.again:
        print(f"Passed only when asked again alone: {line}")
    if failed_steps:
        print("\n".join(("", *total.failures, f"Failed: {', '.join(failed_steps)}")))
    print(f"{total.passed} passed, {total.failed} failed, {total.skipped} skipped")
    return 1 if total.failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "all"))
