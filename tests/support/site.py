"""A real server for browser tests: gunicorn on loopback over an instance folder of its own."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.support import commands

ROOT = Path(__file__).resolve().parent.parent.parent
FLASK = (sys.executable, "-m", "flask", "--app", "wsgi")


def free_port() -> int:
    """A loopback port nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class Site:
    """One provider's server. `folder` holds its database and outlives every start and stop; `root` its program.

    `forked`: it finds imported what it needs, and shares memory with what imported it. Not for what is measured.
    """

    folder: Path
    port: int = field(default_factory=free_port)
    settings: dict[str, str] = field(default_factory=dict)
    root: Path = ROOT
    forked: bool = True
    _process: commands.Server | None = None

    @property
    def origin(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        clean = {name: value for name, value in os.environ.items() if not name.startswith("BV_")}
        own = {"BV_INSTANCE": str(self.folder), "BV_PORT": str(self.port), "BV_MODE": "development"}
        return {**clean, **own, **self.settings}

    def flask(self, *words: str) -> Any:
        """Run a `flask …` command with `--json` and return what it printed, parsed."""
        return json.loads(self._run(*words, "--json"))

    def _run(self, *words: str) -> str:
        if self.root == ROOT:
            done = commands.run(words, self.environment)
        else:
            command = [*FLASK, *words]
            done = subprocess.run(
                command, cwd=self.root, env=self.environment, capture_output=True, text=True, check=False
            )
        assert done.returncode == 0, f"flask {' '.join(words)} failed:\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def prepare(self) -> None:
        """Make the tables and publish the lessons, as a first start does."""
        self.prepare_tables()
        self._run("content", "publish")

    def prepare_tables(self) -> None:
        """Make the tables, and publish nothing."""
        self._run("db", "upgrade")

    def editions(self) -> dict[str, dict[str, Any]]:
        """Every published edition by its SHA-256, read from the database: it also answers when the server is gone."""
        with contextlib.closing(sqlite3.connect(self.folder / "between-visits.sqlite")) as database:
            return {sha: json.loads(body) for sha, body in database.execute("SELECT sha, body FROM editions")}

    def start(self) -> None:
        """Start gunicorn and wait until it answers."""
        assert self._process is None, "the server is already running"
        self._process = commands.Server(
            self.environment, self.folder / "gunicorn.log", self.root, forked=self.forked and self.root == ROOT
        )
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            with (
                contextlib.suppress(urllib.error.URLError, ConnectionError, TimeoutError),
                urllib.request.urlopen(f"{self.origin}/api/v1/ping?n=up", timeout=2) as reply,
            ):
                assert reply.status == 200
                return
            assert self._process.running(), (self.folder / "gunicorn.log").read_text()[-3000:]
            time.sleep(0.1)
        raise AssertionError("gunicorn did not answer within 30 s")

    @property
    def master(self) -> int:
        """The process id of gunicorn's master."""
        assert self._process is not None, "the server is not running"
        return self._process.pid

    def workers(self) -> list[int]:
        """The process ids of gunicorn's workers, the oldest first."""
        try:
            return [int(pid) for pid in Path(f"/proc/{self.master}/task/{self.master}/children").read_text().split()]
        except FileNotFoundError:
            return []

    def kill_master(self) -> None:
        """End the master alone, at once; its workers notice, and are waited for."""
        orphans, master = self.workers(), self._process
        assert master is not None, "the server is not running"
        master.end(signal.SIGKILL, group=False)
        self._process = None
        deadline = time.monotonic() + 40
        while any(Path(f"/proc/{pid}").exists() for pid in orphans):
            assert time.monotonic() < deadline, "orphaned workers live on"
            time.sleep(0.1)

    def kill(self) -> None:
        """End the whole server at once, as a power cut does: nothing gets to tidy up."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """Ask the server to end, if it runs."""
        if self._process is not None:
            self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> None:
        assert self._process is not None, "the server is not running"
        self._process.end(how, group=True)
        self._process = None
