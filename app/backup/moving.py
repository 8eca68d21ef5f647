"""Moving a server's SQLite into an empty PostgreSQL: every row as it is, compared before it counts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Connection, Table, create_engine, func, inspect, select, text
from sqlalchemy.exc import SQLAlchemyError

from app.backup.errors import AnotherSort, NotVerified, ServerRunning, ToolFailed
from app.backup.survey import SERVER, survey
from app.backup.types import Survey
from app.kernel import Base, prepare_engine

AT_ONCE = 500
# A new server's own row, made with its tables. Whose rows come keeps the name its phones know.
OWN = "server"


def move_in(target: Connection, file: Path) -> Survey:
    """Copy everything in a SQLite file into the PostgreSQL of `target`, whose tables are there and empty.

    Whoever writes to the file meanwhile is told to try later, and both have to be of this version. The caller commits;
    before that nobody sees any of it. Raises AnotherSort, ServerRunning, ToolFailed, or NotVerified when what arrived
    is not what was there.
    """
    if target.dialect.name != "postgresql":
        raise AnotherSort("BV_DATABASE_URL leads to no PostgreSQL. Set it to the one everything is to move into.")
    if not file.is_file():
        raise ToolFailed(f"There is no file {file}.")
    source = create_engine(f"sqlite:///{file}")
    prepare_engine(source)
    try:
        with source.connect().execution_options(write=True) as connection:
            return _move(connection, target)
    except SQLAlchemyError as error:
        raise ToolFailed(f"It could not be moved ({type(error).__name__}). Nothing was changed.") from error
    finally:
        source.dispose()


def _move(source: Connection, target: Connection) -> Survey:
    before, empty = survey(source), survey(target)
    tables = Base.metadata.sorted_tables
    if before.revision != empty.revision or set(before.tables) != set(empty.tables):
        raise ToolFailed("The file is of another version. Start this version on it once, then stop it again.")
    if missing := {table.name for table in tables} ^ (set(before.tables) - {"alembic_version"}):
        raise ToolFailed(f"Tables are not those of this version: {', '.join(sorted(missing))}.")
    if full := [name for name, rows in empty.tables.items() if rows and name not in (OWN, "alembic_version")]:
        words = f"The PostgreSQL is in use: there are rows in {', '.join(full)}."
        raise ServerRunning(f"{words} Make an empty one, and run there first: flask db upgrade")
    target.execute(SERVER.delete())
    for table in tables:
        _copy(source, target, table)
    _count_on(target, tables)
    after = survey(target)
    if after != before:
        raise NotVerified("What arrived is not what was there. Nothing was changed.")
    return after


def _copy(source: Connection, target: Connection, table: Table) -> None:
    """Copy a table's rows by its key. What points to another row of the same table follows once all are there."""
    own = [column for column in table.columns if any(key.column.table is table for key in column.foreign_keys)]
    key = list(table.primary_key.columns)
    for rows in _rows(source, table, key):
        target.execute(table.insert(), [{**row, **dict.fromkeys(each.name for each in own)} for row in rows])
    for column in own:
        for row in source.execute(select(*key, column).where(column.is_not(None))).mappings():
            this = [each == row[each.name] for each in key]
            target.execute(table.update().where(*this).values({column.name: row[column.name]}))


def _rows(source: Connection, table: Table, key: list[Column[Any]]) -> Iterator[list[dict[str, Any]]]:
    query = select(table).order_by(*key)
    for rows in source.execute(query, execution_options={"yield_per": AT_ONCE}).mappings().partitions():
        yield [dict(row) for row in rows]


def _count_on(target: Connection, tables: list[Table]) -> None:
    """Let new rows be numbered after those that came."""
    for table in tables:
        for column in table.primary_key.columns:
            counter = _counter(target, table.name, column.name)
            if counter is not None:
                highest = target.scalar(select(func.max(column)))
                target.execute(select(func.setval(counter, highest or 1, highest is not None)))


def _counter(target: Connection, table: str, column: str) -> str | None:
    """Return the sequence a column is numbered by, which need not belong to it."""
    default = next(each["default"] for each in inspect(target).get_columns(table) if each["name"] == column)
    if default and default.startswith("nextval("):
        return str(default.split("'")[1])
    owned = target.scalar(text("SELECT pg_get_serial_sequence(:table, :column)"), {"table": table, "column": column})
    return None if owned is None else str(owned)
