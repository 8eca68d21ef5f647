"""Asking many people for several modules at once, and taking that back. As many statements for 400 people as for 4."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from app.kernel import new_uuid7
from app.learning.models import Assignment
from app.learning.queries import Chains, standings_of
from app.learning.types import Status

DONE = (Status.IN_DATE, Status.NEEDS_WATCHING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What asking these people for a module would change, by person id.

    `asked`: a manager asks them for it already; `needed`: what their job needs asks them. `in_date`: nobody asks them,
    and they have it; `until`: the first day it runs out for one of those, None when it never does.
    """

    module: str
    new: tuple[int, ...]
    asked: tuple[int, ...]
    needed: tuple[int, ...]
    in_date: tuple[int, ...]
    until: date | None


def plan_many(
    session: Session,
    provider_id: int,
    people: Collection[int],
    modules: Sequence[str],
    *,
    chains: Chains,
    now: datetime,
) -> tuple[Plan, ...]:
    """Say what asking would change, module by module. Changes nothing."""
    current = {(row.person_id, row.module): row for row in _current(session, provider_id, people, modules)}
    standings = standings_of(session, provider_id, people, chains=chains, now=now, modules=modules)
    plans = []
    for module in modules:
        new: list[int] = []
        asked: list[int] = []
        needed: list[int] = []
        in_date: list[int] = []
        ends: list[date | None] = []
        for person in people:
            row, standing = current.get((person, module)), standings.get((person, module))
            if row is not None:
                (asked if row.training is None else needed).append(person)
            elif standing is not None and standing.status in DONE:
                in_date.append(person)
                ends.append(standing.valid_until)
            else:
                new.append(person)
        plans.append(
            Plan(
                module=module,
                new=tuple(new),
                asked=tuple(asked),
                needed=tuple(needed),
                in_date=tuple(in_date),
                until=min((end for end in ends if end), default=None),
            )
        )
    return tuple(plans)


def assign_many(
    session: Session,
    provider_id: int,
    plans: Sequence[Plan],
    *,
    due: date | None,
    now: datetime,
    by: int,
    change_dates: bool = False,
    in_date_too: bool = False,
) -> tuple[tuple[int, str], ...]:
    """Carry out plans, and return who is newly asked for what, or by another date: pairs of person and module.

    `change_dates`: those a manager asks already get this date; what a job needs is left alone. `in_date_too`: who has
    it in date is asked as well.
    """
    pairs = [
        (person, plan.module)
        for plan in plans
        for person in (*plan.new, *(plan.in_date if in_date_too else ()), *(plan.asked if change_dates else ()))
    ]
    people, modules = {person for person, _ in pairs}, {module for _, module in pairs}
    there = {(row.person_id, row.module): row for row in _current(session, provider_id, people, modules)}
    # Asked meanwhile, by the same date, or by what a job needs: nothing to change.
    pairs = [
        pair
        for pair in pairs
        if pair not in there or (change_dates and there[pair].training is None and there[pair].due != due)
    ]
    changed = [there[pair].id for pair in pairs if pair in there]
    if changed:
        _end(session, changed, now, by)
    _add(session, provider_id, [(person, module, due) for person, module in pairs], now, by)
    return tuple(pairs)


def undo_asking(
    session: Session, provider_id: int, *, at: datetime, by: int, now: datetime
) -> tuple[tuple[int, str], ...]:
    """Take back what one person asked many for at one moment; dates they changed are as before.

    Returns pairs of person and module that are no longer asked so. Safe to repeat: what was changed since stays.
    """
    made = session.scalars(
        select(Assignment).where(
            Assignment.provider_id == provider_id,
            Assignment.assigned_at == at,
            Assignment.assigned_by == by,
            Assignment.ended_at.is_(None),
        )
    ).all()
    before = session.scalars(
        select(Assignment).where(
            Assignment.provider_id == provider_id, Assignment.ended_at == at, Assignment.ended_by == by
        )
    ).all()
    pairs = tuple((row.person_id, row.module) for row in made)
    back = [(row.person_id, row.module, row.due) for row in before if (row.person_id, row.module) in set(pairs)]
    if made:
        _end(session, [row.id for row in made], now, by)
    _add(session, provider_id, back, now, by)
    return pairs


def asked_at(session: Session, provider_id: int, *, at: datetime, by: int) -> tuple[tuple[int, str, date | None], ...]:
    """Return whom one person asked for what, by when, at one moment, as far as it still holds."""
    rows = session.execute(
        select(Assignment.person_id, Assignment.module, Assignment.due)
        .where(
            Assignment.provider_id == provider_id,
            Assignment.assigned_at == at,
            Assignment.assigned_by == by,
            Assignment.ended_at.is_(None),
        )
        .order_by(Assignment.id)
    )
    return tuple((row.person_id, row.module, row.due) for row in rows)


def _current(
    session: Session, provider_id: int, people: Collection[int], modules: Collection[str]
) -> Sequence[Assignment]:
    return session.scalars(
        select(Assignment).where(
            Assignment.provider_id == provider_id,
            Assignment.person_id.in_(people),
            Assignment.module.in_(modules),
            Assignment.ended_at.is_(None),
        )
    ).all()


def _end(session: Session, ids: Collection[int], now: datetime, by: int) -> None:
    session.execute(
        update(Assignment)
        .where(Assignment.id.in_(ids))
        .values(ended_at=now, ended_by=by)
        .execution_options(synchronize_session="fetch")
    )


def _add(
    session: Session, provider_id: int, asked: Sequence[tuple[int, str, date | None]], now: datetime, by: int
) -> None:
    rows = [
        {
            "uuid": new_uuid7(),
            "person_id": person,
            "provider_id": provider_id,
            "module": module,
            "due": due,
            "assigned_at": now,
            "assigned_by": by,
        }
        for person, module, due in asked
    ]
    if rows:
        session.execute(insert(Assignment), rows)
