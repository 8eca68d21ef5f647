"""How long induction takes: days from the start to the first visit alone. Nobody is named or ranked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from statistics import median

from sqlalchemy.orm import Session

from app import providers, supervision
from app.kernel import day_of
from app.learning import FEWEST, add_months
from app.providers import MemberView, ProviderView, Role

MONTHS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class InductionTime:
    """Carers who started since a day: how many, how many still wait for their first visit alone, and the days it took.

    `people` had their first visit alone. `days` is the median, the fewest and the most, of the first five of them, or
    ten, or fifteen; None where there are fewer than five.
    """

    since: date
    started: int
    waiting: int
    people: int
    days: tuple[float, int, int] | None


def induction_time(session: Session, provider: ProviderView, *, today: date) -> InductionTime:
    """Return the induction time of carers who started in the last twelve months. A fixed number of statements."""
    members = providers.list_members(session, provider.id, with_ended=True)
    return time_of(members, supervision.first_visits(session, provider), today=today)


def time_of(members: Iterable[MemberView], first_visits: Mapping[int, date], *, today: date) -> InductionTime:
    """Work it out from every place anybody had and from first visits by person. Pure.

    Somebody who came back is counted by their first start: who has visited alone before needs no second induction.
    Somebody who left without a first visit waits for none, and is counted with those who started.
    """
    since = add_months(today, -MONTHS)
    starts: dict[int, date] = {}
    here: set[int] = set()
    for member in members:
        if Role.LEARNER in member.roles:
            start = day_of(member.started)
            starts[member.person_id] = min(start, starts.get(member.person_id, start))
            if member.ended is None:
                here.add(member.person_id)
    mine = {person_id: start for person_id, start in starts.items() if since <= start <= today}
    # In the order of the visits: one more of them must not push another out of the five.
    took = [
        (visit - mine[person_id]).days
        for visit, person_id in sorted((visit, person_id) for person_id, visit in first_visits.items())
        if person_id in mine and visit >= mine[person_id]
    ]
    told = took[: len(took) - len(took) % FEWEST]
    return InductionTime(
        since=since,
        started=len(mine),
        waiting=sum(person_id in here and person_id not in first_visits for person_id in mine),
        people=len(took),
        days=(median(told), min(told), max(told)) if told else None,
    )
