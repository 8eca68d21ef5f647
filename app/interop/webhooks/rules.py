"""What another system is told of, and how long is waited before it is tried again. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from app.interop.feed import Moved


class Event(StrEnum):
    """What is told: a training became overdue, comes due soon, or needs nothing now. `TEST` is about nobody."""

    LAPSED = "training.lapsed"
    DUE_SOON = "training.due_soon"
    IN_DATE = "training.in_date"
    TEST = "test"


class Tells(StrEnum):
    """What of a person is told beside the number they are known by."""

    REFERENCE = "reference"
    NAME = "name"


TO_PICK = (Event.LAPSED, Event.DUE_SOON, Event.IN_DATE)
# Nothing has to be done about these; None: the training is not needed, or not any more.
_SETTLED = (None, "in-date", "not-needed")
# Four days in all, then a person has to look. Much as the Standard Webhooks advise ("Delivery attempts").
WAITS = tuple(
    timedelta(minutes=minutes) for minutes in (1, 5, 30, 2 * 60, 5 * 60, 10 * 60, 14 * 60, 20 * 60, 24 * 60, 24 * 60)
)
GONE = 410


def event_of(moved: Moved) -> Event | None:
    """Return what a change is told as, or None when it is not told."""
    was, now = _status(moved.was), _status(moved.now)
    if now == was:
        return None
    if now == "overdue":
        return Event.LAPSED
    if now == "due-soon":
        return Event.DUE_SOON
    return Event.IN_DATE if now in _SETTLED and was not in _SETTLED else None


def body_of(moved: Moved, event: Event, tells: Collection[str], at: datetime) -> dict[str, Any]:
    """Return what is told of a change, in the shape of the Standard Webhooks ("Payload structure")."""
    cell = moved.now or {}
    person = {"id": str(moved.person)} | {each.value: moved.about[each] for each in Tells if each in tells}
    return {
        "type": event.value,
        "timestamp": stamp(at),
        "data": {
            "person": person,
            "training": {"id": str(moved.training), "title": (moved.now or moved.was or {})["title"]},
            "status": cell.get("status"),
            "was": _status(moved.was),
            "due": cell.get("due"),
            "valid_until": cell.get("valid_until"),
        },
    }


def wait_after(tries: int) -> timedelta | None:
    """Return how long to wait after so many tries that failed, or None when a person has to look."""
    return WAITS[tries - 1] if tries <= len(WAITS) else None


def stamp(at: datetime) -> str:
    """Return a moment in UTC as others read it."""
    return at.isoformat(timespec="seconds").replace("+00:00", "Z")


def _status(cell: Mapping[str, Any] | None) -> str | None:
    return None if cell is None else str(cell["status"])
