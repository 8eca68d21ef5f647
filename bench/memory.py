"""What the program takes of a small box: memory of its server after load, and what is installed.

Memory is PSS: pages that several processes share count once, divided among them (Linux, `smaps_rollup`). What is
installed is `du` of the whole folder that `deploy/install.sh` makes on a server, bytecode and all: without extras, and
with each of them, as the image has it.
"""

from __future__ import annotations

import subprocess
import sys
import sysconfig
from pathlib import Path

from bench import editions
from bench.intake import sent
from bench.phones import enrol
from bench.servers import family, ours, published
from tests.support.site import ROOT

SENDERS, REQUESTS, SIZE = 8, 50, 10


def measure(folder: Path) -> dict[str, list[float]]:
    """S10: MiB of master and two workers after load, and MB installed."""
    return {
        "S10.memory": [_memory(folder)],
        "S10.install": [_installed(folder)],
        "S10.extras": [_installed(folder, "pdf", "postgres", "push")],
    }


def _memory(folder: Path) -> float:
    with ours(folder / "ours") as site:
        edition, senders = published(site), enrol(site, SENDERS)
        work = [[(one.append, one.batch(edition, SIZE)) for _ in range(REQUESTS)] for one in senders]
        sent(work, SENDERS * REQUESTS * SIZE, site.port, site.master, "/api/v1/records")
        path = f"/e/{edition['sha']}"
        editions.rate(site.port, path, editions.first(site.port, path)[0])
        each = {pid: _pss(pid) for pid in family(site.master)}
    print(f"  MiB of master and workers: {', '.join(f'{size:.0f}' for size in each.values())}")
    return sum(each.values())


def _pss(pid: int) -> float:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def _installed(folder: Path, *extras: str) -> float:
    home, wheels = folder / "-".join(("installed", *extras)), folder / "wheel"
    if not wheels.exists():
        build = [sys.executable, "-m", "pip", "wheel", "-qq", "--disable-pip-version-check", "--no-deps", "--wheel-dir"]
        subprocess.run([*build, str(wheels), str(ROOT)], check=True, cwd=ROOT)
    [wheel] = wheels.glob("*.whl")
    subprocess.run(["sh", str(ROOT / "deploy/install.sh"), str(home), str(wheel), *extras], check=True, cwd=folder)
    packages = Path(sysconfig.get_path("purelib", "venv", {"base": str(home), "platbase": str(home)}))
    counted = [str(each) for each in packages.iterdir()]
    sizes = subprocess.run(["du", "-s", "-B1", "--", *counted], capture_output=True, text=True, check=True).stdout
    rows = sorted(
        ((int(line.split("\t")[0]), Path(line.split("\t")[1]).name) for line in sizes.splitlines()), reverse=True
    )
    print(f"  MB installed: {', '.join(f'{name} {size / 1e6:.0f}' for size, name in rows[:12])}", flush=True)
    whole = subprocess.run(["du", "-s", "-B1", str(home)], capture_output=True, text=True, check=True).stdout
    return int(whole.split()[0]) / 1e6
