"""The practice overview: what waits for a manager, who is how far; for an assessor, their own people and statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app import assessment, compliance, providers
from app.assessment import ObservationView, State
from app.compliance import PracticeSeen
from app.extensions import db
from app.kernel import utc_now
from app.providers import MemberView, Role
from app.web import words
from app.web.access import allows, current_membership, current_person
from app.web.manager.news import news
from app.web.manager.practice.blueprint import bp
from app.web.manager.practice.pages import SeenRow
from app.web.manager.practice.words import scope_of, standards_of

# What a manager has to settle.
FOR_A_MANAGER = (State.DISAGREED, State.OWN_PRACTICE, State.OUT_OF_SCOPE)
# Who has more than this waiting settles these first.
MOST = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnerLine:
    """One person in the list: how much was shown, and what of theirs waits."""

    uuid: UUID
    name: str
    figures: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """Somebody with standards whose both halves are there, not signed yet."""

    uuid: UUID
    name: str
    standards: str


@bp.get("")
@allows(Role.MANAGER, Role.ASSESSOR)
def page() -> ResponseReturnValue:
    """Show what waits for a manager and how far people are; to an assessor, what they saw."""
    if Role.MANAGER not in current_membership().roles:
        return _for_assessor()
    session, provider_id, me = db.session(), current_membership().provider.id, current_person().uuid
    members = {m.person_id: m for m in providers.list_members(session, provider_id)}
    learners = {key: member for key, member in members.items() if Role.LEARNER in member.roles}
    seen = {
        person: theirs
        for person, theirs in compliance.practice_seen(session, provider_id, now=utc_now(), news=news()).items()
        if person in members
    }
    waiting = _by_state(seen)
    search = request.args.get("q", "").strip()[:100]
    return render_template(
        "manager/practice/overview.html",
        waiting=[
            (title, [SeenRow.of(view, me=me) for view in waiting[state][:MOST]], max(len(waiting[state]) - MOST, 0))
            for state, title in (
                (State.DISAGREED, "The carer disagrees, or confirmed something else"),
                (State.OWN_PRACTICE, "Seen by themselves"),
                (State.OUT_OF_SCOPE, "Outside the assessor's scope"),
            )
            if waiting[state]
        ],
        ready=_ready(learners, seen),
        unanswered=[SeenRow.of(view, me=me) for view in waiting[State.WAITING][:MOST]],
        more_unanswered=max(len(waiting[State.WAITING]) - MOST, 0),
        doubted={doubt.observation for theirs in seen.values() for doubt in theirs.doubts.values()},
        learners=_lines(learners, seen, search),
        search=search,
        assessors=sum(each.ended_at is None for each in assessment.appointments(session, provider_id)),
        nobody=not learners,
    )


def _by_state(seen: Mapping[int, PracticeSeen]) -> Mapping[State, Sequence[ObservationView]]:
    """Return observations by where they stand, the latest seen first."""
    found: dict[State, list[ObservationView]] = defaultdict(list)
    for theirs in seen.values():
        for view in theirs.views:
            found[view.state].append(view)
    for state in (*FOR_A_MANAGER, State.WAITING):
        found[state].sort(key=lambda view: (view.seen_on, view.at, view.record), reverse=True)
    return found


def _ready(learners: Mapping[int, MemberView], seen: Mapping[int, PracticeSeen]) -> list[Ready]:
    """Return who has standards that wait to be signed off, by name."""
    return [
        Ready(uuid=member.person_uuid, name=member.name, standards=standards_of(theirs.ready))
        for person, member in learners.items()
        if (theirs := seen.get(person)) and theirs.ready
    ]


def _lines(learners: Mapping[int, MemberView], seen: Mapping[int, PracticeSeen], search: str) -> list[LearnerLine]:
    wanted = search.casefold().split()
    found = []
    for key, member in learners.items():
        if not all(word in member.name.casefold() for word in wanted):
            continue
        theirs = seen.get(key)
        signed = theirs.signed if theirs else frozenset()
        figures = (
            f"{words.count(len(theirs.shown) if theirs else 0, 'criterion', 'criteria')} shown, "
            f"{words.count(len(signed - {None}), 'standard', 'standards')} signed off"
            + (", certificate signed" if None in signed else "")
        )
        found.append(LearnerLine(uuid=member.person_uuid, name=member.name, figures=figures))
    return found


def _for_assessor() -> ResponseReturnValue:
    person, provider_id = current_person(), current_membership().provider.id
    views = assessment.observations_by(db.session(), provider_id, person.id)
    people: dict[str, list[SeenRow]] = defaultdict(list)
    for view in views:
        people[view.learner_name].append(SeenRow.of(view, me=person.uuid))
    mine = [
        each
        for each in assessment.appointments(db.session(), provider_id)
        if each.assessor == person.uuid and each.ended_at is None
    ]
    return render_template(
        "manager/practice/assessor.html", people=_in_order(people), scope=[scope_of(each) for each in mine]
    )


def _in_order(people: Mapping[str, Sequence[SeenRow]]) -> list[tuple[str, Sequence[SeenRow]]]:
    return sorted(people.items(), key=lambda item: item[0].casefold())
