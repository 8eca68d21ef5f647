"""The declarative base all rows share."""

from __future__ import annotations

from sqlalchemy import MetaData, Table
from sqlalchemy.orm import DeclarativeBase

# Named constraints, so that a migration can drop on PostgreSQL what it made on SQLite.
NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Every table's parent; its metadata is handed to Flask-SQLAlchemy at the edge."""

    metadata = MetaData(naming_convention=NAMING)


def table_of(row: type) -> Table:
    """Return the table of a class of rows, for statements about its columns alone: they make no objects."""
    table = row.__table__  # type: ignore[attr-defined]
    assert isinstance(table, Table), row
    return table
