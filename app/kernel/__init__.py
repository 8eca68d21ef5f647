"""Ids, clock, Base and the error base: what every package may use. No care words live here."""

from app.kernel.base import Base, table_of
from app.kernel.clock import utc_now
from app.kernel.database import begin_write, if_new, insert_if_new, prepare_engine, write_if_free
from app.kernel.days import ENGLAND, day_of, end_of, start_of
from app.kernel.errors import DomainError
from app.kernel.ids import new_uuid7
from app.kernel.types import UtcDateTime

__all__ = [
    "ENGLAND",
    "Base",
    "DomainError",
    "UtcDateTime",
    "begin_write",
    "day_of",
    "end_of",
    "if_new",
    "insert_if_new",
    "new_uuid7",
    "prepare_engine",
    "start_of",
    "table_of",
    "utc_now",
    "write_if_free",
]
