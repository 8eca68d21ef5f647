"""What both sorts of database can do for a backup."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path
from typing import IO, Protocol

from sqlalchemy.engine import make_url

from app.backup.errors import ToolFailed
from app.backup.sqlite import Sqlite
from app.backup.types import Sort, Survey


class Candidate(Protocol):
    """A database put back in a temporary place. `survey` says what it holds."""

    @property
    def survey(self) -> Survey:
        """What it holds."""

    def take_over(self, label: str) -> str | None:
        """Put it in the place of the present database, and return where that one is kept; None if there was none.

        Raises ServerRunning when something still uses the present one; nothing has changed then.
        """


class Database(Protocol):
    """The database this server is set to use."""

    sort: Sort

    def snapshot(self, scratch: Path) -> AbstractContextManager[tuple[Survey, IO[bytes]]]:
        """Give what the database holds at one moment, and its bytes. Nobody who writes meanwhile has to wait."""

    def candidate(self, content: Path) -> AbstractContextManager[Candidate]:
        """Put the bytes back in a temporary place, checked for soundness; it is gone afterwards.

        Raises NotVerified when it is not sound or cannot be tried. On SQLite `content` itself becomes the database.
        """

    def server(self) -> str | None:
        """Return the present database's server id; None when there is no database or it cannot be read."""

    def nearby(self, folder: Path) -> Path:
        """Return where content for `take_over` should be unpacked, `folder` unless another disk is needed."""


def database_at(url: str) -> Database:
    """Return the database of this address."""
    known = make_url(url)
    if known.get_backend_name() == "postgresql":
        # It brings psycopg, which a server on SQLite never needs.
        from app.backup.postgres import Postgres

        return Postgres(known)
    if not known.database or known.database == ":memory:":
        raise ToolFailed("A database in memory cannot be backed up.")
    return Sqlite(Path(known.database))
