"""Ralph, a learning record store, as a process of its own on loopback, with its statements in a file."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

import bcrypt

from tests.support.site import free_port

# Its file backend makes a file and adds nothing to one that is there, unless it is told to.
RUN = """
import sys, uvicorn
from ralph.backends.data.base import BaseOperationType
from ralph.backends.data.fs import FSDataBackend
FSDataBackend.default_operation_type = BaseOperationType.APPEND
from ralph.api import app
uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]))
"""
USER, PASSWORD = "between-visits", "a secret for tests"


@dataclass(frozen=True)
class Ralph:
    """A store that runs. `address` is what a manager types."""

    address: str
    file: Path

    @property
    def statements(self) -> list[dict[str, Any]]:
        """Everything it was given and took, in that order."""
        if not self.file.exists():
            return []
        return [json.loads(line) for line in self.file.read_text(encoding="utf-8").splitlines()]


@contextmanager
def running(folder: Path) -> Iterator[Ralph]:
    """Run it within a `with`; what it keeps lies in `folder`."""
    port, kept = free_port(), folder / "statements"
    folder.mkdir(parents=True, exist_ok=True)
    known = {
        "username": USER,
        "hash": bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(rounds=4)).decode(),
        "scopes": ["all"],
        "agent": {"objectType": "Agent", "account": {"homePage": "https://care.example.org", "name": USER}},
    }
    (folder / "auth.json").write_text(json.dumps([known]), encoding="utf-8")
    environment = {
        **os.environ,
        "HOME": str(folder),
        "RALPH_APP_DIR": str(folder),
        "RALPH_AUTH_FILE": str(folder / "auth.json"),
        "RALPH_RUNSERVER_BACKEND": "fs",
        "RALPH_BACKENDS__LRS__FS__DEFAULT_DIRECTORY_PATH": str(kept),
    }
    command = [sys.executable, "-c", RUN, str(port)]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, env=environment, cwd=folder, stdout=log, stderr=log)
    try:
        _wait_for(f"http://127.0.0.1:{port}/__heartbeat__", process, folder / "log")
        yield Ralph(address=f"http://127.0.0.1:{port}/xAPI", file=kept / "fs_lrs.jsonl")
    finally:
        process.terminate()
        process.wait(20)


def _wait_for(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert process.poll() is None, log.read_text(encoding="utf-8")
        try:
            urlopen(address, timeout=5).close()
        except HTTPError as answer:
            answer.close()
            return
        except URLError:
            time.sleep(0.2)
            continue
        return
    raise AssertionError(log.read_text(encoding="utf-8"))
