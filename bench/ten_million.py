"""What a record and a page cost with 10⁷ records stored, beside 10⁴: `make bench-growth`.

Seeding takes a quarter of an hour and 15 GB, so the files stay: in `bench/results/seeded`, or where BENCH_SEEDED says.
"""

from __future__ import annotations

import os
from pathlib import Path

from bench.growth import FEW, PAGES, beside
from bench.report import RESULTS

MANY = 10_000_000


def measure(_folder: Path) -> dict[str, list[float]]:
    """S6 at 10⁷, and S7."""
    found = beside(Path(os.environ.get("BENCH_SEEDED") or RESULTS / "seeded"), FEW, MANY)
    worst = [max(rounds) for rounds in zip(*(found[name] for name in PAGES), strict=True)]
    return {
        "S6.ten-million": found["cost"],
        **{f"S7.{name}": found[f"{name}.ms"] for name in PAGES},
        "S7.grown": worst,
    }
