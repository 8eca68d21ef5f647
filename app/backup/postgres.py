"""Copying a PostgreSQL database out by pg_dump, and putting one in its place by pg_restore and two renames."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from psycopg import errors as trouble
from psycopg.sql import SQL, Identifier
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from app.backup.errors import NotVerified, ServerRunning, ToolFailed
from app.backup.survey import server_of, survey
from app.backup.types import Sort, Survey

# PostgreSQL cuts longer names off, which would make two of them one.
LONGEST_NAME = 63


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise ToolFailed(f"{name} is not installed. Install PostgreSQL's client programs, of the server's version.")
    return found


def _words(url: URL) -> tuple[str, dict[str, str]]:
    """Return the address for PostgreSQL's own programs, and an environment that holds the password.

    Everybody on a machine can read another's command line.
    """
    # Not by `set`, which takes None for "as it was", and then writes stars where the password stood.
    bare = url.set(drivername="postgresql")._replace(password=None).render_as_string()
    environment = dict(os.environ)
    if url.password:
        environment["PGPASSWORD"] = url.password
    return bare, environment


def _last_line(said: IO[bytes]) -> str:
    said.seek(0)
    lines = said.read().decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else "it did not say why"


@contextlib.contextmanager
def _connected(url: URL, isolation: str = "AUTOCOMMIT") -> Iterator[Connection]:
    engine = create_engine(url, poolclass=NullPool, isolation_level=isolation)
    with engine.connect() as connection:
        yield connection


@dataclass(slots=True)
class PostgresCandidate:
    """A database under a temporary name."""

    url: URL
    name: str
    survey: Survey
    taken: bool = field(default=False)

    def take_over(self, label: str) -> str | None:
        """Give it the name of the present database. Raises ServerRunning."""
        present = str(self.url.database)
        kept = f"{present[: LONGEST_NAME - len(label) - 8]}_before_{label.lower()}"
        with _connected(_beside(self.url)) as connection:
            there_is_one = present in _names(connection)
            if there_is_one:
                _rename(connection, present, kept)
            try:
                _rename(connection, self.name, present)
            except BaseException:
                if there_is_one:
                    _rename(connection, kept, present)
                raise
        self.taken = True
        return kept if there_is_one else None


def _beside(url: URL) -> URL:
    """Return the address of a database on the same server that is not the one we mean."""
    return url.set(database="template1" if url.database == "postgres" else "postgres")


def _names(connection: Connection) -> set[str]:
    return set(connection.execute(text("SELECT datname FROM pg_database")).scalars())


def _rename(connection: Connection, old: str, new: str) -> None:
    words = SQL("ALTER DATABASE {} RENAME TO {}").format(Identifier(old), Identifier(new))
    try:
        connection.exec_driver_sql(words.as_string())
    except DBAPIError as error:
        if isinstance(error.orig, trouble.ObjectInUse):
            raise ServerRunning(
                "The database is in use. Stop the server and the worker first; phones keep their records meanwhile."
            ) from error
        raise


class Postgres:
    """A database on a PostgreSQL server."""

    sort: Sort = "postgresql"

    def __init__(self, url: URL) -> None:
        self.url = url

    @contextlib.contextmanager
    def snapshot(self, scratch: Path) -> Iterator[tuple[Survey, IO[bytes]]]:
        """Give what the database holds, and pg_dump's copy of the very same moment."""
        address, environment = _words(self.url)
        program = _program("pg_dump")
        with _connected(self.url, "REPEATABLE READ") as connection, (scratch / "said").open("w+b") as said:
            moment = connection.execute(text("SELECT pg_export_snapshot()")).scalar_one()
            found = survey(connection)
            command = [program, "--format=custom", "--compress=0", "--no-owner", "--no-privileges"]
            with subprocess.Popen(  # noqa: S603 - a fixed command
                [*command, f"--snapshot={moment}", f"--dbname={address}"],
                env=environment,
                stdout=subprocess.PIPE,
                stderr=said,
            ) as process:
                try:
                    if process.stdout is None:
                        raise ToolFailed("pg_dump gave nothing.")
                    yield found, process.stdout
                except BaseException:
                    process.kill()
                    raise
            if process.returncode:
                raise ToolFailed(f"pg_dump failed: {_last_line(said)}")

    @contextlib.contextmanager
    def candidate(self, content: Path) -> Iterator[PostgresCandidate]:
        """Put it into a database of a temporary name, which is dropped afterwards unless it took over."""
        stem = f"{str(self.url.database)[:40]}_try_"
        name = f"{stem}{secrets.token_hex(4)}"
        with _connected(_beside(self.url)) as connection:
            _drop_left_over(connection, stem)
            _create(connection, name)
        made = None
        try:
            made = PostgresCandidate(self.url, name, self._fill(name, content))
            yield made
        finally:
            if made is None or not made.taken:
                with _connected(_beside(self.url)) as connection:
                    words = SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(Identifier(name))
                    connection.exec_driver_sql(words.as_string())

    def _fill(self, name: str, content: Path) -> Survey:
        place = self.url.set(database=name)
        address, environment = _words(place)
        # A schema that is there already, as in every new database, is no reason to stop.
        command = [_program("pg_restore"), "--exit-on-error", "--clean", "--if-exists", "--no-owner", "--no-privileges"]
        with tempfile.TemporaryFile() as said:
            done = subprocess.run(  # noqa: S603 - a fixed command
                [*command, f"--dbname={address}", str(content)],
                env=environment,
                stdout=subprocess.DEVNULL,
                stderr=said,
                check=False,
            )
            if done.returncode:
                raise NotVerified(f"pg_restore failed: {_last_line(said)}")
        with _connected(place, "REPEATABLE READ") as connection:
            return survey(connection)

    def server(self) -> str | None:
        """Return the present database's server id, if it can still say."""
        with contextlib.suppress(DBAPIError), _connected(self.url) as connection:
            return server_of(connection)
        return None

    def nearby(self, folder: Path) -> Path:
        """Return the folder itself: PostgreSQL has files of its own."""
        return folder


def _create(connection: Connection, name: str) -> None:
    words = SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'").format(Identifier(name))
    try:
        connection.exec_driver_sql(words.as_string())
    except DBAPIError as error:
        if isinstance(error.orig, trouble.InsufficientPrivilege):
            role = connection.execute(text("SELECT current_user")).scalar_one()
            raise NotVerified(
                f"It cannot be tried, as {role} may not make a database. As PostgreSQL's administrator, run once: "
                f"ALTER ROLE {role} CREATEDB"
            ) from error
        raise


def _drop_left_over(connection: Connection, stem: str) -> None:
    """Drop what a run that was killed left. One that is still in use stays."""
    for name in _names(connection):
        if re.fullmatch(re.escape(stem) + "[0-9a-f]{8}", name):
            with contextlib.suppress(DBAPIError):
                connection.exec_driver_sql(SQL("DROP DATABASE {}").format(Identifier(name)).as_string())
