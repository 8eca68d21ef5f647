"""When a nudge may go. Pure: `now` comes in. Quiet hours are by the clocks of England, wherever the server is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta

from app.kernel import ENGLAND, day_of
from app.messages.types import HeldBack, Why

QUIET_FROM, QUIET_UNTIL = time(20), time(8)
WEEK = timedelta(days=7)
MOST_A_WEEK = 2


def may_go_at(now: datetime) -> datetime:
    """Return the first moment from `now` on that is not in quiet hours: now, or eight in the morning in England."""
    there = now.astimezone(ENGLAND)
    if QUIET_UNTIL <= there.time() < QUIET_FROM:
        return now
    day = day_of(there) if there.time() < QUIET_UNTIL else day_of(there) + timedelta(days=1)
    return datetime.combine(day, QUIET_UNTIL, ENGLAND).astimezone(UTC)


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
