"""The practice overview: what waits for a manager, who is how far; for an assessor, their own people and statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app import assessment, providers
from app.assessment import FRAMEWORK, ObservationView, Shown, State
from app.extensions import db
from app.kernel import utc_now
from app.providers import MemberView, Role
from app.web import words
from app.web.access import allows, current_membership, current_person
from app.web.manager.practice.blueprint import bp
from app.web.manager.practice.pages import SeenRow
from app.web.manager.practice.words import scope_of, standards_of

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
    views = assessment.observations_of(session, provider_id, None)
    shown, _ = assessment.shown_and_not_yet(views)
    waiting: dict[State, list[ObservationView]] = defaultdict(list)
    for view in views:
        if view.person_id in members:
            waiting[view.state].append(view)
    signed = _signed(provider_id)
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
        ready=_ready(provider_id, learners, shown, signed),
        unanswered=[SeenRow.of(view, me=me) for view in waiting[State.WAITING][:MOST]],
        more_unanswered=max(len(waiting[State.WAITING]) - MOST, 0),
        doubted=_doubted(members, views),
        learners=_lines(learners, shown, signed, search),
        search=search,
        assessors=sum(each.ended_at is None for each in assessment.appointments(session, provider_id)),
        nobody=not learners,
    )


def _doubted(members: Mapping[int, MemberView], views: Sequence[ObservationView]) -> Collection[UUID]:
    """Return the observations whose "not yet" keeps something that was shown from standing as shown."""
    found = assessment.in_doubt(view for view in views if view.person_id in members)
    return {doubt.observation for theirs in found.values() for doubt in theirs.values()}


def _signed(provider_id: int) -> Mapping[int, set[int | None]]:
    found = assessment.sign_offs_of(db.session(), provider_id, None)
    return {
        person_id: {each.standard for each in mine if each.withdrawn_at is None and each.framework == FRAMEWORK}
        for person_id, mine in found.items()
    }


def _ready(
    provider_id: int,
    learners: Mapping[int, MemberView],
    shown: Mapping[int, Mapping[str, Shown]],
    signed: Mapping[int, set[int | None]],
) -> list[Ready]:
    """Return who has both halves of an unsigned standard. Only who has shown a whole one is asked what they know."""
    session = db.session()
    practice = {
        standard.number: {criterion.code for criterion in standard.criteria}
        for standard in assessment.practice_standards(session)
        if standard.criteria
    }
    hopeful = [
        person_id
        for person_id in learners
        if any(
            codes <= shown.get(person_id, {}).keys() and number not in signed.get(person_id, set())
            for number, codes in practice.items()
        )
    ]
    if not hopeful:
        return []
    standings = assessment.standards_of(session, provider_id, hopeful, now=utc_now(), shown=shown)
    return [
        Ready(
            uuid=learners[person_id].person_uuid,
            name=learners[person_id].name,
            standards=standards_of(numbers),
        )
        for person_id in hopeful
        if (numbers := [s.number for s in standings[person_id] if s.whole and s.sign_off is None and s.shown.of])
    ]


def _lines(
    learners: Mapping[int, MemberView],
    shown: Mapping[int, Mapping[str, Shown]],
    signed: Mapping[int, set[int | None]],
    search: str,
) -> list[LearnerLine]:
    wanted = search.casefold().split()
    return [
        LearnerLine(
            uuid=member.person_uuid,
            name=member.name,
            figures=f"{words.count(len(shown.get(key, ())), 'criterion', 'criteria')} shown, "
            f"{words.count(len(signed.get(key, set()) - {None}), 'standard', 'standards')} signed off"
            + (", certificate signed" if None in signed.get(key, set()) else ""),
        )
        for key, member in learners.items()
        if all(word in member.name.casefold() for word in wanted)
    ]


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
