"""Processes that together may use so much memory and no more: a memory cgroup of Linux, which really kills.

Version 1 is a group beneath our own. Version 2 allows no processes beside groups, so there it is one of its own at the
top. Either needs root.
"""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

MIB = 1024 * 1024
TOP = Path("/", "sys", "fs", "cgroup")
# Joins the group, then becomes the command: so that what the command starts is in it too.
JOIN = ("sh", "-c", 'echo $$ > "$0" && exec "$@"')


class NoGroup(Exception):
    """This machine lets us make no memory cgroup. `str()` says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One look at the group, in MiB. `held`: what cannot be dropped, so without pages of files kept for speed."""

    at: float
    held: float
    used: float


@dataclass
class MemoryBox:
    """A memory cgroup and what was seen in it."""

    folder: Path
    looks: list[Look] = field(default_factory=list)
    finishing: threading.Event = field(default_factory=threading.Event)

    def joined(self, command: Sequence[str]) -> list[str]:
        """Return a command that runs in the group."""
        return [*JOIN, str(self.folder / "cgroup.procs"), *command]

    def killed(self) -> int:
        """How many processes the kernel killed because the memory was used up."""
        return self._named("memory.oom_control" if self._first else "memory.events")["oom_kill"]

    def peak(self) -> float:
        """The most that was ever used, in MiB, pages of files included: of a box that reads much, all it has."""
        return int(self._text("memory.max_usage_in_bytes" if self._first else "memory.peak")) / MIB

    def most(self, since: float, until: float) -> Look:
        """Return the look with the most that could not be dropped, between two moments of `time.monotonic`."""
        return max((look for look in self.looks if since <= look.at <= until), key=lambda look: look.held)

    def look(self) -> Look:
        """Look once."""
        if self._first:
            seen = self._named("memory.stat")
            used, files = int(self._text("memory.usage_in_bytes")), seen["total_cache"] - seen.get("total_shmem", 0)
        else:
            seen = self._named("memory.stat")
            used, files = int(self._text("memory.current")), seen["file"] - seen["shmem"]
        return Look(at=time.monotonic(), held=(used - files) / MIB, used=used / MIB)

    @property
    def _first(self) -> bool:
        return (self.folder / "memory.limit_in_bytes").exists()

    def _text(self, name: str) -> str:
        return (self.folder / name).read_text(encoding="ascii")

    def _named(self, name: str) -> dict[str, int]:
        return {each: int(value) for each, value in (line.split() for line in self._text(name).splitlines())}

    def watch(self, every: float = 0.1) -> None:
        """Look until told to finish."""
        while not self.finishing.wait(every):
            self.looks.append(self.look())


@contextlib.contextmanager
def memory_box(name: str, megabytes: int, *, top: Path = TOP) -> Iterator[MemoryBox]:
    """Make a group of so much memory and no swap, watched; remove it when its processes are gone. Raises NoGroup."""
    first = top / "memory"
    parent = first / _own_group() if first.is_dir() else top
    folder = parent / name
    try:
        folder.mkdir()
    except OSError as error:
        raise NoGroup(f"{folder} cannot be made ({type(error).__name__}). Run this as root.") from error
    try:
        limit(folder, megabytes * MIB)
        box = MemoryBox(folder)
        watcher = threading.Thread(target=box.watch, daemon=True)
        watcher.start()
        try:
            yield box
        finally:
            box.finishing.set()
            watcher.join(5)
    finally:
        _remove(folder)


def _own_group() -> str:
    lines = Path("/", "proc", "self", "cgroup").read_text(encoding="ascii").splitlines()
    found = [path for _, names, path in (line.split(":", 2) for line in lines) if "memory" in names.split(",")]
    return found[0].lstrip("/") if found else ""


def limit(folder: Path, size: int) -> None:
    """Allow so many bytes of memory and no swap. Raises NoGroup where there is no memory controller."""
    names = ("memory.limit_in_bytes", "memory.memsw.limit_in_bytes"), ("memory.max", "memory.swap.max")
    memory, swap = names[0] if (folder / names[0][0]).exists() else names[1]
    if not (folder / memory).exists():
        folder.rmdir()
        raise NoGroup(f"{folder} has no memory controller.")
    (folder / memory).write_text(str(size), encoding="ascii")
    # Version 1 counts memory and swap together, version 2 swap alone.
    with contextlib.suppress(FileNotFoundError):
        (folder / swap).write_text(str(size) if swap.startswith("memory.memsw") else "0", encoding="ascii")


def _remove(folder: Path) -> None:
    deadline = time.monotonic() + 10
    while folder.is_dir():
        try:
            os.rmdir(folder)  # noqa: PTH106 - its files are the kernel's
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
