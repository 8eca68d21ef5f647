"""More rows like one that is there: what a page lists grows without going through every form again."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, Table, UniqueConstraint, insert, select

from app.kernel import Base, new_uuid7


def unique_columns(table: Table) -> set[str]:
    """Names of the columns that some key, constraint or index of the table wants to be different in each row."""
    found = {column.name for column in table.primary_key}
    for each in table.constraints:
        if isinstance(each, UniqueConstraint):
            found |= {column.name for column in each.columns}
    for index in table.indexes:
        if index.unique:
            found |= {column.name for column in index.columns}
    return found | {column.name for column in table.columns if column.unique}


def unique_alone(table: Table, name: str) -> bool:
    """Say whether no two rows may have the same value in this column."""
    sets = [each.columns for each in table.constraints if isinstance(each, UniqueConstraint)]
    sets += [index.columns for index in table.indexes if index.unique]
    return any([column.name for column in columns] == [name] for columns in sets)


def varied(table: Table, row: Mapping[str, Any], number: int) -> dict[str, Any]:
    """The row once more, different wherever it has to be. What points to another row still points there."""
    values = dict(row)
    unique = unique_columns(table)
    for column in table.columns:
        if column.name not in unique or column.foreign_keys:
            continue
        value = values[column.name]
        if column.primary_key and isinstance(value, int) and len(table.primary_key) == 1:
            del values[column.name]
        elif isinstance(value, uuid.UUID):
            values[column.name] = new_uuid7()
        elif isinstance(value, int):
            values[column.name] = value + 10_000 + number
        elif isinstance(value, bytes):
            values[column.name] = value + number.to_bytes(3, "big")
        elif isinstance(value, dt.datetime):
            values[column.name] = value + dt.timedelta(seconds=number)
        elif isinstance(value, str):
            room = getattr(column.type, "length", None) or 1000
            values[column.name] = f"{value[: room - 6]}{number + 1:06}"
    return values


def copy_row(connection: Connection, table: Table, times: Iterable[int], **which: Any) -> int:
    """Copy the newest row of `which` for each number; return how many were made.

    Foreign keys hold as they are; where no two rows may point to the same, each copy points to a row that is free.
    """
    where = [table.c[name] == value for name, value in which.items()]
    newest = [column.desc() for column in table.primary_key]
    row = connection.execute(select(table).where(*where).order_by(*newest).limit(1)).mappings().first()
    assert row is not None, f"{table.name} has no row of {which} to copy"
    made = [varied(table, row, number) for number in times]
    for column in table.columns:
        if column.foreign_keys and unique_alone(table, column.name):
            [parent] = [key.column for key in column.foreign_keys]
            free = select(parent).where(parent.not_in(select(column).where(column.is_not(None)))).limit(len(made))
            for values, value in zip(made, connection.scalars(free).all(), strict=True):
                values[column.name] = value
    connection.execute(insert(table), made)
    return len(made)


def tables() -> Mapping[str, Table]:
    """Every table of the models by its name."""
    return Base.metadata.tables
