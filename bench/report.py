"""Figures of one run: kept as JSON, printed, compared with another run's, and put into `docs/performance.md`.

A run is `{"date", "commit", "machine", "figures": {key: {"value", "rounds"}}}`; keys are those of `bench/goals.py`, and
`notes` says what a figure cannot say itself.
"""

from __future__ import annotations

import json
import os
import platform
import statistics
import subprocess
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.goals import GOALS
from tests.support.marked import put_between
from tests.support.site import ROOT

RESULTS = ROOT / "bench" / "results"
PAGE = ROOT / "docs" / "performance.md"
PUBLISHED = ROOT / "bench" / "published.json"

Rounds = Mapping[str, Sequence[float]]


def kept(rounds: Rounds, notes: Sequence[str] = (), *, at: datetime | None = None) -> dict[str, Any]:
    """Return a run of these figures, begun `at` (now). Each value is the median of its rounds.

    Raises KeyError for a figure that is not among the goals.
    """
    commit = subprocess.run(
        ["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return {
        "date": (at or datetime.now(UTC)).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "commit": commit.stdout.strip(),
        "machine": {
            "processors": os.cpu_count(),
            "kind": platform.machine(),
            "python": platform.python_version(),
            "load": round(os.getloadavg()[2], 1),
        },
        "figures": {key: _figure(key, each) for key, each in rounds.items()},
        "notes": list(notes),
    }


def _figure(key: str, rounds: Sequence[float]) -> dict[str, Any]:
    if key not in GOALS:
        raise KeyError(f"{key} is no goal of bench/goals.py.")
    return {"value": statistics.median(rounds), "rounds": list(rounds)}


def keep(run: Mapping[str, Any], path: Path | None = None) -> Path:
    """Write a run where `make bench-compare` finds it, and return where."""
    RESULTS.mkdir(exist_ok=True)
    place = path or RESULTS / f"{run['date'].replace(':', '')}-{run['commit']}.json"
    place.write_text(json.dumps(run, indent=1) + "\n", encoding="utf-8")
    return place


def merged(runs: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return one run of several that each measured a part: of a figure in two, the later. It names each commit."""
    commits = ", ".join(dict.fromkeys(commit for run in runs for commit in run["commit"].split(", ")))
    whole: dict[str, Any] = {**runs[-1], "commit": commits, "figures": {}, "notes": []}
    for run in runs:
        whole["figures"] |= run["figures"]
        whole["notes"] += [note for note in run["notes"] if note not in whole["notes"]]
    return whole


def table(run: Mapping[str, Any], *, measured_only: bool = False) -> str:
    """Return a run as a table in Markdown, with must and aim beside each figure, in the order of the goals."""
    machine = run["machine"]
    lines = [
        f"Measured on {run['date'][:10]} at `{run['commit']}`: {machine['processors']} processors, {machine['kind']}, "
        f"Python {machine['python']}; load {machine['load']} over the last quarter of an hour.",
        "",
        "| | What | Figure | Must | Aim | |",
        "|---|---|---|---|---|---|",
    ]
    for key, goal in GOALS.items():
        if key not in run["figures"]:
            if measured_only:
                continue
            shown, verdict = "not measured", ""
        else:
            value = run["figures"][key]["value"]
            shown, verdict = _shown(value, goal.unit), _verdict(key, value)
        cells = (key.split(".")[0], goal.what, shown, _limit(key, goal.must), _limit(key, goal.aim), verdict)
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join([*lines, *(f"\n{note}" for note in run["notes"])])


def said(run: Mapping[str, Any]) -> str:
    """Return in a sentence how many musts and aims are met, and name each must that is not."""
    known = {key: GOALS[key] for key in GOALS if key in run["figures"]}
    values = {key: run["figures"][key]["value"] for key in known}
    musts = {key: goal.met(values[key], goal.must) for key, goal in known.items() if goal.must is not None}
    aims = [goal.met(values[key], goal.aim) for key, goal in known.items() if goal.aim is not None]
    missed = ", ".join(key for key, met in musts.items() if not met)
    counted = f"{sum(map(bool, musts.values()))} of {len(musts)} musts, {sum(map(bool, aims))} of {len(aims)} aims met"
    return f"{counted}; not met: {missed}." if missed else f"{counted}."


def into_page(run: Mapping[str, Any]) -> None:
    """Put a run's table between its marks in `docs/performance.md`. Raises ValueError when the marks are not there."""
    put_between(PAGE, "bench", f"{table(run)}\n\n{said(run)}")


def compared(one: Mapping[str, Any], other: Mapping[str, Any]) -> str:
    """Return what changed from one run to another, the figures that both have, with a mark where a must was lost."""
    lines = [f"{'':16}{one['commit']:>14}{other['commit']:>14}   change"]
    for key, goal in GOALS.items():
        if key not in one["figures"] or key not in other["figures"]:
            continue
        was, now = one["figures"][key]["value"], other["figures"][key]["value"]
        change = "" if not was else f"{(now - was) / was * 100:+.0f} %"
        lost = "  MUST LOST" if goal.met(was, goal.must) and goal.met(now, goal.must) is False else ""
        lines.append(f"{key:16}{_shown(was, goal.unit):>14}{_shown(now, goal.unit):>14}   {change}{lost}")
    return "\n".join(lines)


def _verdict(key: str, value: float) -> str:
    goal = GOALS[key]
    if goal.met(value, goal.must) is False:
        return "**not met**"
    if goal.met(value, goal.aim):
        return "aim"
    return "" if goal.must is None else "must"


def _limit(key: str, limit: float | None) -> str:
    goal = GOALS[key]
    return "" if limit is None else f"{'≥' if goal.at_least else '≤'} {_shown(limit, goal.unit)}"


def _shown(value: float, unit: str) -> str:
    digits = f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:.2f}".rstrip("0").rstrip(".")
    return f"{digits} {unit}".rstrip()


def compare(words: Sequence[str]) -> None:
    """Print what changed between two kept runs."""
    if len(words) != 2:
        raise SystemExit("Say which two runs: make bench-compare A=… B=… (files of bench/results)")
    print(compared(*map(_read, words)))


def publish(words: Sequence[str]) -> None:
    """Put these runs, or the newest, as one into `bench/published.json` and into the page."""
    newest = sorted(RESULTS.glob("*.json"))[-1:]
    if not (words or newest):
        raise SystemExit("There is no kept run in bench/results: measure one with make bench.")
    run = merged([_read(word) for word in words or map(str, newest)])
    keep(run, PUBLISHED)
    into_page(run)
    print(f"{table(run, measured_only=True)}\n\n{said(run)}")


def _read(name: str) -> dict[str, Any]:
    """A kept run: a file, a name in `bench/results` with or without its ending, or `published`, that of the docs."""
    places = (Path(name), RESULTS / name, RESULTS / f"{name}.json", PUBLISHED if name == "published" else Path(name))
    for place in places:
        if place.is_file():
            run: dict[str, Any] = json.loads(place.read_text(encoding="utf-8"))
            return run
    raise SystemExit(f"{name} is not there, nor in bench/results.")


def main(words: Sequence[str]) -> None:
    """`python -m bench.report compare A B` and `python -m bench.report publish [RUN …]`."""
    acts = {"compare": compare, "publish": publish}
    if not words or words[0] not in acts:
        raise SystemExit("Say compare A B, or publish RUN …")
    acts[words[0]](words[1:])


if __name__ == "__main__":
    main(sys.argv[1:])
