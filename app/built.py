"""Built files of earlier releases: a tab opened before an upgrade still asks for its own.

The names carry a hash of the content, so files of many releases lie side by side in `<BV_INSTANCE>/built/`. A copy's
modification time is the last moment it belonged to the release that ran; nothing else has to be written down.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

BUILD = Path(__file__).resolve().parent / "static" / "build"
PREFIX = "/static/build/"
HASHED = re.compile(r"-[0-9A-Za-z]{8,}\.\w+(\.map)?$")
FOLDER = "built"
LASTS = timedelta(days=180)
DAY = timedelta(days=1)


def keep(instance: Path, *, now: datetime, build: Path = BUILD) -> int:
    """Copy the files of the release that runs, unless they are there, and note that they are current.

    Returns how many were copied. Repeating is harmless, and two at once too. Raises OSError.
    """
    kept, copied = instance / FOLDER, 0
    for file in _hashed(build):
        copy = kept / file.name
        with contextlib.suppress(FileNotFoundError):
            if copy.stat().st_size == file.stat().st_size:
                if copy.stat().st_mtime < (now - DAY).timestamp():
                    _date(copy, now)
                continue
        kept.mkdir(parents=True, exist_ok=True)
        part = kept / f".{file.name}.{os.getpid()}"
        shutil.copyfile(file, part)
        _date(part, now)
        part.replace(copy)
        copied += 1
    return copied


def let_go(instance: Path, *, now: datetime) -> int:
    """Delete what was last current more than 180 days ago. Returns how many files that were. Raises OSError."""
    gone = 0
    for file in _hashed(instance / FOLDER):
        with contextlib.suppress(FileNotFoundError):
            if file.stat().st_mtime < (now - LASTS).timestamp():
                file.unlink()
                gone += 1
    return gone


def _hashed(folder: Path) -> Iterator[Path]:
    """Give the files named by their content, and their compressed forms."""
    for file in sorted(folder.iterdir()) if folder.is_dir() else ():
        if HASHED.search(file.name.removesuffix(".br").removesuffix(".gz")) and not file.name.startswith("."):
            yield file


def _date(file: Path, moment: datetime) -> None:
    os.utime(file, (moment.timestamp(), moment.timestamp()))
