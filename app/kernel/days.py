"""The one place that turns a moment into a day. Days are those of England, wherever the server is.

A page, a rule and a file that each took "today" their own way would differ for an hour of every summer night.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


def _england() -> tzinfo:
    try:
        return ZoneInfo("Europe/London")
    except ZoneInfoNotFoundError:
        # A system without time zones: an hour wrong in summer is better than no server.
        return UTC


ENGLAND = _england()
# England is never behind UTC and at most an hour ahead: before this hour of UTC, both have the same day.
_LAST_HOUR = 23
# The least there is between two moments of a database.
_TICK = timedelta(microseconds=1)


def day_of(moment: datetime) -> date:
    """Return the day it is in England at an aware moment."""
    # Tens of thousands of times for a big provider's matrix, nearly always in UTC and before its last hour.
    if moment.tzinfo is UTC and moment.hour < _LAST_HOUR:
        return moment.date()
    return moment.astimezone(ENGLAND).date()


def start_of(day: date) -> datetime:
    """Return the first moment of a day in England, in UTC."""
    return datetime.combine(day, time.min, ENGLAND).astimezone(UTC)


def end_of(day: date) -> datetime:
    """Return the last moment of a day in England, in UTC."""
    return start_of(day + timedelta(days=1)) - _TICK
