"""Adding many rows at once, as fast as the driver takes them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Dialect, Table, insert
from sqlalchemy.orm import Session

Processor = Callable[[Any], Any]


class _Insert:
    """An INSERT into these columns in one database's own words, and what makes of each value what its driver takes."""

    def __init__(self, table: Table, columns: Sequence[str], dialect: Dialect) -> None:
        compiled = insert(table).compile(dialect=dialect, column_keys=columns)
        order = tuple(compiled.positiontup or ())
        assert sorted(order) == sorted(columns), f"{table}: give every column a value that has one of its own"
        self.text = str(compiled)
        self._values_of = itemgetter(*order)
        types = (table.columns[name].type.dialect_impl(dialect) for name in order)
        self._processors: list[tuple[int, Processor]] = [
            (place, processor)
            for place, processor in enumerate(each.bind_processor(dialect) for each in types)
            if processor is not None
        ]

    def parameters(self, rows: Sequence[Mapping[str, Any]]) -> Iterator[tuple[Any, ...]]:
        """Return the rows as the driver takes them. Column by column: calling is what costs."""
        by_column: list[Any] = list(zip(*map(self._values_of, rows), strict=True))
        for place, processor in self._processors:
            by_column[place] = map(processor, by_column[place])
        return zip(*by_column, strict=True)


_made: WeakKeyDictionary[Dialect, dict[tuple[Table, tuple[str, ...]], _Insert]] = WeakKeyDictionary()


def insert_rows(session: Session, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add rows that all have the columns of the first, in one statement; none adds nothing.

    What is stored is what `session.execute(insert(table), rows)` stores, to the byte: text and values come from
    SQLAlchemy's own compiler and types. But that works each row out by itself, three times as long as SQLite takes to
    store it. PostgreSQL, to which a row is a journey, is left to it.
    """
    if not rows:
        return
    connection = session.connection()
    dialect = connection.dialect
    if dialect.name != "sqlite":
        connection.execute(insert(table), rows)
        return
    known = _made.setdefault(dialect, {})
    columns = tuple(rows[0])
    if (table, columns) not in known:
        known[table, columns] = _Insert(table, columns, dialect)
    made = known[table, columns]
    connection.exec_driver_sql(made.text, list(made.parameters(rows)))
