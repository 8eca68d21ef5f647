"""Minutes of learning in a month, for pay. The carer's phone counts the same; the cases are in tests/contract/minutes.

What counts is a finished go: the seconds its module was open and in sight, lessons included. A month is one of the
calendar by the clocks of England, and a go belongs to the month in which it was finished, however late it arrives. The
seconds of a month are added up before they are rounded to minutes, so that many short goes lose nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.kernel import day_of, start_of
from app.learning.models import AttemptResult


def month_of(moment: datetime) -> date:
    """Return the first day of the month a moment lies in, by the clocks of England."""
    return day_of(moment).replace(day=1)


def bounds(month: date) -> tuple[datetime, datetime]:
    """Return when a month begins and when the next one does, in UTC. `month` is any day of it."""
    first = month.replace(day=1)
    following = date(first.year + first.month // 12, first.month % 12 + 1, 1)

    return start_of(first), start_of(following)


def minutes(seconds: int) -> int:
    """Return whole minutes, half a minute upwards."""
    return (seconds + 30) // 60


def minutes_in(goes: Iterable[tuple[datetime, int]], month: date) -> int:
    """Return the minutes of finished goes in a month. `goes`: when each was finished, and its seconds."""
    start, end = bounds(month)
    return minutes(sum(seconds for at, seconds in goes if start <= at < end))


def minutes_of(session: Session, provider_id: int, month: date) -> dict[int, int]:
    """Return the minutes each of a provider's people learned in a month, by person id. One statement.

    People without a go in it are left out.
    """
    start, end = bounds(month)
    rows = session.execute(
        select(AttemptResult.person_id, func.sum(AttemptResult.seconds))
        .where(AttemptResult.provider_id == provider_id, AttemptResult.at >= start, AttemptResult.at < end)
        .group_by(AttemptResult.person_id)
    )
    return {person_id: minutes(int(seconds)) for person_id, seconds in rows}
