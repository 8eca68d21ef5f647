"""Turning what is needed into assignments, which phones and every page show by the one rule of learning."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from app import catalogue, learning
from app.kernel import day_of
from app.learning import Asked
from app.providers import MemberView
from app.requirements.board import (
    Evidence,
    asked_for,
    by_certificate,
    exception_on,
    gather,
    module_stands,
    starts_of,
)
from app.requirements.types import Dates, Elsewhere, TrainingView


@dataclass(frozen=True, slots=True, kw_only=True)
class CarriedOut:
    """How many assignments were added, and how many ended."""

    added: int
    ended: int

    def __bool__(self) -> bool:
        return bool(self.added or self.ended)


def carry_out(
    session: Session,
    provider_id: int,
    now: datetime,
    *,
    by: int | None = None,
    people: Collection[int] | None = None,
) -> CarriedOut:
    """Ask everybody, or only these people, for the modules their profiles need now, and for no others of a profile.

    Safe to repeat. A module is not asked for while an accepted certificate from elsewhere or something that was
    recognised stands in for it, nor during an exception, nor while nobody publishes it here. What a manager asked for
    by hand is left alone; so are the assignments of those who left. The number of statements does not depend on how
    many people there are.
    """
    chains = catalogue.listing(session, provider_id).chains()
    known = gather(session, provider_id, moment=now, people=people, chains=chains)
    wanted: dict[tuple[int, str], Asked] = {}
    for member in known.members:
        for training in known.trainings:
            if (member.person_id, training.uuid) not in known.since:
                continue
            for module, asked in _asked(known, member, training).items():
                key = (member.person_id, module)
                wanted[key] = asked if key not in wanted else _stricter(wanted[key], asked)
    here = [member.person_id for member in known.members]
    added, ended = learning.bring_into_line(session, provider_id, here, wanted, now=now, by=by)
    return CarriedOut(added=added, ended=ended)


def _asked(known: Evidence, member: MemberView, training: TrainingView) -> dict[str, Asked]:
    """Return the modules a training asks a person for today, by key."""
    today = day_of(known.moment)
    if exception_on(known, (member.person_id, training.uuid), today) is not None:
        return {}
    starts = starts_of(known, member, training)
    had = None
    if training.elsewhere is Elsewhere.INSTEAD:
        had = by_certificate(known, member.person_id, training, starts)
    if had is not None and _stands_in(had, today):
        return {}
    found = {}
    for module in training.modules:
        if module in known.chains:
            there = module_stands(known, member.person_id, training, module, starts)
            if there.recognised and _stands_in(there, today):
                continue
            asked = asked_for(known, member.person_id, training, module, starts)
            if there.recognised:
                asked = _not_before(asked, there.due)
            # A certificate that runs out soon still gives the time until then.
            found[module] = asked if had is None or not had.counts else _not_before(asked, had.due)
    return found


def _stands_in(had: Dates, today: date) -> bool:
    return had.counts and (had.refresh_from is None or today < had.refresh_from)


def _not_before(asked: Asked, day: date | None) -> Asked:
    due = max(each for each in (asked.due, day, date.min) if each is not None)
    return Asked(
        due=due,
        training=asked.training,
        refresh_months=asked.refresh_months,
        window_days=asked.window_days,
        grace_days=asked.grace_days,
    )


def _stricter(one: Asked, other: Asked) -> Asked:
    """Join two trainings that need the same module: the earlier day, the shorter period, the smaller grace."""
    first = min((one, other), key=lambda each: (each.due or date.max, str(each.training)))
    months = [each.refresh_months for each in (one, other) if each.refresh_months is not None]
    windows = [each.window_days for each in (one, other) if each.window_days is not None]
    graces = [each.grace_days for each in (one, other) if each.grace_days is not None]
    return Asked(
        due=first.due,
        training=first.training,
        refresh_months=min(months, default=None),
        window_days=max(windows, default=None),
        grace_days=min(graces, default=None),
    )
