"""Programs of the system as processes of ours: on loopback, as somebody who is not root, ended by their ids."""

from __future__ import annotations

import contextlib
import os
import pwd
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.postgres import STAND_INS


def stand_in() -> dict[str, int]:
    """Return who programs run as that refuse root; nothing where we are not root."""
    if os.geteuid() != 0:
        return {}
    there = {entry.pw_name: entry for entry in pwd.getpwall()}
    chosen = next(there[name] for name in STAND_INS if name in there)
    return {"user": chosen.pw_uid, "group": chosen.pw_gid}


def give(path: Path) -> None:
    """Let a file or folder belong to them."""
    if who := stand_in():
        os.chown(path, who["user"], who["group"])


@dataclass
class Program:
    """One process with its children. `ours`: it runs as we do, as it reads this checkout and its Python."""

    name: str
    words: Sequence[str]
    folder: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    cwd: Path | None = None
    ours: bool = False
    _process: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> Path:
        """What it said."""
        return self.folder / f"{self.name}.log"

    @property
    def runs(self) -> bool:
        """Whether it was started and has not ended by itself."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start it."""
        assert not self.runs, f"{self.name} runs already"
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("BV_", "PG"))}
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                list(self.words),
                cwd=self.cwd or self.folder,
                env={**clean, "LC_ALL": "C.UTF-8", "HOME": str(self.folder), **self.environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                **({} if self.ours else stand_in()),  # type: ignore[arg-type]
            )

    def stop(self, how: signal.Signals = signal.SIGTERM, *, seconds: float = 60) -> None:
        """Ask it to end, and wait; if it does not, end it with all its children."""
        if self._process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            self._process.send_signal(how)
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
        self._process = None

    def kill(self) -> None:
        """End it and every process it started at once, as a power cut does."""
        if self._process is None:
            return
        kill_all(self._process.pid)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(30)
        self._process = None

    def said(self) -> str:
        """The end of what it said, for an error."""
        return self.log.read_text(errors="replace")[-2500:] if self.log.exists() else ""


def children(pid: int) -> list[int]:
    """Return the process ids below this one, the nearest first."""
    found: list[int] = []
    with contextlib.suppress(OSError):
        for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
            found += [int(child), *children(int(child))]
    return found


def kill_all(pid: int) -> None:
    """End a process and those below it at once."""
    for each in (pid, *children(pid)):
        with contextlib.suppress(ProcessLookupError):
            os.kill(each, signal.SIGKILL)


def wait_for(what: str, true: Callable[[], object], *, seconds: float = 60, every: float = 0.1) -> float:
    """Wait until something is so, and return the seconds it took. Raises AssertionError."""
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        if true():
            return time.monotonic() - began
        time.sleep(every)
    raise AssertionError(f"waited {seconds:.0f} s for this: {what}")
