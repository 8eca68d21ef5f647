"""The database a simulated server remembers by: kept, put back and copied as a whole, in a few milliseconds."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import psycopg
from psycopg import sql
from sqlalchemy.engine import make_url

from tests.support.postgres import private_postgres


class Database(Protocol):
    """One database. Whoever is connected lets go before `keep` and `put_back`."""

    url: str

    def keep(self, name: str) -> None:
        """Copy everything under a name."""

    def put_back(self, name: str) -> bool:
        """Be again what was kept; says whether there was such a copy."""

    def forget(self, name: str) -> None:
        """Drop a copy; nothing happens when there is none."""


class SqliteFile:
    """A file, and its copies in memory."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "server.sqlite"
        self._copies: dict[str, bytes] = {}
        self.url = f"sqlite:///{self._file}"

    def keep(self, name: str) -> None:
        with contextlib.closing(sqlite3.connect(self._file)) as database:
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self._copies[name] = self._file.read_bytes()

    def put_back(self, name: str) -> bool:
        if name not in self._copies:
            return False
        for ending in ("-wal", "-shm"):
            self._file.with_name(self._file.name + ending).unlink(missing_ok=True)
        self._file.write_bytes(self._copies[name])
        return True

    def forget(self, name: str) -> None:
        self._copies.pop(name, None)


class PostgresDatabase:
    """A database, and its copies in memory: the rows of each table and where its numbers stand.

    Emptying and filling the tables takes a fifth of the time that a new database from a template takes.
    """

    def __init__(self, url: str) -> None:
        parsed = make_url(url)
        self.url = url
        self._hands = psycopg.connect(
            host=parsed.host, port=parsed.port, user=parsed.username, dbname=parsed.database, autocommit=True
        )
        # Rows come back in the order of the tables' names, whatever points to what.
        self._hands.execute("SET session_replication_role = replica")
        self._copies: dict[str, _Rows] = {}

    def keep(self, name: str) -> None:
        with self._hands.transaction(), self._hands.cursor() as cursor:
            tables = [row[0] for row in cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
            numbers = cursor.execute(
                "SELECT sequencename, coalesce(last_value, 1), last_value IS NOT NULL FROM pg_sequences"
            ).fetchall()
            rows = {table: self._read(cursor, table) for table in sorted(tables)}
        self._copies[name] = _Rows(rows, numbers)

    @staticmethod
    def _read(cursor: psycopg.Cursor[Any], table: str) -> bytes:
        # A table that is cut into parts has no rows of its own: they have to be asked for.
        command = sql.SQL("COPY (SELECT * FROM {}) TO STDOUT (FORMAT binary)").format(sql.Identifier(table))
        with cursor.copy(command) as copy:
            return b"".join(bytes(piece) for piece in copy)

    def put_back(self, name: str) -> bool:
        kept = self._copies.get(name)
        if kept is None:
            return False
        with self._hands.transaction(), self._hands.cursor() as cursor:
            for table, rows in kept.rows.items():
                cursor.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
                with cursor.copy(sql.SQL("COPY {} FROM STDIN (FORMAT binary)").format(sql.Identifier(table))) as copy:
                    copy.write(rows)
            for number in kept.numbers:
                cursor.execute("SELECT setval(quote_ident(%s), %s, %s)", number)
        return True

    def forget(self, name: str) -> None:
        self._copies.pop(name, None)


class _Rows(NamedTuple):
    rows: dict[str, bytes]
    numbers: list[Any]


@contextlib.contextmanager
def database_for(sort: str, folder: Path) -> Iterator[Database]:
    """Yield a database of this sort: "sqlite" in the folder, "postgresql" in a cluster of its own."""
    if sort == "sqlite":
        yield SqliteFile(folder)
    elif sort == "postgresql":
        with private_postgres() as url:
            yield PostgresDatabase(url)
    else:
        raise SystemExit("DATABASE is sqlite or postgresql.")
