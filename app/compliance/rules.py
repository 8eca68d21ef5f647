"""What wants a manager's attention first. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from app.compliance.types import ModuleDate, ModuleReport, Need, PersonSummary
from app.kernel import day_of, start_of
from app.learning import AttemptView, Standing, Status
from app.providers import MemberView, Role

MOST_URGENT_FIRST = (Need.OVERDUE, Need.NOT_JOINED, Need.NEEDS_WATCHING, Need.DUE_SOON, Need.NOTHING, Need.LEFT)
_MODULE_ORDER = (
    Status.OVERDUE,
    Status.DUE_SOON,
    Status.NEEDS_WATCHING,
    Status.UNDER_WAY,
    Status.NOT_STARTED,
    Status.IN_DATE,
    Status.NOT_NEEDED,
)


def summary_of(member: MemberView, standings: Iterable[tuple[str, Standing]]) -> PersonSummary:
    """Return the line for one person, from where they stand with each module."""
    known = list(standings)
    overdue = _dates((m, s.due) for m, s in known if s.status is Status.OVERDUE)
    due_soon = _dates((m, s.due) for m, s in known if s.status is Status.DUE_SOON)
    watching = _dates(
        (m, day_of(s.completed_at) if s.completed_at else None) for m, s in known if s.status is Status.NEEDS_WATCHING
    )
    need = need_of(member, overdue=overdue, due_soon=due_soon, needs_watching=watching)
    starts = {
        Need.OVERDUE: overdue[0].day if overdue else None,
        Need.NOT_JOINED: day_of(member.started),
        Need.NEEDS_WATCHING: watching[0].day if watching else None,
        Need.LEFT: day_of(member.ended) if member.ended else None,
    }
    return PersonSummary(
        member=member,
        need=need,
        since=starts.get(need),
        overdue=overdue,
        due_soon=due_soon,
        needs_watching=watching,
        asked=len(known),
        in_date=sum(s.status in (Status.IN_DATE, Status.NOT_NEEDED) for _, s in known),
    )


def need_of(
    member: MemberView,
    *,
    overdue: Sequence[ModuleDate],
    due_soon: Sequence[ModuleDate],
    needs_watching: Sequence[ModuleDate],
) -> Need:
    """Return the first thing to know about a person.

    Overdue comes before not having joined: somebody may learn on paper or on another's phone, and a new code mends one,
    not the other. Only carers are waited for to join; managers sign in with a password.
    """
    if member.ended is not None:
        return Need.LEFT
    if overdue:
        return Need.OVERDUE
    if Role.LEARNER in member.roles and not member.has_pin:
        return Need.NOT_JOINED
    if needs_watching:
        return Need.NEEDS_WATCHING
    return Need.DUE_SOON if due_soon else Need.NOTHING


def in_order_of_need(people: Iterable[PersonSummary]) -> tuple[PersonSummary, ...]:
    """Return people with the most urgent first, within a need those waiting longest, then by name."""
    return tuple(
        sorted(
            people,
            key=lambda p: (MOST_URGENT_FIRST.index(p.need), p.since or date.max, p.member.name.casefold()),
        )
    )


def module_order(report: ModuleReport) -> tuple[int, date, str]:
    """Return the key that puts the modules wanting attention first, within a state the earlier date."""
    return _MODULE_ORDER.index(report.standing.status), report.standing.due or date.max, report.module


def goes_today(attempts: Iterable[AttemptView], reset: datetime | None, now: datetime) -> int:
    """Count the attempts of the present day that a reset has not lifted."""
    start = start_of(day_of(now))
    since = max(start, reset) if reset else start
    return sum(attempt.at >= since for attempt in attempts)


def _dates(pairs: Iterable[tuple[str, date | None]]) -> tuple[ModuleDate, ...]:
    return tuple(
        sorted((ModuleDate(module=m, day=d) for m, d in pairs), key=lambda each: (each.day or date.max, each.module))
    )
