"""Dates, times and lists in plain English, as the carers' screens have them. Pure: `now` comes in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from app.kernel import ENGLAND, day_of
from app.providers import Role

ROLES = {
    Role.LEARNER: "Carer",
    Role.ASSESSOR: "Assessor",
    Role.TRAINER: "Trainer",
    Role.MANAGER: "Manager",
}


def day(value: date) -> str:
    """Return a day as "12 December 2026"."""
    return f"{value.day} {value:%B %Y}"


def on(value: datetime) -> str:
    """Return the day of a moment, by the clocks of England, as "12 December 2026"."""
    return day(day_of(value))


def moment(value: datetime, now: datetime) -> str:
    """Return a moment as "today 10:42", "yesterday 18:05" or "12 December 2026", by the clocks of England."""
    there, today = value.astimezone(ENGLAND), day_of(now)
    days = (today - day_of(there)).days
    if days == 0:
        return f"today {there:%H:%M}"
    return f"yesterday {there:%H:%M}" if days == 1 else day(day_of(there))


def exact(value: datetime) -> str:
    """Return a moment with its time: "12 December 2026, 10:42"."""
    there = value.astimezone(ENGLAND)
    return f"{day(day_of(there))}, {there:%H:%M}"


def listed(items: Sequence[str]) -> str:
    """Return "a", "a and b", or "a, b and c"."""
    return " and ".join([", ".join(items[:-1]), items[-1]]) if len(items) > 1 else "".join(items)


def roles(held: frozenset[Role]) -> str:
    """Return somebody's roles: "Carer", "Carer and trainer"."""
    return listed([words for role, words in ROLES.items() if role in held]).capitalize()


def count(number: int, one: str, many: str) -> str:
    """Return "1 carer" or "3 carers"."""
    return f"{number} {one if number == 1 else many}"
