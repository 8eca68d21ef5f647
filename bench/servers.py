"""Servers to measure: ours with its lessons published, the floor, and what either has used of the machine."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench.floor import prepare
from tests.support.site import ROOT, Site, free_port

MODULE = "stroke-first-minutes"


@contextmanager
def ours(folder: Path, **settings: str) -> Iterator[Site]:
    """Give a running server of ours in a new folder, with our lessons published and two workers of four threads."""
    folder.mkdir(parents=True)
    site = Site(folder, settings={"BV_WORKERS": "2", "BV_THREADS": "4", **settings}, forked=False)
    site.prepare()
    site.start()
    try:
        yield site
    finally:
        site.stop()


@contextmanager
def floor(
    folder: Path, bodies: Mapping[str, bytes] | None = None, *, program: str = "bench.floor:app", **environment: str
) -> Iterator[tuple[int, int]]:
    """Give the least server, by the same gunicorn with as many workers and threads: its port and process id.

    `bodies` are what it has to read, by name; `program` is the floor with more to serve, told so by `environment`.
    """
    port = free_port()
    database = str(folder / f"floor-{port}.sqlite")
    prepare(database, bodies)
    process = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "-b", f"127.0.0.1:{port}", "-w", "2", "--threads", "4", program],
        # Elsewhere than in our own folder, whose settings of gunicorn are for our own program.
        cwd=folder,
        env={**os.environ, **environment, "FLOOR_DATABASE": database, "PYTHONPATH": str(ROOT)},
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait(port, process)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait(20)


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with (
            contextlib.suppress(urllib.error.URLError, ConnectionError, TimeoutError),
            urllib.request.urlopen(f"http://localhost:{port}/up", timeout=2),
        ):
            return
        assert process.poll() is None, "the floor's server ended"
        time.sleep(0.1)
    raise AssertionError("the floor's server did not answer within 30 s")


def processor(master: int) -> float:
    """Seconds of processor a server has used so far, its workers included: those of now, and those that have ended."""
    ticks = 0
    for pid in family(master):
        # proc_pid_stat(5): utime, stime, and cutime, cstime of children that were waited for. gunicorn replaces a
        # worker after ten thousand requests, so without the last two a round could end with less than it began with.
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        ticks += sum(map(int, fields[11:15]))
    return ticks / os.sysconf("SC_CLK_TCK")


def family(master: int) -> list[int]:
    """Process ids of a server: its master and its workers."""
    return [master, *map(int, Path(f"/proc/{master}/task/{master}/children").read_text().split())]


def published(site: Site) -> dict[str, Any]:
    """The measured module's edition: its hash, number, and a right answer to each question as a phone would give it."""
    script = f"""
import json
from app import create_app
from app.extensions import db
from app.content.queries import current_editions, edition_by_sha
app = create_app()
with app.app_context():
    found = next(e for e in current_editions(db.session) if e.key == {MODULE!r})
    print(found.sha)
    print(edition_by_sha(db.session, found.sha).body.decode())
"""
    sha, body = in_app(site, script)[-2:]
    edition = json.loads(body)
    answers = {
        part["id"]: [next(option["key"] for option in part["question"]["options"] if option["right"])]
        for part in edition["parts"]
        if part["kind"] == "question" and part["question"]["kind"] in ("single", "truefalse")
    }
    return {"module": MODULE, "sha": sha, "edition": edition["edition"], "answers": answers}


def in_app(site: Site, script: str) -> list[str]:
    """Run a few lines of Python with a server's settings; return the lines it printed."""
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env=site.environment, capture_output=True, text=True, check=True
    )
    return done.stdout.strip().splitlines()
