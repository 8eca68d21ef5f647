"""What managers write down: a clinician's paper, a withdrawal, and that one was a mistake. The edge commits."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.assessment.delegation.alias import why_not_alias, why_not_words
from app.assessment.delegation.models import Delegation, DelegationWithdrawal
from app.assessment.delegation.queries import in_force
from app.assessment.delegation.rules import LONGEST_MONTHS, last_day, same_task
from app.assessment.delegation.types import DelegationView, NewDelegation, Standing
from app.assessment.errors import AssessmentError
from app.kernel import day_of, insert_if_new, new_uuid7

EARLIEST = date(2000, 1, 1)
LONGEST_REASON = 500
# Field → the longest it may be, and what to do when it is empty; none may name somebody receiving care.
NEEDED = {
    "task": (120, "Say which one task it is, such as: give insulin by pen."),
    "limits": (1000, "Say what is part of it, what is not, and when to stop and ring."),
    "clinician": (120, "Type the name of the clinician who signed."),
    "profession": (120, "Type their profession, such as: district nurse."),
    "organisation": (120, "Type where they work, such as: Leeds Community Healthcare."),
    "reach": (200, "Type how the office reaches them, such as a telephone number."),
}
CARE_WORDS = ("task", "limits", "rests_on")
LONGEST_REST = 300


def problems_of(new: NewDelegation, *, today: date) -> tuple[AssessmentError, ...]:
    """Return everything that has to be mended, in the order of the form."""
    found = []
    for field in ("task", "alias", "limits", "clinician", "profession", "organisation", "reach", "rests_on"):
        if words := _wrong_words(field, getattr(new, field)):
            found.append(_wrong(field, words))
    if new.seen_on > today:
        found.append(_wrong("seen_on", "This day is still to come. Note it once they were watched."))
    elif new.seen_on < EARLIEST:
        found.append(_wrong("seen_on", "Check the year: that is too long ago."))
    latest = last_day(new.seen_on)
    if new.valid_until < today:
        found.append(_wrong("valid_until", "This day has passed. Ask the clinician to look again."))
    elif new.valid_until > latest:
        found.append(
            _wrong(
                "valid_until",
                f"At most {LONGEST_MONTHS} months after they were watched: {latest.isoformat()} at the latest.",
            )
        )
    if not new.paper:
        found.append(_wrong("paper", "Tick this once you hold the signed paper. Nothing else is enough."))
    return tuple(found)


def _wrong_words(field: str, text: str) -> str:
    if field == "alias":
        return why_not_alias(text)
    longest, missing = NEEDED.get(field, (LONGEST_REST, ""))
    if missing and not text.strip():
        return missing
    if len(text) > longest:
        return f"Use at most {longest} letters. This has {len(text)}."
    return why_not_words(text) if field in CARE_WORDS else ""


def give(
    session: Session, provider_id: int, person_id: int, new: NewDelegation, *, now: datetime, by: int | None
) -> DelegationView:
    """Note a clinician's paper. One of the same task and alias takes the place of those before, withdrawn or not.

    Raises AssessmentError, naming the field, for the first thing that has to be mended (`problems_of` names all).
    """
    if wrong := problems_of(new, today=day_of(now)):
        raise wrong[0]
    thread = same_task(new.alias, new.task)
    for each in in_force(session, provider_id, [person_id], day_of(now)):
        if same_task(each.alias, each.task) == thread and not each.withdrawn and each.seen_on > new.seen_on:
            newer = each.seen_on.isoformat()
            raise _wrong(
                "seen_on", f"A newer paper, of {newer}, is noted for this. Is that one wrong? Withdraw it first."
            )
    row = Delegation(
        uuid=new_uuid7(),
        provider_id=provider_id,
        person_id=person_id,
        task=" ".join(new.task.split()),
        alias=" ".join(new.alias.split()),
        limits=new.limits.strip(),
        clinician=" ".join(new.clinician.split()),
        profession=" ".join(new.profession.split()),
        organisation=" ".join(new.organisation.split()),
        reach=" ".join(new.reach.split()),
        seen_on=new.seen_on,
        valid_until=new.valid_until,
        rests_on=" ".join(new.rests_on.split()),
        at=now,
        by=by,
    )
    session.add(row)
    session.flush()
    found = _find(session, provider_id, person_id, row.uuid, now)
    if found is None:
        raise RuntimeError("What was just noted is not there")
    return found


def withdraw(
    session: Session, provider_id: int, person_id: int, task: UUID, *, reason: str, now: datetime, by: int | None
) -> DelegationView | None:
    """Withdraw a task at once. Returns it as it is now, or None when this person has no such task that stands.

    Raises AssessmentError when the reason is missing, too long, or names somebody.
    """
    if not reason.strip():
        raise _wrong("reason", "Say in a few words why. The carer reads it.")
    if len(reason) > LONGEST_REASON:
        raise _wrong("reason", f"Use at most {LONGEST_REASON} letters. This has {len(reason)}.")
    if words := why_not_words(reason):
        raise _wrong("reason", words)
    found = _find(session, provider_id, person_id, task, now)
    if found is None or not found.standing.may:
        return None
    if not _add_withdrawal(session, provider_id, found, reason.strip(), now, by):
        return None
    return _find(session, provider_id, person_id, task, now)


def withdraw_all(
    session: Session, provider_id: int, person_id: int, *, reason: str, now: datetime, by: int | None
) -> int:
    """Withdraw every task that still stands, as when somebody leaves; say how many those were."""
    views = [each for each in in_force(session, provider_id, [person_id], day_of(now)) if each.standing.may]
    return sum(_add_withdrawal(session, provider_id, each, reason, now, by) for each in views)


def bring_back(
    session: Session, provider_id: int, person_id: int, task: UUID, *, now: datetime, by: int | None
) -> DelegationView | None:
    """Undo a withdrawal that was a mistake; it stays in the record. Returns the task, or None: there is none to undo.

    A paper that has ended since, or that a later one replaced, is not brought back.
    """
    found = _find(session, provider_id, person_id, task, now)
    if found is None or found.standing is not Standing.WITHDRAWN or found.valid_until < day_of(now):
        return None
    session.execute(
        update(DelegationWithdrawal)
        .where(DelegationWithdrawal.delegation == task, DelegationWithdrawal.undone_at.is_(None))
        .values(undone_at=now, undone_by=by)
    )
    return _find(session, provider_id, person_id, task, now)


def _add_withdrawal(
    session: Session, provider_id: int, view: DelegationView, reason: str, now: datetime, by: int | None
) -> bool:
    """Say whether it was this one that withdrew it: two managers may press at the same moment."""
    added = session.execute(
        insert_if_new(session, DelegationWithdrawal)
        .values(provider_id=provider_id, person_id=view.person_id, delegation=view.uuid, reason=reason, at=now, by=by)
        .returning(DelegationWithdrawal.__table__.c.id)
    )
    return added.first() is not None


def _find(session: Session, provider_id: int, person_id: int, task: UUID, now: datetime) -> DelegationView | None:
    """Return the paper that counts for a task; one that a later paper replaced is not found."""
    views = in_force(session, provider_id, [person_id], day_of(now))
    return next((each for each in views if each.uuid == task), None)


def _wrong(field: str, words: str) -> AssessmentError:
    return AssessmentError(words, field=field)
