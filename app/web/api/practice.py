"""What a phone needs for practice observed: on an assessor's, whom and what they may watch; on anybody's, their own."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from flask import Response
from sqlalchemy.orm import Session

from app import assessment, providers
from app.assessment import Criterion, ObservationView, PracticeStandard, State
from app.extensions import db
from app.kernel import day_of, utc_now
from app.providers import MembershipView, MemberView, Role
from app.web.access import allows_bearer
from app.web.api import practice_payloads as wire
from app.web.api.payloads import PersonRef, PracticeCount
from app.web.api.place import reader
from app.web.api.replies import reply_unless_known, server_id

LATEST = 50


@allows_bearer("read")
def read_practice() -> Response:
    """Send everything at once: it is small, and a kitchen has no signal for a second question."""
    who, place = reader()
    session, provider_id = db.session(), place.provider.id
    standards = assessment.practice_standards(session)
    criteria = {criterion.code: criterion for standard in standards for criterion in standard.criteria}
    scope = scope_at(session, place, standards, day=day_of(utc_now()))
    about_me = assessment.observations_of(session, provider_id, [who.person_id])
    waiting = [view for view in about_me if view.state is State.WAITING]
    mine = assessment.observations_by(session, provider_id, who.person_id)[:LATEST] if _is_assessor(place) else ()
    people = providers.list_members(session, provider_id) if scope else ()
    shown, not_yet = assessment.shown_and_not_yet(about_me)
    return reply_unless_known(
        wire.Practice(
            server=server_id(),
            scope=sorted(scope),
            people=_people(people, who.person_id),
            framework=_framework(standards),
            mine=[_mine(view) for view in mine],
            to_confirm=[_to_confirm(view, criteria, standards) for view in waiting],
            shown={
                code: wire.ShownSent(on=found.on, by=found.assessor)
                for code, found in sorted(shown.get(who.person_id, {}).items())
            },
            next=[
                wire.NextSent(
                    code=each.code,
                    text=_text(each.code, criteria),
                    standard=each.standard,
                    next_step=each.next_step,
                    next_on=each.next_on,
                )
                for each in sorted(
                    not_yet.get(who.person_id, {}).values(), key=lambda n: (n.next_on or date.max, n.standard, n.code)
                )
                if each.next_step and each.next_on
            ],
        )
    )


def scope_at(
    session: Session, place: MembershipView, standards: Sequence[PracticeStandard], *, day: date
) -> Collection[int]:
    """Return which standards somebody with this place may decide about on a day; none without the role."""
    if not _is_assessor(place):
        return ()
    numbers = [standard.number for standard in standards if standard.criteria]
    return assessment.scope_of(session, place.provider.id, place.person_id, numbers, day=day)


def count_of(views: Sequence[ObservationView], session: Session, place: MembershipView, *, day: date) -> PracticeCount:
    """Return what the snapshot says of practice, from the observations of its person.

    Not for where nobody was ever named an assessor: phones there fetch nothing for it.
    """
    standards = assessment.practice_standards(session) if _is_assessor(place) else ()
    return PracticeCount(
        to_confirm=sum(view.state is State.WAITING for view in views),
        scope=len(scope_at(session, place, standards, day=day)),
    )


def _is_assessor(place: MembershipView) -> bool:
    return Role.ASSESSOR in place.roles


def _people(members: Sequence[MemberView], me: int) -> list[PersonRef]:
    return [
        PersonRef(id=str(member.person_uuid), name=member.name)
        for member in members
        if Role.LEARNER in member.roles and member.person_id != me
    ]


def _framework(standards: Sequence[PracticeStandard]) -> wire.PracticeFramework:
    return wire.PracticeFramework(
        key=assessment.FRAMEWORK,
        standards=[
            wire.PracticeStandard(
                number=standard.number,
                title=standard.title,
                outcomes=[wire.PracticeOutcome(code=each.code, text=each.text) for each in standard.outcomes],
                criteria=[
                    wire.PracticeCriterion(
                        code=each.code, text=each.text, confirmed=each.confirmed, simulation=each.simulation
                    )
                    for each in standard.criteria
                ],
            )
            for standard in standards
            if standard.criteria
        ],
    )


def _mine(view: ObservationView) -> wire.MyObservation:
    return wire.MyObservation(
        id=str(view.record),
        learner=PersonRef(id=str(view.learner), name=view.learner_name),
        standard=view.standard,
        seen_on=view.seen_on,
        decisions=[wire.MyDecision(code=each.code, decision=each.decision.value) for each in view.decided],
        short=view.short,
        state=view.state.value,
        comment=view.confirmation.comment if view.confirmation else None,
        other=view.other,
    )


def _to_confirm(
    view: ObservationView, criteria: Mapping[str, Criterion], standards: Sequence[PracticeStandard]
) -> wire.ToConfirm:
    titles = {standard.number: standard.title for standard in standards}
    return wire.ToConfirm(
        id=str(view.record),
        assessor=view.assessor_name,
        standard=view.standard,
        title=titles.get(view.standard, ""),
        method=view.method.value,
        seen_on=view.seen_on,
        decisions=[
            wire.DecisionToConfirm(
                code=each.code, text=_text(each.code, criteria), decision=each.decision.value, saw=each.saw
            )
            for each in view.decided
        ],
        next_step=view.next_step,
        next_on=view.next_on,
        short=view.short,
    )


def _text(code: str, criteria: Mapping[str, Criterion]) -> str:
    return criteria[code].text if code in criteria else ""
