"""So many rows in every table of a PostgreSQL that it plans as a busy server's does; they are of nobody who is here."""

from __future__ import annotations

import re

from sqlalchemy import CheckConstraint, Column, Connection, Table, func, select, text
from sqlalchemy.types import Date, DateTime, Integer, LargeBinary, String, Uuid

from app.kernel import Base
from tests.support.copied import unique_columns
from tests.support.plans import SMALL

ROWS, PROVIDERS, FIRST = 4_000, 400, 1_000_000


def fill(connection: Connection) -> None:
    """Copy the newest row of each table many times, other people's and other providers', and let the server count.

    Foreign keys lead to rows that are there, or to nothing: no plan depends on it, and no page looks.
    """
    connection.execute(text("SET LOCAL session_replication_role = replica"))
    for table in Base.metadata.sorted_tables:
        if table.name not in SMALL:
            _fill(connection, table)
    connection.execute(text("SET LOCAL session_replication_role = origin"))


def filled(connection: Connection) -> frozenset[str]:
    """The large tables that have so many rows now that reading one whole would be wrong."""
    return frozenset(
        name
        for name, table in Base.metadata.tables.items()
        if name not in SMALL and connection.execute(select(func.count()).select_from(table)).scalar_one() > ROWS // 2
    )


def _fill(connection: Connection, table: Table) -> None:
    newest = [column.desc() for column in table.primary_key]
    row = connection.execute(select(table).order_by(*newest).limit(1)).mappings().first()
    if row is None:
        return
    unique = unique_columns(table)
    columns, values = [], []
    for column in table.columns:
        other = _other(column, unique=column.name in unique) if row[column.name] is not None else None
        columns.append(f'"{column.name}"')
        values.append(other or f'like_this."{column.name}"')
    order = ", ".join(f'"{column.name}" DESC' for column in table.primary_key)
    rows = PROVIDERS if table.name == "providers" else ROWS
    connection.execute(
        text(
            f"INSERT INTO {table.name} ({', '.join(columns)}) SELECT {', '.join(values)} "
            f"FROM generate_series(1, {rows}) AS copied(nth), "
            f"(SELECT * FROM {table.name} ORDER BY {order} LIMIT 1) AS like_this ON CONFLICT DO NOTHING"
        )
    )


def _other(column: Column[object], *, unique: bool) -> str | None:
    """SQL of a value for the nth row that differs from row to row; None where it is the same in all of them."""
    target = next(iter(column.foreign_keys)).column.table.name if column.foreign_keys else column.table.name
    many = PROVIDERS if target == "providers" else ROWS
    if isinstance(column.type, Uuid):
        return "gen_random_uuid()"
    if isinstance(column.type, Integer) and (column.foreign_keys or unique):
        return f"{FIRST} + nth % {many}" if target == "providers" and column.foreign_keys else f"{FIRST} + nth"
    if isinstance(column.type, DateTime):
        return f"like_this.\"{column.name}\" - nth * interval '1 hour'"
    if isinstance(column.type, Date):
        return f'like_this."{column.name}" - nth % 1000'
    if not (unique or column.foreign_keys) or _checked(column):
        return None
    if isinstance(column.type, LargeBinary):
        return "decode(lpad(to_hex(nth), 16, '0'), 'hex')"
    if isinstance(column.type, String):
        room = column.type.length or 40
        return f"left(md5(nth::text) || md5(nth::text), {min(room, 40)})"
    return None


def _checked(column: Column[object]) -> bool:
    """Say whether a rule of the table limits what may stand in a column."""
    checks = [each for each in column.table.constraints if isinstance(each, CheckConstraint)]
    return any(re.search(rf"\b{column.name}\b", str(each.sqltext)) for each in checks)
