"""Nudges the server sends by itself, where a provider lets it: two weeks and three days before, and once it is over.

Each date of a module, and each day a delegated task ends, is told of once at each of these, whatever runs twice: what
was told stands in the messages themselves, and a person gets one such message a day. The limits of every nudge hold for
these too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import learning, providers
from app.assessment import delegation
from app.assessment.delegation import DelegationView
from app.kernel import day_of
from app.learning import Standing, Status
from app.learning.queries import Chains
from app.messages.models import Message
from app.messages.rules import may_go_at
from app.messages.service import nudge, one_at_a_time
from app.messages.types import Channel, Kind, Words
from app.messages.words import of_dates
from app.providers import Role

# How long before its date a module is told of, in days, the nearest last. Over: up to two weeks after it.
STEPS = (14, 3)
OVER = timedelta(days=14)
# What was told longer ago than this is about another date.
LOOK_BACK = timedelta(days=120)


@dataclass(frozen=True, slots=True, kw_only=True)
class Titles:
    """What a module is called, and how many minutes it takes."""

    title: str
    minutes: int


def step_of(standing: Standing, today: date) -> str | None:
    """Return which of the three tellings a module is at today, as a word, or None. Pure."""
    day = standing.due
    if day is None or standing.status in (Status.IN_DATE, Status.NEEDS_WATCHING, Status.NOT_NEEDED):
        return None
    return telling(day, today)


def telling(day: date, today: date) -> str | None:
    """Return which of the three tellings a day is at today, as a word, or None. Pure."""
    left = (day - today).days
    if left < 0:
        return "over" if today - day <= OVER else None
    return next((f"due-{step}" for step in sorted(STEPS) if left <= step), None)


def nudge_by_itself(
    session: Session, provider_id: int, *, modules: Mapping[str, Titles], chains: Chains, now: datetime
) -> int:
    """Nudge everybody who is at one of the three moments and was not told of it yet. Says how many were."""
    one_at_a_time(session)
    today = day_of(may_go_at(now))
    people = {m.person_id: m for m in providers.list_members(session, provider_id) if Role.LEARNER in m.roles}
    told = _told(session, provider_id, now)
    due: dict[int, list[tuple[str, str, Standing]]] = defaultdict(list)
    for (person, module), standing in learning.standings_of(
        session, provider_id, tuple(people), chains=chains, now=now
    ).items():
        step = step_of(standing, today)
        if step is None or module not in modules or person not in people:
            continue
        key = f"{step}:{module}:{standing.due}"
        if key not in told[person]:
            due[person].append((key, module, standing))
    ending: dict[int, list[tuple[str, DelegationView]]] = defaultdict(list)
    for task in delegation.in_force(session, provider_id, tuple(people), today):
        step = None if task.withdrawn else telling(task.valid_until, today)
        key = f"{step}:{task.uuid}"
        if step is not None and key not in told[task.person_id]:
            ending[task.person_id].append((key, task))
    occasion = f"by-itself:{today}"
    had = _had(session, provider_id, occasion)
    words = {
        person: _words(people[person].name, due[person], ending[person], modules, today)
        for person in due.keys() | ending.keys()
        if person not in had
    }
    done = nudge(session, provider_id, words, {Channel.PUSH}, in_app=True, by=None, now=now, occasion=occasion)
    return len(done.sent)


def _words(
    name: str,
    due: Sequence[tuple[str, str, Standing]],
    ending: Sequence[tuple[str, DelegationView]],
    modules: Mapping[str, Titles],
    today: date,
) -> Words:
    dates = [
        (
            modules[module].title,
            modules[module].minutes,
            standing.due or today,
            None if standing.due is None or standing.due >= today else standing.completed_at is not None,
        )
        for _, module, standing in sorted(due, key=lambda each: (each[2].due or date.max, each[1]))
    ]
    tasks = [(task.task, task.alias, task.valid_until, task.valid_until < today) for _, task in ending]
    keys = (*(key for key, _, _ in due), *(key for key, _ in ending))
    return Words(text=of_dates(name, dates, tasks), subject=keys)


def _told(session: Session, provider_id: int, now: datetime) -> dict[int, set[str]]:
    found: dict[int, set[str]] = defaultdict(set)
    query = select(Message.person_id, Message.subject).where(
        Message.provider_id == provider_id,
        Message.kind == Kind.NUDGE,
        Message.occasion.is_not(None),
        Message.made_at > now - LOOK_BACK,
    )
    for person, subject in session.execute(query):
        found[person].update(subject)
    return found


def _had(session: Session, provider_id: int, occasion: str) -> set[int]:
    query = select(Message.person_id).where(Message.provider_id == provider_id, Message.occasion == occasion)
    return set(session.scalars(query))
