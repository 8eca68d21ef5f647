"""Ids, clock, Base and the error base: what every package may use. No care words live here."""

from app.kernel.base import Base, import_all_models, table_of
from app.kernel.clock import utc_now
from app.kernel.database import (
    begin_write,
    insert_if_new,
    look_before_writing,
    may_write,
    prepare_engine,
    turn,
    write_if_free,
)
from app.kernel.days import ENGLAND, day_of, end_of, start_of
from app.kernel.errors import DomainError
from app.kernel.ids import new_uuid7
from app.kernel.indexes import only_on, wanted_on
from app.kernel.lending import LendingSession
from app.kernel.parts import PARTED_BY_PERSON
from app.kernel.rows import Prepared, any_of_one, insert_columns, insert_rows
from app.kernel.types import CompactJson, MomentText, UtcDateTime, UuidText, moment_text

__all__ = [
    "ENGLAND",
    "PARTED_BY_PERSON",
    "Base",
    "CompactJson",
    "DomainError",
    "LendingSession",
    "MomentText",
    "Prepared",
    "UtcDateTime",
    "UuidText",
    "any_of_one",
    "begin_write",
    "day_of",
    "end_of",
    "import_all_models",
    "insert_columns",
    "insert_if_new",
    "insert_rows",
    "look_before_writing",
    "may_write",
    "moment_text",
    "new_uuid7",
    "only_on",
    "prepare_engine",
    "start_of",
    "table_of",
    "turn",
    "utc_now",
    "wanted_on",
    "write_if_free",
]
