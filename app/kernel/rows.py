"""Statements sent so often that SQLAlchemy's way to SQLite's driver takes longer than the database."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Iterator, Mapping, Sequence
from operator import itemgetter, methodcaller
from typing import Any
from uuid import UUID
from weakref import WeakKeyDictionary

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Connection,
    Dialect,
    Select,
    Table,
    Update,
    Uuid,
    bindparam,
    exists,
    insert,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, SessionTransaction
from sqlalchemy.types import TypeEngine

Processor = Callable[[Any], Any]


def _same(value: Any) -> Any:
    return value


_connections: WeakKeyDictionary[SessionTransaction, Connection] = WeakKeyDictionary()


def connection_of(session: Session) -> Connection:
    """Return `session.connection()`, which takes longer to find it than SQLite to answer, once a transaction.

    Where the session has lent its connection, it is that, and no transaction of the session's own is begun.
    """
    lent: Connection | None = getattr(session, "lent", None)
    if lent is not None:
        return lent
    begun = session.get_transaction()
    if begun is not None and begun.is_active:
        known = _connections.get(begun)
        if known is not None:
            return known
    connection = session.connection()
    begun = session.get_transaction()
    if begun is not None:
        _connections[begun] = connection
    return connection


def send(connection: Connection, text: str, parameters: Sequence[Any] = (), *, many: bool = False) -> Any:
    """Hand a statement to SQLite's driver and return its cursor. Who listens hears of it; errors are SQLAlchemy's."""
    driver: Any = connection.connection.driver_connection
    cursor = driver.cursor()
    # The engine's own: a connection's, which adds nobody, would be put together anew for each request.
    for listener in connection.engine.dispatch.before_cursor_execute:
        listener(connection, cursor, text, parameters, None, many)
    try:
        return cursor.executemany(text, parameters) if many else cursor.execute(text, parameters)
    except driver.Error as error:
        hidden = connection.engine.hide_parameters
        words = DBAPIError.instance(
            text, parameters, error, driver.Error, hide_parameters=hidden, dialect=connection.dialect
        )
        raise words from error


_without_dashes = methodcaller("replace", "-", "")


def _id_written(value: UUID | str | None) -> str | None:
    """Return an id as SQLAlchemy stores it in SQLite; what is a text already needs no object made of it."""
    if type(value) is str:
        return value.replace("-", "")
    return None if value is None else value.hex  # type: ignore[union-attr]


def _own_processor(type_: TypeEngine[Any]) -> Processor | None:
    """Return what turns a value of this type into SQLite's in less time than SQLAlchemy's, which gives the same."""
    if type(type_) is Uuid:
        return _id_written if type_.as_uuid else _without_dashes
    # The driver itself stores truth as 1.
    return _same if type(type_) is Boolean else None


class _Insert:
    """An INSERT into these columns in one database's own words, and what makes of each value what its driver takes."""

    def __init__(self, table: Table, columns: Sequence[str], dialect: Dialect) -> None:
        compiled = insert(table).compile(dialect=dialect, column_keys=columns)
        order = tuple(compiled.positiontup or ())
        assert sorted(order) == sorted(columns), f"{table}: give every column a value that has one of its own"
        self.text = str(compiled)
        self._order, self._values_of = order, itemgetter(*order)
        types = (table.columns[name].type.dialect_impl(dialect) for name in order)
        processors = (_own_processor(each) or each.bind_processor(dialect) for each in types)
        self._processors: list[tuple[int, Processor]] = [
            (place, processor) for place, processor in enumerate(processors) if processor not in (None, _same)
        ]

    def parameters(self, rows: Sequence[Mapping[str, Any]]) -> Iterator[tuple[Any, ...]]:
        """Return the rows as the driver takes them. Column by column: calling is what costs."""
        by_column: list[Any] = list(zip(*map(self._values_of, rows), strict=True))
        for place, processor in self._processors:
            by_column[place] = map(processor, by_column[place])
        return zip(*by_column, strict=True)

    def parameters_of(
        self, shared: Mapping[str, Any], columns: Mapping[str, Sequence[Any]]
    ) -> Iterator[tuple[Any, ...]]:
        """Return the same of columns; what is shared is turned once."""
        number = len(next(iter(columns.values())))
        processors = dict(self._processors)
        by_column: list[Any] = []
        for place, name in enumerate(self._order):
            processor = processors.get(place, _same)
            if name in shared:
                by_column.append((processor(shared[name]),) * number)
                continue
            values = columns[name]
            if processor is _id_written and {*map(type, values)} == {str}:
                processor = _without_dashes
            by_column.append(map(processor, values) if processor is not _same else values)
        return zip(*by_column, strict=True)


_made: WeakKeyDictionary[Dialect, dict[tuple[Table, tuple[str, ...]], _Insert]] = WeakKeyDictionary()


def insert_rows(session: Session, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add rows that all have the columns of the first, in one statement; none adds nothing. An id may be its text.

    What is stored is what `session.execute(insert(table), rows)` stores, to the byte: text and values come from
    SQLAlchemy's own compiler and types. But that works each row out by itself, three times as long as SQLite takes to
    store it. PostgreSQL, to which a row is a journey, is left to it.
    """
    if not rows:
        return
    connection = connection_of(session)
    if connection.dialect.name != "sqlite":
        connection.execute(insert(table), rows)
        return
    made = _insert_of(connection.dialect, table, tuple(rows[0]))
    send(connection, made.text, list(made.parameters(rows)), many=True)


def insert_columns(
    session: Session, table: Table, shared: Mapping[str, Any], columns: Mapping[str, Sequence[Any]]
) -> None:
    """Add rows as `insert_rows` does, given as columns of one length, and what all of them have alike."""
    number = len(next(iter(columns.values())))
    if not number:
        return
    connection = connection_of(session)
    if connection.dialect.name != "sqlite":
        each = (dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True))
        connection.execute(insert(table), [{**shared, **row} for row in each])
        return
    made = _insert_of(connection.dialect, table, (*shared, *columns))
    send(connection, made.text, list(made.parameters_of(shared, columns)), many=True)


def _insert_of(dialect: Dialect, table: Table, columns: tuple[str, ...]) -> _Insert:
    known = _made.setdefault(dialect, {})
    made = known.get((table, columns))
    if made is None:
        made = known[table, columns] = _Insert(table, columns, dialect)
    return made


class _Compiled:
    """A statement in SQLite's words, for lists of these lengths."""

    def __init__(
        self, statement: Select[*tuple[Any, ...]] | Update, dialect: Dialect, parameters: Mapping[str, Any]
    ) -> None:
        compiled: Any = statement.compile(dialect=dialect)
        state = compiled.construct_expanded_state(parameters)
        self.text: str = state.statement
        whole = {part: name for name, parts in state.parameter_expansion.items() for part in parts}
        # What the statement says itself, such as the 1 of `> 1`.
        self._own = {name: bound.value for name, bound in compiled.binds.items() if not bound.required}
        self._sources: list[tuple[str, Processor, bool]] = []
        for each in state.positiontup:
            name = whole.get(each, each)
            if each in whole and each != state.parameter_expansion[name][0]:
                continue
            type_ = compiled.binds[name].type.dialect_impl(dialect)
            processor = _own_processor(type_) or type_.bind_processor(dialect)
            self._sources.append((name, processor or _same, each in whole))

    def parameters(self, given: Mapping[str, Any]) -> tuple[Any, ...]:
        """Return what was given as the driver takes it."""
        found: list[Any] = []
        if self._own:
            given = {**self._own, **given}
        for name, processor, is_list in self._sources:
            if is_list:
                found.extend(map(processor, given[name]))
            else:
                found.append(processor(given[name]))
        return tuple(found)


def any_of_one(table: Any) -> ColumnElement[bool]:
    """Return, as a part of a statement, whether a table has a row of `person` at `provider`, its bound parameters."""
    return exists().where(table.provider_id == bindparam("provider"), table.person_id == bindparam("person"))


class Prepared:
    """A SELECT or UPDATE with bound parameters, asked again and again.

    It means what `session.execute` means, in an eighth of the time on SQLite: SQLAlchemy's compiler and types are asked
    once for its text and for what turns values to and fro. Rows have the names of their columns. PostgreSQL, to which
    a statement is a journey, gets what SQLAlchemy sends.
    """

    def __init__(self, statement: Select[*tuple[Any, ...]] | Update) -> None:
        self._statement = statement
        # What was made for the database that asked last: a process has one.
        self._compiled: tuple[Dialect | None, dict[tuple[int, ...], _Compiled]] = (None, {})
        self._readers: tuple[Dialect | None, Callable[..., Any], list[tuple[int, Processor]]] = (None, _same, [])

    def all(self, session: Session, **parameters: Any) -> Sequence[Any]:
        """Return the rows."""
        connection = connection_of(session)
        if connection.dialect.name != "sqlite":
            return connection.execute(self._statement, parameters).all()
        made, readers = self._reader(connection.dialect)
        rows: list[Any] = self._sent(connection, parameters).fetchall()
        if not rows:
            return rows
        if len(rows) == 1:
            row = list(rows[0])
            for place, processor in readers:
                row[place] = processor(row[place])
            return [made(*row)]
        by_column: list[Any] = list(zip(*rows, strict=True))
        for place, processor in readers:
            by_column[place] = map(processor, by_column[place])
        return list(map(made, *by_column))

    def first(self, session: Session, **parameters: Any) -> Any:
        """Return the first row, or None."""
        rows = self.all(session, **parameters)
        return rows[0] if rows else None

    def run(self, session: Session, **parameters: Any) -> None:
        """Send it, for what it does."""
        connection = connection_of(session)
        if connection.dialect.name != "sqlite":
            connection.execute(self._statement, parameters)
        else:
            self._sent(connection, parameters)

    def _sent(self, connection: Connection, parameters: dict[str, Any]) -> Any:
        lengths = []
        for name, value in parameters.items():
            if isinstance(value, list):
                # Lists of like length share a text: what is in it twice is found once. So few texts are ever made.
                length = 1 << max(0, len(value) - 1).bit_length()
                if value:
                    parameters[name] = value + value[-1:] * (length - len(value))
                lengths.append(length if value else 0)
        dialect, known = self._compiled
        if dialect is not connection.dialect:
            known = {}
            self._compiled = connection.dialect, known
        key = tuple(lengths)
        made = known.get(key)
        if made is None:
            made = known[key] = _Compiled(self._statement, connection.dialect, parameters)
        return send(connection, made.text, made.parameters(parameters))

    def _reader(self, dialect: Dialect) -> tuple[Callable[..., Any], list[tuple[int, Processor]]]:
        known, made, readers = self._readers
        if known is not dialect:
            assert isinstance(self._statement, Select), "only a SELECT has rows"
            columns = self._statement.selected_columns
            processors = (each.type.dialect_impl(dialect).result_processor(dialect, None) for each in columns)
            row: Callable[..., Any] = namedtuple("Row", tuple(columns.keys()))  # type: ignore[misc]
            readers = [(place, each) for place, each in enumerate(processors) if each is not None]
            self._readers = dialect, row, readers
            return row, readers
        return made, readers
