"""The declarative base all rows share."""

from __future__ import annotations

import pkgutil
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from sqlalchemy import MetaData, Table
from sqlalchemy.orm import DeclarativeBase

PACKAGES = Path(__file__).resolve().parent.parent
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


def import_all_models() -> None:
    """Import every package's rows, so that no table is forgotten by who goes through them all."""
    for package in pkgutil.iter_modules([str(PACKAGES)], "app."):
        if package.ispkg and find_spec(f"{package.name}.models"):
            import_module(f"{package.name}.models")
