"""How a connection to either database is begun, so that what was acknowledged is on the disk."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, Engine, Table, event, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.kernel.base import Base, table_of

BUSY_TIMEOUT_MS = 5_000
AT_ONCE = "at once"
# A slow reader lets the journal grow; once it is gone the file is cut back to this many bytes.
LONGEST_JOURNAL = 64 * 1024 * 1024


def prepare_engine(engine: Engine) -> None:
    """Give a SQLite engine WAL, full synchronisation, foreign keys and honest transactions. PostgreSQL needs nothing.

    Python's sqlite3 starts transactions by guessing from the statement; switching that off and sending BEGIN ourselves
    lets a writer take the write lock at its first statement (`begin_write`), instead of failing half way.
    """
    if engine.dialect.name != "sqlite" or event.contains(engine, "connect", _set_up_sqlite):
        return
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)


def _set_up_sqlite(dbapi_connection: Any, _record: object) -> None:
    dbapi_connection.isolation_level = None
    cursor = dbapi_connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute(f"PRAGMA journal_size_limit = {LONGEST_JOURNAL}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    wanted = connection.get_execution_options().get("write")
    if wanted != AT_ONCE:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if wanted else "BEGIN DEFERRED")
        return
    connection.exec_driver_sql("PRAGMA busy_timeout = 0")
    try:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    finally:
        connection.exec_driver_sql(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")


def begin_write(session: Session) -> None:
    """End whatever the session was reading and start a transaction that holds SQLite's write lock from the start.

    A SQLite transaction that begins by reading and then writes fails at once, without waiting, when another writer came
    between. Call it at the top of a request that writes. What is pending in the session is committed first.
    """
    if session.in_transaction():
        session.commit()
    session.connection(execution_options={"write": True})


def write_if_free(session: Session, work: Callable[[], object]) -> bool:
    """Do a small write that can wait for another time, in a transaction of its own; say whether it was done.

    It is left undone when somebody else is writing, or when nothing can be written (the disk is full): a request that
    only reads must neither wait nor fail for it. What the session was reading ends before and after.
    """
    if session.in_transaction():
        session.commit()
    try:
        session.connection(execution_options={"write": AT_ONCE})
        if session.get_bind().dialect.name == "postgresql":
            session.execute(text("SET LOCAL lock_timeout = '100ms'"))
        work()
        session.commit()
    except OperationalError:
        session.rollback()
        return False
    return True


def insert_if_new(session: Session, table: type[Base]) -> Any:
    """Return an INSERT that leaves alone what is there already, in this database's own words.

    Two requests may find a row missing at the same moment; with this, neither of them fails.
    """
    return if_new(session.get_bind().dialect.name, table_of(table))


def if_new(dialect: str, table: Table) -> Any:
    """Return the same for a database by its name, for a statement that is made once."""
    words = postgresql if dialect == "postgresql" else sqlite
    return words.insert(table).on_conflict_do_nothing()
