"""Tables that grow with what people do: on PostgreSQL they are cut into parts by person, so that one person's rows lie
together, an index stays small, and a part can be vacuumed, moved or given to another machine by itself.

SQLite serves one box, where the same tables are whole. A table says `PARTED_BY_PERSON` among its `__table_args__`; its
parts are in a schema of their own, so that nobody who lists the tables meets them.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, PrimaryKeyConstraint, Table, event, text
from sqlalchemy.ext.compiler import compiles

PARTS = 8
SCHEMA = "parts"
KEY = "person_id"
PARTED_BY_PERSON = {"postgresql_partition_by": f"HASH ({KEY})"}


def is_parted(table: Table) -> bool:
    """Say whether a table is cut into parts on PostgreSQL."""
    return table.dialect_options["postgresql"]["partition_by"] is not None


@compiles(PrimaryKeyConstraint, "postgresql")
def _with_the_person(constraint: PrimaryKeyConstraint, compiler: Any, **options: Any) -> str:
    """PostgreSQL wants what cuts a table in each of its keys; SQLite counts rows only in a key of one column."""
    written: str = compiler.visit_primary_key_constraint(constraint, **options)
    if is_parted(constraint.table) and KEY not in constraint.columns:
        return f"{written.removesuffix(')')}, {KEY})"
    return written


@event.listens_for(Table, "after_create")
def _make_parts(table: Table, connection: Connection, **_options: Any) -> None:
    if connection.dialect.name != "postgresql" or not is_parted(table):
        return
    connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}"))
    for part in range(PARTS):
        connection.execute(
            text(
                f"CREATE TABLE {SCHEMA}.{table.name}_{part} PARTITION OF {table.name} "
                f"FOR VALUES WITH (MODULUS {PARTS}, REMAINDER {part})"
            )
        )
