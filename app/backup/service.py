"""Making, trying, putting back and listing backups."""

from __future__ import annotations

import contextlib
import errno
import sqlite3
import time
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from app.backup import folder as backups
from app.backup.archive import pack, read_manifest, unpack
from app.backup.databases import Candidate, Database, database_at
from app.backup.errors import AnotherSort, BackupError, NewerVersion, NotFromHere, NotVerified, ToolFailed
from app.backup.rules import is_due
from app.backup.types import Listed, Made, Manifest, Restored

FULL = "The disk is full. Nothing was changed. Make room and try again."


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The database, the folder its backups lie in, and the key, if they are encrypted."""

    url: str
    folder: Path
    key: str | None


@contextlib.contextmanager
def _plain_words() -> Iterator[None]:
    """Say what the machine or the database says in words of ours."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise ToolFailed(FULL) from error
        raise ToolFailed(f"The machine would not: {error.strerror or error}. Nothing was changed.") from error
    except (SQLAlchemyError, sqlite3.Error) as error:
        cause = getattr(error, "orig", None) or error
        if getattr(cause, "sqlite_errorcode", 0) == sqlite3.SQLITE_FULL:
            raise ToolFailed(FULL) from error
        first = (str(cause).strip().splitlines() or [type(cause).__name__])[0]
        raise ToolFailed(f"The database would not: {first}") from error


def create(place: Place, *, kept: int, now: datetime) -> Made:
    """Make a backup while the server runs, put it back in a temporary place, compare, and only then call it verified.

    Afterwards this server's backups beyond the newest `kept` are deleted. Raises NotVerified when what came back is
    not what went in or could not be tried (the file stays, under another name), Busy, or ToolFailed.
    """
    database = database_at(place.url)
    with _plain_words(), backups.held(place.folder):
        return _create(place, database, kept=kept, now=now)


def create_due(place: Place, *, hour: int, kept: int, now: datetime) -> Made | None:
    """Make a backup as `create` does if the newest verified one is older than the last `hour` (UTC); else None.

    It looks while it holds the folder, so two workers at once make one backup.
    """
    database = database_at(place.url)
    with _plain_words(), backups.held(place.folder):
        newest = backups.newest_verified(place.folder, database.server() or "", now=now)
        if not is_due(now, hour, newest.manifest.made_at if newest and newest.manifest else None):
            return None
        return _create(place, database, kept=kept, now=now)


def _create(place: Place, database: Database, *, kept: int, now: datetime) -> Made:
    with backups.scratch(place.folder) as scratch:
        began = time.monotonic()
        part = scratch / "part"
        with database.snapshot(scratch) as (found, content):
            manifest = pack(part, content, made_at=now, sort=database.sort, survey=found, key=place.key)
        copied = time.monotonic()
        try:
            with _tried(part, database, place.key, scratch):
                tried = time.monotonic()
        except BackupError as error:
            path = backups.settle(part, place.folder, now, verified=False)
            raise NotVerified(f"{error} The backup is kept as {path.name}, and does not count as verified.") from error
        path = backups.settle(part, place.folder, now, verified=True)
        deleted = backups.make_room(place.folder, manifest.survey.server, kept)
    return Made(path=path, manifest=manifest, copying=copied - began, trying=tried - copied, deleted=deleted)


@contextlib.contextmanager
def _tried(path: Path, database: Database, key: str | None, scratch: Path) -> Iterator[tuple[Manifest, Candidate]]:
    """Put a backup back in a temporary place and compare what came back with what its manifest says."""
    target = scratch / "tried"
    manifest = unpack(path, target, key=key)
    _check_sort(manifest, database)
    with database.candidate(target) as candidate:
        if candidate.survey != manifest.survey:
            raise NotVerified("What came back is not what went in.")
        yield manifest, candidate
    target.unlink(missing_ok=True)


def _check_sort(manifest: Manifest, database: Database) -> None:
    if manifest.sort != database.sort:
        words = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
        raise AnotherSort(
            f"It was made from {words.get(manifest.sort, 'another database')}, and this server uses "
            f"{words[database.sort]}. Set BV_DATABASE_URL to the sort it was made from."
        )


def verify(place: Place, path: Path) -> tuple[Path, Manifest]:
    """Put a backup back in a temporary place and compare; return its path and manifest.

    One of ours that did not count as verified counts from now on, under its new name. Raises what reading it raises,
    AnotherSort, NotVerified, Busy or ToolFailed.
    """
    database = database_at(place.url)
    with _plain_words(), backups.held(place.folder), backups.scratch(place.folder) as scratch:
        with _tried(path, database, place.key, scratch) as (manifest, _):
            pass
        if path.suffix == backups.UNVERIFIED and path.parent == place.folder:
            path = backups.settle(path, place.folder, manifest.made_at, verified=True)
    return path, manifest


def restore(place: Place, path: Path, *, revisions: Collection[str], another_server: bool, now: datetime) -> Restored:
    """Put a backup in the place of the database, which is kept beside it.

    `revisions` are the migrations this version knows. Everything is checked before anything is moved: raises what
    reading the backup raises, AnotherSort, NewerVersion, NotFromHere unless told that `another_server` is meant,
    NotVerified, Busy, or ServerRunning when something still uses the database.
    """
    database = database_at(place.url)
    manifest = read_manifest(path)
    _check_sort(manifest, database)
    if manifest.survey.revision not in revisions:
        raise NewerVersion("A newer Between Visits made this backup. Update this server first.")
    with _plain_words(), backups.held(place.folder):
        here = database.server()
        if here not in (None, manifest.survey.server) and not another_server:
            raise NotFromHere(
                "It is another server's backup. Phones that send to this server would not know it again. "
                "If you mean it, add --another-server"
            )
        nearby = database.nearby(place.folder)
        nearby.mkdir(parents=True, exist_ok=True)
        with (
            backups.scratch(nearby) as scratch,
            _tried(path, database, place.key, scratch) as (checked, candidate),
        ):
            label = f"{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
            return Restored(manifest=checked, kept=candidate.take_over(label))


def listing(place: Place) -> tuple[Listed, ...]:
    """Return the backups there are, the newest first."""
    return backups.listing(place.folder)
