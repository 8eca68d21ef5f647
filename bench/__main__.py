"""`make bench`: what a visit costs, what the server takes in, what building the lessons takes, each beside its limit.

`python -m bench <suite> …` measures only those. What was measured is kept as JSON after each suite, and printed at the
end. It reports and is no gate: a must that is missed is said plainly; only a suite that cannot measure makes it fail.
"""

from __future__ import annotations

import importlib
import sys
import tempfile
import time
import traceback
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from bench import report

# Name of a suite: its module, with `measure(folder: Path) -> Mapping[str, Sequence[float]]`.
SUITES = {
    "phone": "bench.visit",
    "lighthouse": "bench.lighthouse_scores",
    "intake": "bench.intake",
    "counts": "bench.counts",
    "crowd": "bench.crowd",
    "editions": "bench.editions",
    "memory": "bench.memory",
    "postgres": "bench.postgres",
    "growth": "bench.growth",
    "content": "bench.library",
    "ten-million": "bench.ten_million",
}
# These take long, so they are measured only when named.
BY_NAME = {"ten-million"}


def run(names: Sequence[str]) -> int:
    """Measure these suites one after another, keep and print what was measured; return how many broke off."""
    rounds: dict[str, Sequence[float]] = {}
    notes: list[str] = []
    began, place = datetime.now(UTC), None
    for name in names:
        start = time.monotonic()
        print(f"— {name}", flush=True)
        try:
            with tempfile.TemporaryDirectory(prefix=f"bv-bench-{name}-") as folder:
                rounds |= importlib.import_module(SUITES[name]).measure(Path(folder))
        except Exception:
            traceback.print_exc()
            notes.append(f"The suite “{name}” broke off, so what it measures is missing here.")
        print(f"  {time.monotonic() - start:.0f} s", flush=True)
        place = report.keep(report.kept(rounds, notes, at=began), place)
    whole = report.kept(rounds, notes, at=began)
    print(f"\n{report.table(whole, measured_only=True)}\n\n{report.said(whole)}\nKept in {place}")
    return len(notes)


def main(words: Sequence[str]) -> int:
    """Run the suites that are named, or all but those that take long."""
    if unknown := [word for word in words if word not in SUITES]:
        print(f"There is no suite {', '.join(unknown)}. There are: {', '.join(SUITES)}")
        return 2
    return 1 if run(words or [name for name in SUITES if name not in BY_NAME]) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
