"""What cannot be loaded is named in a line, and does not keep the rest from being written (decision 19)."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def test_a_machine_without_pango_is_told_so_and_all_else_is_written(tmp_path: Path) -> None:
    broken = tmp_path / "weasyprint/__init__.py"
    broken.parent.mkdir()
    broken.write_text("raise OSError('cannot load library libpango-1.0-0')\n", encoding="utf-8")
    cache = tmp_path / "cache"
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("BV_", "PYTHON"))}
    done = subprocess.run(
        [sys.executable, "-m", "app.bytecode"],
        cwd=ROOT,
        env={**clean, "PYTHONPATH": str(broken.parent.parent), "PYTHONPYCACHEPREFIX": str(cache)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    told = done.stderr.splitlines()
    assert told[0] == "weasyprint cannot be imported: cannot load library libpango-1.0-0"
    assert all(line.startswith("weasyprint") for line in told)
    # Those after it in the alphabet, too.
    assert list(cache.rglob("zxcvbn/__init__.*.pyc"))
    assert list(cache.rglob("wsgi.*.pyc"))
