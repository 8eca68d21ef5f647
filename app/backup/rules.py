"""When a backup is due, and which may go."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TypeVar

Item = TypeVar("Item")


def last_due(now: datetime, hour: int) -> datetime:
    """Return the latest moment, not after `now`, at which a day's backup was due. `hour` is in UTC, as `now` is."""
    today = now.replace(hour=hour, minute=0, second=0, microsecond=0)
    return today if today <= now else today - timedelta(days=1)


def is_due(now: datetime, hour: int, newest: datetime | None) -> bool:
    """Say whether a backup should be made now, the newest verified one being this old.

    A server that was off at the hour makes it when it is back, and a new one at once.
    """
    return newest is None or newest < last_due(now, hour)


def surplus(newest_first: Sequence[Item], kept: int) -> tuple[Item, ...]:
    """Return what is beyond the newest `kept`."""
    return tuple(newest_first[max(kept, 1) :])
