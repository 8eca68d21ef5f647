"""Reading every row of a database as it is, and putting a row into tables that have none."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Column, Engine, MetaData, Table, inspect, select
from sqlalchemy.types import JSON, BigInteger, Boolean, Date, DateTime, Float, Integer, LargeBinary, String, Uuid

MOMENT = datetime(2026, 6, 15, 12, 0, tzinfo=UTC)
VERSIONS = "alembic_version"


def tables_of(engine: Engine) -> list[str]:
    """The names of the tables that are there now, whatever the code says."""
    return [name for name in inspect(engine).get_table_names() if name != VERSIONS]


def rows_of(engine: Engine, models: Mapping[str, Table] | None = None) -> dict[str, list[dict[str, str]]]:
    """Every row of every table, each value as text: as the database's own driver gives it, or as `models` read it."""
    names = tables_of(engine)
    with engine.connect() as connection:
        return {
            name: [
                {key: repr(value) for key, value in row._mapping.items()}
                for row in (
                    connection.execute(select(models[name]))
                    if models
                    else connection.exec_driver_sql(f'SELECT * FROM "{name}"')
                )
            ]
            for name in names
        }


def missing(before: dict[str, list[dict[str, str]]], after: dict[str, list[dict[str, str]]]) -> list[str]:
    """Name what is gone: tables, and rows whose columns that are still there no longer read the same."""
    gone = [name for name in before if name not in after]
    for name in before.keys() & after.keys():
        for row in before[name]:
            if not any(all(other[key] == value for key, value in row.items() if key in other) for other in after[name]):
                gone.append(f"{name}: {row}")
    return gone


def fill_empty_tables(engine: Engine) -> list[str]:
    """Put one row into each table that has none; return their names. A rule it cannot meet raises IntegrityError."""
    empty = {name for name, rows in rows_of(engine).items() if not rows}
    # Reading what a table is made of takes longer than all else here, so those that have rows are left alone.
    metadata = MetaData()
    if empty:
        metadata.reflect(engine, only=sorted(empty))
    parents_first = [table for table in metadata.sorted_tables if table.name in empty]
    for table in parents_first:
        choices = _choices(engine, table.name)
        with engine.begin() as connection:
            values = {
                column.name: _value(connection, column, choices)
                for column in table.columns
                if not column.nullable or column.primary_key
            }
            connection.execute(table.insert().values(values))
    return [table.name for table in parents_first]


def _choices(engine: Engine, table: str) -> dict[str, str]:
    """The first allowed word of each column that a CHECK limits to a list, in either database's way of writing it."""
    found = {}
    for check in inspect(engine).get_check_constraints(table):
        words = str(check["sqltext"])
        column = re.match(r"\(*\"?(\w+)", words)
        word = re.search(r"(?: IN |ANY).*?'([^']*)'", words, re.DOTALL)
        if column and word:
            found[column[1]] = word[1]
    return found


def _value(connection: Any, column: Column[Any], choices: dict[str, str]) -> Any:
    for key in column.foreign_keys:
        return connection.execute(select(key.column).limit(1)).scalar_one()
    if column.name in choices:
        return choices[column.name]
    match column.type:
        case Boolean():
            return False
        case Integer() | BigInteger() | Float():
            return 1
        case DateTime():
            return MOMENT
        case Date():
            return MOMENT.date()
        case JSON():
            return {}
        case LargeBinary():
            return b"{}"
        case Uuid():
            return uuid.UUID(int=1)
        case String():
            # SQLite keeps a UUID as 32 digits; text that is read as JSON is an empty object.
            return "{}".ljust(min(column.type.length or 2, 2)) if column.type.length != 32 else "0" * 32
    raise AssertionError(f"No value is known for {column}")
