"""What practice was seen of each person, and what of it waits: for the overview, and for what waits for a manager."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app import assessment, recognised
from app.assessment import FRAMEWORK, Doubt, ObservationView, Shown
from app.compliance.memory import News, by_person
from app.kernel import day_of


@dataclass(frozen=True, slots=True, kw_only=True)
class PracticeSeen:
    """One person's practice: the latest seen first; what was shown and what is in doubt by criterion.

    `signed` are the standards signed off, None for the whole certificate; `ready` those with both halves, not signed.
    """

    views: tuple[ObservationView, ...]
    shown: Mapping[str, Shown]
    doubts: Mapping[str, Doubt]
    signed: frozenset[int | None]
    ready: tuple[int, ...]


def practice_seen(session: Session, provider_id: int, *, now: datetime, news: News) -> Mapping[int, PracticeSeen]:
    """Return what was seen of a provider's people, and was signed off, by person id; whoever has neither is not there.

    What is known of those of a big provider to whom nothing happened comes from memory.
    """

    def seen(people: Collection[int] | None) -> Mapping[int, PracticeSeen]:
        return _seen(session, provider_id, people, now)

    return by_person(session, ("practice", provider_id, day_of(now)), seen, news=news, now=now)


def _seen(
    session: Session, provider_id: int, people: Collection[int] | None, now: datetime
) -> Mapping[int, PracticeSeen]:
    views: dict[int, list[ObservationView]] = defaultdict(list)
    for view in assessment.observations_of(session, provider_id, people):
        views[view.person_id].append(view)
    every = [view for theirs in views.values() for view in theirs]
    shown, doubts = assessment.shown_and_not_yet(every)[0], assessment.in_doubt(every)
    signed = {
        person_id: frozenset(
            each.standard for each in mine if each.withdrawn_at is None and each.framework == FRAMEWORK
        )
        for person_id, mine in assessment.sign_offs_of(session, provider_id, people).items()
    }
    ready = _ready(session, provider_id, people, shown, signed, now)
    return {
        person_id: PracticeSeen(
            views=tuple(views.get(person_id, ())),
            shown=shown.get(person_id, {}),
            doubts=doubts.get(person_id, {}),
            signed=signed.get(person_id, frozenset()),
            ready=ready.get(person_id, ()),
        )
        for person_id in views.keys() | signed.keys() | ready.keys()
    }


def _ready(
    session: Session,
    provider_id: int,
    people: Collection[int] | None,
    shown: Mapping[int, Mapping[str, Shown]],
    signed: Mapping[int, Collection[int | None]],
    now: datetime,
) -> Mapping[int, tuple[int, ...]]:
    """Return the standards that wait for a signature. Only who has shown a whole one is asked what they know."""
    practice = {
        standard.number: {criterion.code for criterion in standard.criteria}
        for standard in assessment.practice_standards(session)
        if standard.criteria
    }
    elsewhere = recognised.codes_of(recognised.recognitions(session, provider_id, people), day_of(now), practice=True)
    nothing: Mapping[str, object] = {}

    def seen(person_id: int) -> set[str]:
        return {*shown.get(person_id, nothing), *elsewhere.get(person_id, nothing)}

    hopeful = [
        person_id
        for person_id in shown.keys() | elsewhere.keys()
        if any(
            codes <= seen(person_id) and number not in signed.get(person_id, ()) for number, codes in practice.items()
        )
    ]
    if not hopeful:
        return {}
    standings = assessment.standards_of(session, provider_id, hopeful, now=now, shown=shown)
    return {
        person_id: tuple(each.number for each in found if each.whole and each.sign_off is None and each.shown.of)
        for person_id, found in standings.items()
    }
