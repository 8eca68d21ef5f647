"""Copying an SQLite file out while it is used, and putting one in its place."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from sqlalchemy import create_engine, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.pool import NullPool

from app.backup.disk import owned_like, see_onto_disk
from app.backup.errors import NotVerified, ServerRunning, ToolFailed
from app.backup.survey import server_of, survey
from app.backup.types import Sort, Survey
from app.kernel import prepare_engine

# A few megabytes: between two steps Python can be interrupted.
PAGES = 1_000
SIDE_FILES = ("-wal", "-shm", "-journal")


@dataclass(frozen=True, slots=True)
class SqliteCandidate:
    """A file that may take the database's place."""

    file: Path
    place: Path
    survey: Survey

    def take_over(self, label: str) -> str | None:
        """Put it in the place of the present database. Raises ServerRunning."""
        kept = None
        if self.place.exists():
            _tidy_up_alone(self.place)
            kept = self.place.with_name(f"{self.place.name}.before-{label}")
            # Left only by a database too damaged to be tidied up; they belong to it and would ruin the new one.
            for end in SIDE_FILES:
                with contextlib.suppress(FileNotFoundError):
                    self.place.with_name(self.place.name + end).rename(f"{kept}{end}")
            # Two names for a moment, so that there is no moment without a database.
            kept.hardlink_to(self.place)
            shutil.copymode(self.place, self.file)
        owned_like(self.file, self.place if kept else self.place.parent)
        self.file.replace(self.place)
        see_onto_disk(self.place.parent)
        return str(kept) if kept else None


def _read_only(path: Path) -> sqlite3.Connection:
    """Open a database so that nothing of it changes: SQLite throws away the journal of a file it cannot read."""
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=5)


def _is_beyond_repair(path: Path) -> bool:
    with contextlib.closing(_read_only(path)) as connection:
        try:
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except sqlite3.DatabaseError as error:
            return error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT)
    return False


def _tidy_up_alone(path: Path) -> None:
    """Make one file of the database and its journal, which only works while nobody else has it open."""
    if _is_beyond_repair(path):
        return
    with contextlib.closing(sqlite3.connect(path, timeout=1, isolation_level=None)) as connection:
        try:
            # With this, WAL needs a lock that every other open connection stands in the way of.
            connection.execute("PRAGMA locking_mode = EXCLUSIVE")
            connection.execute("PRAGMA journal_mode = DELETE").fetchone()
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.DatabaseError as error:
            if error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                raise ServerRunning(
                    "The database is in use. Stop the server and the worker first; phones keep their records meanwhile."
                ) from error
            # Damaged where the first look did not reach: it is kept as it is.


class Sqlite:
    """An SQLite file."""

    sort: Sort = "sqlite"

    def __init__(self, path: Path) -> None:
        self.path = path

    @contextlib.contextmanager
    def snapshot(self, scratch: Path) -> Iterator[tuple[Survey, IO[bytes]]]:
        """Give what the database holds, and a copy of its file.

        The copy is made inside one read transaction: in WAL such a reader makes no writer wait, and however much is
        written meanwhile, the copy is of that one moment and does not have to begin again.
        """
        if not self.path.exists():
            raise ToolFailed(f"There is no database at {self.path}. Start the server once: flask serve")
        copy = scratch / "copy.sqlite"
        copy.touch(mode=0o600)
        engine = create_engine(f"sqlite:///{self.path}", poolclass=NullPool)
        prepare_engine(engine)
        with engine.connect() as connection:
            found = survey(connection)
            raw = connection.connection.driver_connection
            if not isinstance(raw, sqlite3.Connection):
                raise ToolFailed("This driver cannot make backups.")
            with contextlib.closing(sqlite3.connect(copy)) as target:
                raw.backup(target, pages=PAGES, progress=lambda _status, _left, _all: None)
                target.execute("PRAGMA journal_mode = DELETE").fetchone()
        with copy.open("rb") as content:
            yield found, content
        copy.unlink()

    @contextlib.contextmanager
    def candidate(self, content: Path) -> Iterator[SqliteCandidate]:
        """Open the file and check every page and index of it."""
        engine = create_engine(f"sqlite:///{content}", poolclass=NullPool)
        try:
            with engine.connect() as connection:
                sound = connection.execute(text("PRAGMA integrity_check(5)")).scalars().all()
                if sound != ["ok"]:
                    raise NotVerified(f"SQLite finds it damaged: {'; '.join(sound)[:200]}.")
                found = survey(connection)
        except DatabaseError as error:
            raise NotVerified("SQLite cannot read it.") from error
        yield SqliteCandidate(content, self.path, found)

    def server(self) -> str | None:
        """Return the present database's server id, if it can still say."""
        if not self.path.exists():
            return None
        engine = create_engine("sqlite://", creator=lambda: _read_only(self.path), poolclass=NullPool)
        with contextlib.suppress(DatabaseError), engine.connect() as connection:
            return server_of(connection)
        return None

    def nearby(self, _folder: Path) -> Path:
        """Return the database's own folder: a file can take another's place only on the same disk."""
        return self.path.parent
