"""How a connection to either database is begun, so that what was acknowledged is on the disk."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, event, func, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.kernel.base import Base, table_of
from app.kernel.lending import LendingSession

BUSY_TIMEOUT_MS = 5_000
AT_ONCE = "at once"
# A slow reader lets the journal grow; once it is gone the file is cut back to this many bytes.
LONGEST_JOURNAL = 64 * 1024 * 1024
# What PostgreSQL says when it may only read, and when it waited too long for the end of a transaction.
NOT_IN_CHARGE = ("25006", "25P03")
# Our own corner of PostgreSQL's advisory locks, those of two numbers; the other number is the lock's name.
TURNS = 20_261


def prepare_engine(engine: Engine) -> None:
    """Give a SQLite engine WAL, full synchronisation, foreign keys and honest transactions.

    Python's sqlite3 starts transactions by guessing from the statement; switching that off and sending BEGIN ourselves
    lets a writer take the write lock at its first statement (`begin_write`), instead of failing half way. A PostgreSQL
    engine only learns what it means when another server took the place of the one it is connected to.
    """
    if engine.dialect.name == "postgresql" and not event.contains(engine, "handle_error", _another_is_in_charge):
        event.listen(engine, "handle_error", _another_is_in_charge)
    if engine.dialect.name != "sqlite" or event.contains(engine, "connect", _set_up_sqlite):
        return
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)


def _another_is_in_charge(context: ExceptionContext) -> None:
    """Throw away connections to a server that became another's replica, and say "try later" as for one that is gone."""
    error = context.original_exception
    if getattr(error, "sqlstate", None) not in NOT_IN_CHARGE or context.connection is None:
        return
    context.is_disconnect = True
    raise OperationalError(
        context.statement, context.parameters, error, hide_parameters=True, connection_invalidated=True
    ) from error


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
    driver: Any = connection.connection.driver_connection
    if driver.in_transaction:
        # `begin_write` did so on a lent connection, and now the session itself has something to ask.
        return
    wanted = connection.get_execution_options().get("write")
    if wanted != AT_ONCE:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if wanted else "BEGIN DEFERRED")
        return
    connection.exec_driver_sql("PRAGMA busy_timeout = 0")
    try:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    finally:
        connection.exec_driver_sql(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")


def look_before_writing(session: Session) -> None:
    """Let known statements (`Prepared`) read without a transaction, until `begin_write`: each sees what is there then.

    For a look at one thing before it is known what to write, on SQLite. A transaction that only reads costs as much as
    the look, and a session's own more than both.
    """
    if isinstance(session, LendingSession) and not session.in_transaction():
        engine = session.get_bind()
        if isinstance(engine, Engine) and engine.dialect.name == "sqlite":
            session.lend(engine)


def begin_write(session: Session) -> None:
    """End whatever the session was reading and start a transaction that holds SQLite's write lock from the start.

    A SQLite transaction that begins by reading and then writes fails at once, without waiting, when another writer came
    between. Call it at the top of a request that writes. What is pending in the session is committed first.
    """
    if isinstance(session, LendingSession) and session.lent is not None:
        if not session.writing and not session.in_transaction():
            # SQLite knows of no transaction yet, so nothing that was seen has to end first.
            session.write()
            return
        session.commit()
    elif session.in_transaction():
        session.commit()
    session.connection(execution_options={"write": True})


def may_write(session: Session) -> bool:
    """Say whether `begin_write` began the transaction the session is in: one that began by reading may fail to."""
    if isinstance(session, LendingSession) and session.lent is not None:
        return session.writing
    return session.in_transaction() and session.connection().get_execution_options().get("write") is True


def write_if_free(session: Session, work: Callable[[], object]) -> bool:
    """Do a small write that can wait for another time, in a transaction of its own; say whether it was done.

    It is left undone when somebody else is writing, or when nothing can be written (the disk is full): a request that
    only reads must neither wait nor fail for it. What the session was reading ends before and after.
    """
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


@contextmanager
def turn(engine: Engine, name: str, *, wait: bool = False) -> Iterator[bool]:
    """Hold `name` for as long as the block lasts; give False where somebody else holds it, or wait for them.

    For what one of several servers is to do at a time. It is held by a transaction of its own, so that it also works
    through a pooler, and ends when the process or the connection does: what is done must withstand being begun twice.
    On SQLite, which several servers do not share, everybody has their turn.
    """
    if engine.dialect.name != "postgresql":
        yield True
        return
    key = (TURNS, func.hashtext(name))
    with engine.connect() as connection:
        if wait:
            connection.execute(select(func.pg_advisory_xact_lock(*key)))
            yield True
        else:
            yield bool(connection.scalar(select(func.pg_try_advisory_xact_lock(*key))))


def insert_if_new(session: Session, table: type[Base]) -> Any:
    """Return an INSERT that leaves alone what is there already, in this database's own words.

    Two requests may find a row missing at the same moment; with this, neither of them fails.
    """
    words = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    return words.insert(table_of(table)).on_conflict_do_nothing()
