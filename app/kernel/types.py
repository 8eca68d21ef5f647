"""Column types shared by every table."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from pydantic_core import to_json
from sqlalchemy import JSON, DateTime, Dialect, Uuid
from sqlalchemy.types import TypeDecorator


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment in UTC. SQLite forgets time zones, so it is stored without one and given back with one."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a naive datetime: it would silently mean a different moment."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A datetime without a time zone cannot be stored")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any] | None:
        """Write SQLite's text at once: its own way builds it of seven numbers, a third of what storing a row took."""
        if dialect.name != "sqlite":
            return super().bind_processor(dialect)

        # The rows of a batch share the moment it came, and those of a record the moment it was done. Moments that are
        # equal are written alike, in whichever zone they were given.
        @lru_cache(maxsize=64)
        def process(value: datetime | None) -> str | None:
            naive = self.process_bind_param(value, dialect)
            return None if naive is None else naive.isoformat(" ", "microseconds")

        return process

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any] | None:
        """Read SQLite's text with its time zone beside it, in one step: somebody's record has hundreds of moments."""
        if dialect.name != "sqlite":
            return super().result_processor(dialect, coltype)

        def process(value: str | None) -> datetime | None:
            return None if value is None else datetime.fromisoformat(value + "+00:00")

        return process

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """Give the time zone back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def moment_text(moment: datetime) -> str:
    """Return a moment as it travels: UTC, milliseconds, Z."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")[: -len("+00:00")] + "Z"


class MomentText(TypeDecorator[str]):
    """Read a column of moments as `moment_text` writes them, which on SQLite is a part of what is stored."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any] | None:
        """Cut SQLite's text: making a moment of it and a text of that took longer than reading the row."""
        if dialect.name != "sqlite":
            return super().result_processor(dialect, coltype)
        return lambda value: None if value is None else f"{value[:10]}T{value[11:23]}Z"

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> str | None:
        """Write what the database's driver made a moment of."""
        return None if value is None else moment_text(value)


class UuidText(TypeDecorator[str]):
    """Read a column of uuids as they are written."""

    impl = Uuid()
    cache_ok = True

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any] | None:
        """Cut SQLite's digits, as with moments."""
        if dialect.name != "sqlite":
            return super().result_processor(dialect, coltype)
        return lambda hex_: None if hex_ is None else f"{hex_[:8]}-{hex_[8:12]}-{hex_[12:16]}-{hex_[16:20]}-{hex_[20:]}"

    def process_result_value(self, value: UUID | None, _dialect: Dialect) -> str | None:
        """Write what the database's driver made a uuid of."""
        return None if value is None else str(value)


class CompactJson(TypeDecorator[Any]):
    """JSON that nothing but rows of ours is asked for, written by pydantic's writer: an eighth of the time of Python's.

    A text is JSON that was written already. Not for halves of a pair of characters, which the writer refuses, nor for
    what is no number.
    """

    impl = JSON
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any] | None:
        """Write SQLite's text; PostgreSQL, which keeps no text, makes its own of what was not written yet."""
        if dialect.name == "sqlite":
            return lambda value: value if type(value) is str else to_json(value).decode()
        own = super().bind_processor(dialect)
        return None if own is None else lambda value: value if type(value) is str else own(value)
