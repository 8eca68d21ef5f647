"""When a nudge may go. Pure: `now` comes in. Quiet hours are by the clocks of England, wherever the server is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from app.messages.types import HeldBack, Why

QUIET_FROM, QUIET_UNTIL = time(20), time(8)
WEEK = timedelta(days=7)
MOST_A_WEEK = 2


def _london() -> tzinfo:
    try:
        return ZoneInfo("Europe/London")
    except ZoneInfoNotFoundError:
        # A system without time zones: an hour wrong in summer is better than no server.
        return UTC


LONDON = _london()


def may_go_at(now: datetime) -> datetime:
    """Return the first moment from `now` on that is not in quiet hours: now, or eight in the morning in England."""
    there = now.astimezone(LONDON)
    if QUIET_UNTIL <= there.time() < QUIET_FROM:
        return now
    day = there.date() if there.time() < QUIET_UNTIL else there.date() + timedelta(days=1)
    return datetime.combine(day, QUIET_UNTIL, LONDON).astimezone(UTC)


def held_back(nudges: Sequence[datetime], put_off: datetime | None, now: datetime) -> HeldBack | None:
    """Say whether somebody is to get no nudge now, or None when they may.

    `nudges`: when those of late went, or will go; no seven days ever hold more than two. `put_off`: when they last said
    "Not this week".
    """
    moment = may_go_at(now)
    if put_off is not None and moment < put_off + WEEK:
        return HeldBack(why=Why.NOT_THIS_WEEK, until=put_off + WEEK)
    late = sorted(at for at in nudges if moment - at < WEEK)
    if len(late) >= MOST_A_WEEK:
        return HeldBack(why=Why.TWO_THIS_WEEK, until=late[-MOST_A_WEEK] + WEEK)
    return None
