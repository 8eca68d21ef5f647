"""Deciding on what a passport holds: recognising it, declining it, and taking that back."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app import providers, recognised, requirements
from app.interop.recognition.errors import PassportError
from app.interop.recognition.mapping import Target
from app.interop.recognition.previewing import Item
from app.recognised import Decision, RecognitionView, Stands
from app.requirements import Had, OutsideState

ACCEPT_REASON = "The signature holds, it is about this person, and we trust who signed it."
DECLINE_REASON = "We want this to be shown here."
NOTHING = Stands()
LONGEST_OUTSIDE = 120


def recognise(
    session: Session,
    provider_id: int,
    person_id: int,
    item: Item,
    reason: str,
    *,
    target: Target | None = None,
    training: UUID | None = None,
    same_person: bool = False,
    now: datetime,
    by: int,
) -> UUID:
    """Recognise a statement: it stands in for a target, or counts as a certificate for a training of the list.

    Without either it is kept, and counts for nothing. `same_person`: whoever decides says that the name in it, which
    is another, means this person. Raises PassportError, RecognitionError or RequirementError with the field to mend.
    """
    statement = item.statement
    if statement is None or not item.can_be_recognised:
        raise PassportError("This does not hold today, so it cannot be recognised.", code="not-good", field="choice")
    if not item.same_name and not same_person:
        raise PassportError(
            "There is another name in it. Say that it is the same person, or decline it.", code="name", field="same"
        )
    providers.one_at_a_time(session, provider_id)
    uuid = recognised.keep(session, provider_id, person_id, statement, now=now, by=by)
    stands = NOTHING if target is None else target.stands
    if training is not None:
        had = Had(
            training=training,
            title=statement.title[:LONGEST_OUTSIDE],
            taught_by=statement.issuer_name[:LONGEST_OUTSIDE],
            taken_on=statement.on,
            valid_until=recognised.last_day(statement.expires),
        )
        noted = requirements.note_outside(session, provider_id, person_id, had, now=now, by=by)
        stands = Stands(outside=noted)
    _decide(session, provider_id, person_id, uuid, Decision.ACCEPTED, reason, stands, now=now, by=by)
    return uuid


def decline(
    session: Session, provider_id: int, person_id: int, item: Item, reason: str, *, now: datetime, by: int
) -> UUID:
    """Decline a statement with a reason; it is kept, and counts for nothing. Raises as `recognise` does."""
    if item.statement is None:
        raise PassportError("This does not hold, so there is nothing to decide.", code="not-good", field="choice")
    providers.one_at_a_time(session, provider_id)
    uuid = recognised.keep(session, provider_id, person_id, item.statement, now=now, by=by)
    _decide(session, provider_id, person_id, uuid, Decision.DECLINED, reason, NOTHING, now=now, by=by)
    return uuid


def decide_again(
    session: Session,
    provider_id: int,
    view: RecognitionView,
    decision: Decision,
    reason: str,
    *,
    now: datetime,
    by: int | None,
) -> None:
    """Decide anew on what is kept already: what it stood in for stays what it stands in for.

    Raises RecognitionError with the field to mend.
    """
    stands = view.stands if view.stands != NOTHING else view.counted
    _decide(session, provider_id, view.person_id, view.uuid, decision, reason, stands, now=now, by=by)


def _decide(
    session: Session,
    provider_id: int,
    person_id: int,
    uuid: UUID,
    decision: Decision,
    reason: str,
    stands: Stands,
    *,
    now: datetime,
    by: int | None,
) -> None:
    """Note it, and keep the training from elsewhere that it counts as, or counted as until now, in line."""
    # Asked now: another manager may have decided since the page was made.
    views = recognised.recognitions(session, provider_id, [person_id])
    before = next((view.stands.outside for view in views if view.uuid == uuid), None)
    recognised.decide(session, provider_id, person_id, uuid, decision, reason, stands=stands, now=now, by=by)
    accepted = decision is Decision.ACCEPTED
    for outside, state in ((stands.outside, accepted), (before if before != stands.outside else None, False)):
        if outside is not None:
            requirements.decide_outside(
                session,
                provider_id,
                person_id,
                outside,
                OutsideState.ACCEPTED if state else OutsideState.REFUSED,
                reason,
                now=now,
                by=by,
            )
