"""Questions a manager's pages ask. Each starts from the provider; how many statements one takes depends on nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app import learning, providers
from app.compliance.memory import News, by_person
from app.compliance.rules import goes_today, in_order_of_need, module_order, summary_of
from app.compliance.types import ModuleReport, PersonReport, PersonSummary
from app.kernel import day_of
from app.learning import AttemptView, EditionStep, Standing

# A provider's modules by key: each one's published editions, oldest first.
Chains = Mapping[str, Collection[EditionStep]]


def people_overview(
    session: Session,
    provider_id: int,
    *,
    chains: Chains,
    now: datetime,
    with_ended: bool = False,
    news: News | None = None,
) -> tuple[PersonSummary, ...]:
    """Return a line for each of the provider's people, the most urgent first; those who left only when asked for.

    With `news`, the lines of those of a big provider to whom nothing happened come from memory.
    """

    def lines(people: Collection[int] | None) -> Mapping[int, PersonSummary]:
        members = providers.list_members(session, provider_id, with_ended=with_ended, people=people)
        # Somebody who left and came back has two places; the list shows the person once, by the place they have now.
        by_id = {m.person_id: m for m in sorted(members, key=lambda m: (m.ended is None, m.started))}
        standings = learning.standings_of(session, provider_id, tuple(by_id), chains=chains, now=now)
        theirs: dict[int, list[tuple[str, Standing]]] = defaultdict(list)
        for (person_id, module), standing in standings.items():
            theirs[person_id].append((module, standing))
        return {person_id: summary_of(member, theirs[person_id]) for person_id, member in by_id.items()}

    key = ("people", provider_id, day_of(now), with_ended)
    found = lines(None) if news is None else by_person(session, key, lines, news=news, now=now)
    return in_order_of_need(found.values())


def person_report(
    session: Session, provider_id: int, person: UUID, *, chains: Chains, now: datetime
) -> PersonReport | None:
    """Return one of the provider's people with their modules, or None when the provider has no such person."""
    member = providers.find_member(session, provider_id, person)
    if member is None:
        return None
    people = (member.person_id,)
    # What the provider's list needs is looked after by the list: a manager stops it with an exception, not by hand.
    asked = {a.module for a in learning.assignments_of(session, provider_id, people) if a.training is None}
    resets = learning.resets_of(session, provider_id, member.person_id)
    attempts: dict[str, list[AttemptView]] = defaultdict(list)
    for attempt in learning.attempts_of(session, provider_id, people):
        attempts[attempt.module].append(attempt)
    reports = [
        ModuleReport(
            module=module,
            standing=standing,
            assigned=module in asked,
            last=attempts[module][0] if attempts[module] else None,
            attempts=len(attempts[module]),
            today=goes_today(attempts[module], resets.get(module), now),
        )
        for (_, module), standing in learning.standings_of(session, provider_id, people, chains=chains, now=now).items()
    ]
    return PersonReport(member=member, modules=tuple(sorted(reports, key=module_order)))
