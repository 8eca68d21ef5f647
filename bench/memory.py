"""What the program takes of a small box: memory of its server after load, and what is installed.

Memory is PSS: pages that several processes share count once, divided among them (Linux, `smaps_rollup`). What is
installed is `du` of the site-packages of a new environment with the locked requirements and our wheel in it, without
pip and setuptools, and with the bytecode pip compiles.
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
# What an environment is made with, and is no part of the program.
TOOLS = ("pip", "setuptools", "_distutils_hack", "distutils-precedence.pth")


def measure(folder: Path) -> dict[str, list[float]]:
    """S10: MiB of master and two workers after load, and MB installed."""
    return {"S10.memory": [_memory(folder)], "S10.install": [_installed(folder)]}


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


def _installed(folder: Path) -> float:
    home, wheels = folder / "venv", folder / "wheel"
    pip = [str(home / "bin/python"), "-m", "pip", "-qq", "--disable-pip-version-check"]
    build = [sys.executable, "-m", "pip", "wheel", "-qq", "--disable-pip-version-check", "--no-deps", "--wheel-dir"]
    run = ROOT / "requirements/run.txt"
    for command in (
        [*build, str(wheels), str(ROOT)],
        [sys.executable, "-m", "venv", str(home)],
        [*pip, "install", "--require-hashes", "-r", str(run)],
    ):
        subprocess.run(command, check=True, cwd=ROOT)
    [wheel] = wheels.glob("*.whl")
    subprocess.run([*pip, "install", "--no-deps", str(wheel)], check=True, cwd=ROOT)
    packages = Path(sysconfig.get_path("purelib", "venv", {"base": str(home), "platbase": str(home)}))
    counted = [
        str(each)
        for each in packages.iterdir()
        if not any(each.name in (t, f"{t}.py") or each.name.startswith(f"{t}-") for t in TOOLS)
    ]
    sizes = subprocess.run(["du", "-s", "-B1", "--", *counted], capture_output=True, text=True, check=True).stdout
    rows = sorted(
        ((int(line.split("\t")[0]), Path(line.split("\t")[1]).name) for line in sizes.splitlines()), reverse=True
    )
    print(f"  MB installed: {', '.join(f'{name} {size / 1e6:.0f}' for size, name in rows[:12])}", flush=True)
    return sum(size for size, _ in rows) / 1e6
