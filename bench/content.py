"""`make bench-content`: what checking and publishing take as a library grows, beside mkdocs on the same Markdown.

Every number is of one run on one machine: the whole command as somebody types it, its start included, and the processor
time it took. The table is written into docs/performance.md between its marks.
"""

from __future__ import annotations

import os
import platform
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from bench.content_library import make
from tests.support.marked import put_between
from tests.support.site import FLASK, ROOT

SIZES = (100, 1000, 5000)
PAGE = ROOT / "docs/performance.md"
MKDOCS = ROOT / ".venv-bench/bin/mkdocs"
CONFIG = "site_name: Bench\ndocs_dir: {docs}\nsite_dir: {site}\nplugins: []\nexclude_docs: ''\n"


def timed(command: Sequence[str], cwd: Path, environment: dict[str, str]) -> tuple[float, float]:
    """Seconds by the clock, and seconds of processors, that a command takes. Raises CalledProcessError."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, cwd=cwd, env=environment, check=True, capture_output=True)
    clock, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    return clock, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def change_one(content: Path) -> None:
    """Write one module's next edition."""
    module = next(content.glob("packs/*/*/*/module.md"))
    text = module.read_text(encoding="utf-8")
    number = int(re.search(r"(?m)^edition: (\d+)$", text)[1])  # type: ignore[index]
    text = re.sub(r"(?m)^change: .*\n", "", text)
    text = re.sub(r"(?m)^edition: \d+$", f"edition: {number + 1}\nchange: minor", text)
    module.write_text(text, encoding="utf-8", newline="\n")


def environment_of(home: Path, content: Path) -> dict[str, str]:
    """What commands are told, whose server lies in `home`."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("BV_")}
    return {**clean, "BV_INSTANCE": str(home), "BV_CONTENT": str(content), "XDG_CACHE_HOME": str(home / "cache")}


def steps(home: Path, modules: int) -> list[tuple[str, float, float]]:
    """Name, clock and processor seconds of each step for a library of this size."""
    content = home / "content"
    make(content, modules)
    env = environment_of(home, content)
    clean = {name: value for name, value in os.environ.items() if not name.startswith("BV_")}
    flask = [*FLASK, "content"]
    subprocess.run([*FLASK, "db", "upgrade"], cwd=ROOT, env=env, check=True, capture_output=True)
    rows = [("check, the first time", *timed([*flask, "check"], ROOT, env))]
    rows.append(("check again, nothing changed", *timed([*flask, "check"], ROOT, env)))
    rows.append(("publish, the first time", *timed([*flask, "publish"], ROOT, env)))
    rows.append(("publish again, nothing changed", *timed([*flask, "publish"], ROOT, env)))
    change_one(content)
    rows.append(("check again, one module changed", *timed([*flask, "check"], ROOT, env)))
    rows.append(("publish again, one module changed", *timed([*flask, "publish"], ROOT, env)))
    rows.append(("flask itself, to start and stop", *timed([*FLASK, "content", "--help"], ROOT, env)))
    (home / "mkdocs.yml").write_text(CONFIG.format(docs=content / "packs", site=home / "site"), encoding="utf-8")
    build = [str(MKDOCS), "build", "--quiet", "--config-file", str(home / "mkdocs.yml")]
    rows.append(("mkdocs build", *timed(build, home, clean)))
    change_one(content)
    rows.append(("mkdocs build, one module changed", *timed(build, home, clean)))
    return rows


def table(found: dict[int, list[tuple[str, float, float]]]) -> str:
    """The measurements as a Markdown table: seconds by the clock, in brackets those of processors."""
    sizes = list(found)
    lines = [
        f"Measured on {time.strftime('%d %B %Y', time.gmtime())}: {os.cpu_count()} processors, "
        f"{platform.machine()}, Python {platform.python_version()}, mkdocs {_mkdocs_version()}; "
        f"the machine was doing {os.getloadavg()[2]:.0f} other things over the last quarter of an hour.",
        "",
        f"| Seconds (of processors) | {' | '.join(f'{size:,} modules' for size in sizes)} |",
        f"|---|{'---|' * len(sizes)}",
    ]
    for place, (name, _, _) in enumerate(found[sizes[0]]):
        cells = (f"{found[size][place][1]:.1f} ({found[size][place][2]:.1f})" for size in sizes)
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _mkdocs_version() -> str:
    said = subprocess.run([MKDOCS, "--version"], capture_output=True, text=True, check=True).stdout
    return re.search(r"version ([0-9.]+[0-9])", said)[1]  # type: ignore[index]


def main(sizes: Sequence[int]) -> None:
    found = {}
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            found[size] = steps(Path(folder), size)
        print(table({size: found[size]}), flush=True)
        put_between(PAGE, "bench-content", table(found))


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or SIZES)
