"""`make soak MINUTES=30 DATABASE=sqlite`: many phones and much harm for long; leaves with 1 when a promise broke.

With CUTS=0 the whole server is never killed, so that its oldest worker, which is always spared, shows its memory for as
long as gunicorn lets it live.
"""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
from pathlib import Path

from tests.soak.soak import Soak
from tests.support.postgres import private_postgres


def main() -> int:
    """Run as the environment says: MINUTES, DATABASE (sqlite or postgres), SEED, CUTS, SENDERS."""
    minutes = float(os.environ.get("MINUTES") or 30)
    database = os.environ.get("DATABASE") or "sqlite"
    if not 0.5 <= minutes <= 24 * 60 or database not in ("sqlite", "postgres"):
        print("MINUTES is 0.5 to 1440, DATABASE is sqlite or postgres.")
        return 2
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bv-soak-")))
        url = stack.enter_context(private_postgres()) if database == "postgres" else None
        soak = Soak(folder, url=url, seed=int(os.environ.get("SEED") or 1), senders=int(os.environ.get("SENDERS") or 8))
        cuts = int(os.environ.get("CUTS") or max(1, int(minutes // 5)))
        report = soak.run(minutes * 60, between=15, cuts=cuts, every=20)
    seconds, memory, files = report.memory
    print(
        "Most memory of a worker, in each sixth of the time: "
        + ", ".join(f"{most:.0f}" for most in report.most)
        + " MB"
    )
    print(f"\nMade {report.made}, receipted {report.receipted}, stored {report.stored} on {database}")
    print(f"Lost {report.lost}, doubled {report.doubled}, from nowhere {report.strange}")
    print(f"p50 {report.p50 * 1000:.0f} ms, p95 {report.p95 * 1000:.0f} ms; answers {dict(report.replies)}")
    print(", ".join(f"{count} {what}" for what, count in sorted(report.done.items())))
    print(f"Longest-lived worker, {seconds:.0f} s after warm-up: {memory:+.1f} MB and {files:+.1f} open files an hour")
    for problem in report.problems:
        print(f"BROKEN: {problem}")
    print("Every promise was kept." if not report.problems else "A promise was broken.")
    return 1 if report.problems else 0


if __name__ == "__main__":
    sys.exit(main())
