"""What a person's page says of their practice."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from app import assessment
from app.assessment import FRAMEWORK, State
from app.extensions import db
from app.providers import MemberView
from app.web import words


@dataclass(frozen=True, slots=True, kw_only=True)
class PracticeSection:
    """How much was shown and signed off, and what waits for whom. Empty words: nothing to say."""

    uuid: UUID
    shown: str
    signed: str
    waits: str


def practice_of(provider_id: int, member: MemberView) -> PracticeSection:
    """Return the section of one person."""
    session, person_id = db.session(), member.person_id
    views = assessment.observations_of(session, provider_id, [person_id])
    standards = assessment.practice_standards(session)
    codes = {criterion.code for standard in standards for criterion in standard.criteria}
    shown = assessment.shown_and_not_yet(views)[0].get(person_id, {})
    signed = {
        each.standard
        for each in assessment.sign_offs_of(session, provider_id, [person_id]).get(person_id, ())
        if each.withdrawn_at is None and each.framework == FRAMEWORK
    }
    states = [view.state for view in views]
    waits = []
    for_you = sum(state in (State.DISAGREED, State.OWN_PRACTICE, State.OUT_OF_SCOPE) for state in states)
    if for_you:
        waits.append(f"{words.count(for_you, 'observation waits', 'observations wait')} for a manager")
    if unanswered := states.count(State.WAITING):
        waits.append(f"{words.count(unanswered, 'observation waits', 'observations wait')} for {member.name}'s word")
    whole = "The certificate is signed off" if None in signed else ""
    return PracticeSection(
        uuid=member.person_uuid,
        shown=f"{len(codes & shown.keys())} of {len(codes)} criteria" if codes else "",
        signed=whole or f"{len(signed)} of {len(standards)} standards" if standards else "",
        waits=". ".join(waits),
    )
