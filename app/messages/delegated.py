"""What was said of delegated tasks when a carer's place ends: no earlier "you may again" outlasts it."""

from __future__ import annotations

from datetime import datetime
from enum import Enum

from sqlalchemy.orm import Session

from app.assessment import delegation
from app.assessment.delegation import DelegationView
from app.kernel import day_of
from app.messages.queries import told_of
from app.messages.service import send
from app.messages.types import Kind

STOP = "{why}, so do not do this task any more: {task}, for {alias}. Not sure? Ring the office."


class Over(Enum):
    """Why nobody may do a delegated task any more: what managers read, and what the carer reads."""

    LEFT = ("They left.", "Your place ended")
    NO_CARER = ("They are no longer a carer here.", "You are no longer a carer here")


def subject_of(view: DelegationView) -> str:
    """Return what messages about a task are known by, whichever of its papers they are about."""
    return f"delegated:{view.thread}"


def end_delegated(
    session: Session, provider_id: int, person_id: int, why: Over, *, now: datetime, by: int | None
) -> int:
    """Withdraw every task of somebody who leaves or gives no care any more; say how many those were.

    Where they were told of a task before, this is the newer word, should they come back. Flushes.
    """
    told = told_of(session, provider_id, person_id)
    for each in delegation.in_force(session, provider_id, [person_id], day_of(now)):
        if each.standing.may and subject_of(each) in told:
            text = STOP.format(why=why.value[1], task=each.task, alias=each.alias)
            subject = (subject_of(each),)
            send(session, provider_id, person_id, text=text, kind=Kind.SAFETY, by=by, now=now, subject=subject)
    return delegation.withdraw_all(session, provider_id, person_id, reason=why.value[0], now=now, by=by)
