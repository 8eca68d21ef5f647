"""Who works at the large provider from when to when, and how they learn: made up, and pure."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.cli.seeding.names import names

YEARS = 3
OPEN = timedelta(days=365 * YEARS)
# New carers begin together, as in a real induction week.
INTAKE = timedelta(days=14)
TEAMS = ("Town", "Riverside", "Hill villages", "East estates", "Coast road", "Market square", "Nights", "Reablement")


class Pace(StrEnum):
    """How somebody takes up learning."""

    PROMPT = "prompt"
    STEADY = "steady"
    LATE = "late"
    NEVER_JOINED = "never-joined"


PACES = {Pace.PROMPT: 56, Pace.STEADY: 31, Pace.LATE: 10, Pace.NEVER_JOINED: 3}


@dataclass(frozen=True, slots=True, kw_only=True)
class Career:
    """One carer's time here. `profile` is a usual profile's key; `asked_from` is when the provider first asked."""

    name: str
    began: datetime
    asked_from: datetime
    left: datetime | None
    profile: str
    pace: Pace
    team: str
    assessor: bool

    def end(self, now: datetime) -> datetime:
        """Return when they left, or now."""
        return self.left or now


def careers(how_many: int, luck: random.Random, now: datetime) -> tuple[Career, ...]:
    """Return the careers of `how_many` carers who are here now and of about a third as many who left, oldest first."""
    opened = now - OPEN
    left = round(how_many * 0.3)
    found = []
    for place, name in enumerate(names(how_many + left, luck)):
        before = luck.random() < 0.42
        if before:
            began = opened - timedelta(days=luck.randint(20, 2400))
        else:
            began = opened + INTAKE * luck.randint(1, OPEN // INTAKE - 1)
        gone = None
        if place >= how_many:
            # Half of those who leave do so within a year.
            days = luck.expovariate(1 / 400) + 25
            gone = min(max(began, opened) + timedelta(days=days), now - timedelta(days=luck.randint(3, 300)))
            began = min(began, gone - timedelta(days=20))
        assessor = place < how_many and place % 50 == 0
        [pace] = luck.choices(list(PACES), list(PACES.values()))
        if assessor:
            began, pace = opened - timedelta(days=luck.randint(300, 2400)), Pace.PROMPT
        here = now - began
        found.append(
            Career(
                name=name,
                began=began,
                asked_from=max(began, opened),
                left=gone,
                profile=_profile(assessor, here, luck),
                pace=pace,
                team=luck.choice(TEAMS),
                assessor=assessor,
            )
        )
    return tuple(sorted(found, key=lambda each: (each.began, each.name)))


def _profile(assessor: bool, here: timedelta, luck: random.Random) -> str:
    if assessor or (here > timedelta(days=700) and luck.random() < 0.12):
        return "senior"
    return "new-to-care" if here < timedelta(days=100) else "care-worker"
