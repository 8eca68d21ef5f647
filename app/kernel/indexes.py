"""An index that only one of the two databases needs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Index

_ONLY_ON = "only on"


def only_on(dialect: str, index: Index) -> Index:
    """Return an index that is made on this database alone."""
    index.info[_ONLY_ON] = dialect
    return index.ddl_if(dialect=dialect)


def wanted_on(dialect: str) -> Callable[..., bool]:
    """Return what tells Alembic, which compares tables with what they should be, not to miss the other's indexes."""

    def wanted(item: Any, _name: str | None, kind: str, *_others: object) -> bool:
        return kind != "index" or item.info.get(_ONLY_ON, dialect) == dialect

    return wanted
