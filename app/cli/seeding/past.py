"""When somebody of the large provider did which module, and how well: made up, and pure."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.cli.seeding.careers import Career, Pace

# Days from being asked within which the first round is done, and days a refresher comes after its year or three.
FIRST = {Pace.PROMPT: (4, 62), Pace.STEADY: (10, 96), Pace.LATE: (55, 260)}
AGAIN = {Pace.PROMPT: (-80, -8), Pace.STEADY: (-70, 6), Pace.LATE: (-40, 75)}
# How often somebody never comes round to a training.
MISSED = {Pace.PROMPT: 0.0, Pace.STEADY: 0.02, Pace.LATE: 0.2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A training as somebody is asked for it: its modules, and how often it is taken again."""

    modules: tuple[str, ...]
    months: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Go:
    """One time somebody does a module. `lessons`: they read it too, not only answer."""

    at: datetime
    module: str
    how: str
    lessons: bool


def goes(career: Career, asked: Sequence[Asked], luck: random.Random, now: datetime) -> list[Go]:
    """Return what somebody did, oldest first. Who never joined did nothing."""
    if career.pace is Pace.NEVER_JOINED:
        return []
    soonest, latest = FIRST[career.pace]
    # Trainings are done a few at a time, on evenings with signal or without.
    evenings = sorted(luck.uniform(soonest, latest) for _ in range(max(3, len(asked) // 2)))
    found: list[Go] = []
    for training in asked:
        if luck.random() < MISSED[career.pace]:
            continue
        days = luck.choice(evenings)
        at, again = _evening(career.asked_from + timedelta(days=days), luck), False
        while at < career.end(now):
            for module in training.modules:
                found += _module(at, module, luck, again=again)
                at += timedelta(minutes=luck.randint(12, 40))
            if training.months is None:
                break
            early, late = AGAIN[career.pace]
            at += timedelta(days=training.months * 30.4 + luck.uniform(early, late))
            at, again = _evening(at, luck), True
    end = career.end(now) - timedelta(hours=1)
    return sorted((go for go in found if go.at < end), key=lambda go: (go.at, go.module))


def _module(at: datetime, module: str, luck: random.Random, *, again: bool) -> list[Go]:
    """Return one go, and after a bad one a second the next day."""
    # Who takes it again knows much of it, and often goes straight to the questions.
    lessons = not again or luck.random() < 0.35
    [how] = luck.choices(("well", "mixed", "badly"), (78, 17, 5))
    found = [Go(at=at, module=module, how=how, lessons=lessons)]
    if how == "badly":
        second = at + timedelta(days=1, minutes=luck.randint(0, 90))
        found.append(Go(at=second, module=module, how="well", lessons=True))
    return found


def _evening(day: datetime, luck: random.Random) -> datetime:
    """Return a moment of that day when somebody has time: between rounds, or in the evening."""
    hour = luck.choice((6, 10, 11, 14, 15, 19, 20, 20, 21))
    return day.replace(hour=hour, minute=luck.randrange(60), second=luck.randrange(60), microsecond=0)
