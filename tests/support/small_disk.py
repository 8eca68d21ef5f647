"""A disk that is soon full, and has room again."""

from __future__ import annotations

import contextlib
import os
import resource
import subprocess
from collections.abc import Iterator
from pathlib import Path

from tests.support.site import Site

STEP = 4096


class SmallDisk:
    """A folder on a disk of a few megabytes.

    As root it is a mount of its own, and full means full. Nobody else may mount: then the server's processes are kept
    from making any file longer than its database is, which SQLite meets at the same place.
    """

    def __init__(self, folder: Path, *, megabytes: int) -> None:
        self.folder = folder
        words = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)]
        self.mounted = os.geteuid() == 0 and subprocess.run(words, capture_output=True, check=False).returncode == 0

    @contextlib.contextmanager
    def full(self, site: Site) -> Iterator[None]:
        """Leave no room while the block runs."""
        if self.mounted:
            filler = self.folder / "filler"
            with filler.open("wb", buffering=0) as file, contextlib.suppress(OSError):
                while True:
                    file.write(b"x" * STEP)
            yield
            filler.unlink()
            return
        pids = [site.master, *site.workers()]
        before = {pid: resource.prlimit(pid, resource.RLIMIT_FSIZE) for pid in pids}
        for pid, (_, hard) in before.items():
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (STEP, hard))
        yield
        for pid, limits in before.items():
            resource.prlimit(pid, resource.RLIMIT_FSIZE, limits)

    def remove(self) -> None:
        """Take the disk away again."""
        if self.mounted:
            subprocess.run(["umount", "-l", str(self.folder)], check=True)
