"""`make nodes`: two nodes and two databases on this machine, under load, while one after the other is harmed.

Leaves with 1 when anything receipted is lost, counts twice, or somebody got an answer nobody should. PUBLISH=1 also
writes the table into docs/scaling-out.md.
"""

from __future__ import annotations

import contextlib
import json
import os
import platform
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.nodes.cluster import scratch
from tests.nodes.load import Seen
from tests.nodes.run import Outcome, Run
from tests.support.marked import put_between
from tests.support.site import ROOT

PAGE = ROOT / "docs/scaling-out.md"
RESULTS = ROOT / "bench/results"
NEEDED = ("etcd", "haproxy", "patroni", "pgbouncer")
FOLDERS = f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/bin"


def main() -> int:
    """Run as the environment says: SENDERS, SETTLE (seconds), PUBLISH."""
    if missing := [name for name in NEEDED if shutil.which(name, path=FOLDERS) is None]:
        print(f"Missing: {', '.join(missing)}. Install them: bash tools/system-packages.sh nodes")
        return 2
    with scratch() as folder:
        senders, settle = int(os.environ.get("SENDERS") or 6), float(os.environ.get("SETTLE") or 10)
        run = Run(folder, senders=senders, settle=settle, told=lambda words: print(words, flush=True))
        outcome = run.go()
        kept = as_json(outcome)
    RESULTS.mkdir(exist_ok=True)
    place = RESULTS / f"nodes-{kept['date'].replace(':', '')}.json"
    place.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    print(f"\n{table(kept)}\nKept in {place.relative_to(ROOT)}")
    for problem in outcome.problems:
        print(f"BROKEN: {problem}")
    print("Every promise was kept." if not outcome.problems else "A promise was broken.")
    if os.environ.get("PUBLISH") and not outcome.problems:
        publish(kept)
    return 1 if outcome.problems else 0


def as_json(outcome: Outcome) -> dict[str, Any]:
    """Return what is kept of a run."""
    report = outcome.report
    commit = subprocess.run(
        ["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return {
        "date": datetime.now(UTC).strftime("%Y-%m-%dT%H:%MZ"),
        "commit": commit.stdout.strip(),
        "machine": {"processors": os.cpu_count(), "kind": platform.machine(), "load": round(os.getloadavg()[1], 1)},
        "records": {"made": report.made, "receipted": report.receipted, "stored": report.stored},
        "lost": report.lost,
        "doubled": report.doubled,
        "strange": report.strange,
        "answers": dict(report.replies),
        "packs": outcome.packs_by,
        "events": [
            {"name": e.name, "seconds": round(e.seconds, 1), "phones": told(e.phones), "desk": told(e.desk)}
            for e in outcome.events
        ],
        "problems": outcome.problems,
    }


def told(seen: Seen) -> dict[str, Any]:
    """Return what somebody noticed of one event."""
    return {"longest": round(seen.longest, 2), "good": seen.good, "failed": dict(seen.failed)}


def table(kept: dict[str, Any]) -> str:
    """Return the run as a page says it."""
    machine, records = kept["machine"], kept["records"]
    lines = [
        f"Measured on {kept['date'][:10]} at {kept['commit']}: all of it on one machine with {machine['processors']} "
        f"processors ({machine['kind']}), which had {machine['load']} things to do at once. "
        f"{records['made']:,} records made, {records['receipted']:,} receipted, {records['stored']:,} stored; "
        f"{kept['lost']} lost, {kept['doubled']} doubled.",
        "",
        "| What happened | Watched | Phones: longest without a receipt | tries that failed | "
        "Desk: longest without a page | tries that failed |",
        "|---|---|---|---|---|---|",
    ]
    for each in kept["events"]:
        phones, desk = each["phones"], each["desk"]
        lines.append(
            f"| {each['name']} | {each['seconds']:.0f} s | {phones['longest']:.1f} s | {_failed(phones)} | "
            f"{desk['longest']:.1f} s | {_failed(desk)} |"
        )
    return "\n".join(lines) + "\n"


def _failed(seen: dict[str, Any]) -> str:
    failed = sum(seen["failed"].values())
    words = ", ".join(f"{count} {word}" for word, count in sorted(seen["failed"].items()))
    return f"{failed} of {seen['good'] + failed}" + (f" ({words})" if failed else "")


def publish(kept: dict[str, Any], page: Path = PAGE) -> None:
    """Put the table into the page, between its marks."""
    put_between(page, "nodes", table(kept))


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        sys.exit(main())
