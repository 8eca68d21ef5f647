"""What was said of delegated tasks when a carer's place ends: no earlier "you may again" outlasts it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from app.assessment import delegation
from app.assessment.delegation import DelegationView
from app.kernel import day_of
from app.messages.queries import told_of
from app.messages.service import send
from app.messages.types import Kind

LEFT = "Your place ended, so do not do this task any more: {task}, for {alias}. Not sure? Ring the office."


def subject_of(view: DelegationView) -> str:
    """Return what messages about a task are known by, whichever of its papers they are about."""
    return f"delegated:{view.thread}"


def end_delegated(session: Session, provider_id: int, person_id: int, *, now: datetime, by: int | None) -> int:
    """Withdraw every task of somebody who leaves; say how many those were.

    Where they were told of a task before, this is the newer word, should they come back. Flushes.
    """
    told = told_of(session, provider_id, person_id)
    for each in delegation.in_force(session, provider_id, [person_id], day_of(now)):
        if each.standing.may and subject_of(each) in told:
            text = LEFT.format(task=each.task, alias=each.alias)
            subject = (subject_of(each),)
            send(session, provider_id, person_id, text=text, kind=Kind.SAFETY, by=by, now=now, subject=subject)
    return delegation.withdraw_all(session, provider_id, person_id, reason="They left.", now=now, by=by)
