"""10,000 phones come back within a minute, ten records each; one in ten sends again, one reply in twenty is cut.

They come at their moments whether or not those before them were answered (an open loop), and the wait of each is
counted from its moment to its last receipt, whatever it had to do for it. `make crowd` is the same with more said.
"""

from __future__ import annotations

from pathlib import Path

from tests.soak.crowd import come
from tests.soak.soak import quantiles

PHONES = 10_000


def measure(folder: Path) -> dict[str, list[float]]:
    """S5: failed, lost and doubled; and what 95 of 100 phones waited at most, in seconds."""
    came = come(folder, PHONES, "sqlite")
    report = came.report
    p50, p95 = quantiles(came.waits)
    wrong = report.lost + report.doubled + report.strange + (report.made - report.stored) + came.tries_failed
    print(f"  {report.stored} of {report.made} stored; {came.tries_failed} tries failed; {dict(report.replies)}")
    print(f"  all done after {came.took:.0f} s; from moment to receipt p50 {p50:.3f} s, p95 {p95:.3f} s")
    for problem in report.problems:
        print(f"  BROKEN: {problem}")
    return {"S5.wrong": [float(max(wrong, len(report.problems)))], "S5.p95": [p95]}
