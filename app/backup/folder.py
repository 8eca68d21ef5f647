"""The folder of backups. A file gets the name `.backup` only after it was put back and compared; `.unverified` else."""

from __future__ import annotations

import contextlib
import fcntl
import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from app.backup.archive import check_whole, read_manifest
from app.backup.disk import owned_like, see_onto_disk
from app.backup.errors import BackupError, Busy
from app.backup.rules import surplus
from app.backup.types import Listed

VERIFIED = ".backup"
UNVERIFIED = ".unverified"
STEM = "between-visits-"
SCRATCH = ".making-"


@contextlib.contextmanager
def held(folder: Path) -> Iterator[None]:
    """Hold the folder: one command or worker at a time. Let go by the system when the process dies. Raises Busy."""
    if not folder.exists():
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        owned_like(folder, folder.parent)
    lock = folder / ".lock"
    with lock.open("a") as file:
        owned_like(lock, folder)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Busy("Another backup command or worker is busy here. Wait until it has ended.") from None
        yield


@contextlib.contextmanager
def scratch(folder: Path) -> Iterator[Path]:
    """Give a folder for work in progress, and clear away what a run that was killed left. Only while held."""
    for left in folder.glob(f"{SCRATCH}*"):
        shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=SCRATCH, dir=folder) as name:
        yield Path(name)


def settle(part: Path, folder: Path, made_at: datetime, *, verified: bool) -> Path:
    """Give a finished file its name, seen onto the disk."""
    moment = f"{STEM}{made_at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    ending = VERIFIED if verified else UNVERIFIED
    path, number = folder / f"{moment}{ending}", 1
    while path.exists():
        number += 1
        path = folder / f"{moment}-{number}{ending}"
    owned_like(part, folder)
    part.rename(path)
    see_onto_disk(folder)
    return path


def listing(folder: Path) -> tuple[Listed, ...]:
    """Return the backups in the folder, the newest first. Reads manifests only."""
    found = [path for path in folder.glob("*") if path.suffix in (VERIFIED, UNVERIFIED)]
    return tuple(_listed(path) for path in sorted(found, key=lambda path: path.name, reverse=True))


def _listed(path: Path) -> Listed:
    manifest = trouble = None
    try:
        manifest = read_manifest(path)
    except BackupError as error:
        trouble = str(error)
    return Listed(
        path=path,
        verified=path.suffix == VERIFIED,
        size=path.stat().st_size,
        manifest=manifest,
        trouble=trouble,
    )


def newest_verified(folder: Path, server: str, *, now: datetime, whole: bool = False) -> Listed | None:
    """Return this server's newest verified backup, if any; with `whole`, the newest whose every byte is still right.

    One that says it comes from the future does not count: the clock was wrong when it was made.
    """
    for each in listing(folder):
        if not each.verified or each.manifest is None or each.manifest.survey.server != server:
            continue
        if each.manifest.made_at > now:
            continue
        if whole:
            try:
                check_whole(each.path)
            except BackupError:
                continue
        return each
    return None


def make_room(folder: Path, server: str, kept: int) -> tuple[str, ...]:
    """Delete this server's backups beyond the newest `kept`, verified and unverified apart; return their names.

    Those that cannot be tried never push out those that were.
    """
    mine = [each for each in listing(folder) if each.manifest is not None and each.manifest.survey.server == server]
    gone = []
    for verified in (True, False):
        for each in surplus([one for one in mine if one.verified is verified], kept):
            each.path.unlink()
            gone.append(each.path.name)
    return tuple(gone)
