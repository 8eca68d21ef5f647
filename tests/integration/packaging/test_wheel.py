"""What is installed from the wheel is the whole product: no checkout, no Node."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory, wheel: Path) -> Path:
    """A folder with the wheel's files, as pip lays them out."""
    site = tmp_path_factory.mktemp("laid-out") / "site"
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    subprocess.run([*pip, "install", "--no-deps", "--no-index", "--target", str(site), str(wheel)], check=True)
    return site


def flask(installed: Path, home: Path, *words: str) -> str:
    """Run a command of the installed product from an empty folder, with nothing but Python on the path."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("BV_")}
    environment = {**clean, "PYTHONPATH": str(installed), "PATH": str(Path(sys.executable).parent)}
    command = [sys.executable, "-m", "flask", "--app", "wsgi", *words]
    done = subprocess.run(command, cwd=home, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_wheel_alone_sets_up_a_server_with_all_lessons(installed: Path, tmp_path: Path) -> None:
    flask(installed, tmp_path, "db", "upgrade")
    report = json.loads(flask(installed, tmp_path, "content", "publish", "--json"))

    on_disk = len(list(ROOT.glob("content/packs/*/*/*/module.md")))
    assert len(report["published"]) == on_disk
    assert (tmp_path / "instance" / "between-visits.sqlite").is_file()


def test_the_wheel_carries_the_built_client_and_serves_it(installed: Path, tmp_path: Path) -> None:
    flask(installed, tmp_path, "db", "upgrade")
    # The worker's file names the one script, which is served too.
    script = (
        "import re; from wsgi import app; c = app.test_client(); sw = c.get('/sw.js').text;"
        " r = c.get(re.search(r'/static/build/app-\\w+\\.js', sw)[0]); print(r.status_code, len(r.data))"
    )
    environment = {**os.environ, "PYTHONPATH": str(installed)}
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    )
    status, size = done.stdout.split()
    assert status == "200"
    assert int(size) > 100_000
