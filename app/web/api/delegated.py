"""What clinicians delegated to a person, as their phone shows it."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy.orm import Session

from app.assessment import delegation
from app.kernel import day_of
from app.providers import MembershipView
from app.web.api import payloads as wire

# What ended or was withdrawn longer ago is no news; the manager's pages keep it.
SHOWN_FOR = timedelta(days=90)


def delegated_to(session: Session, place: MembershipView, *, day: date) -> list[wire.DelegatedSent]:
    """Return the delegated tasks of whoever has this place: those that stand, and for 90 days those that ended.

    How the office reaches the clinician is not in it: the carer rings the office.
    """
    return [
        wire.DelegatedSent(
            id=str(each.uuid),
            task=each.task,
            for_=each.alias,
            limits=each.limits,
            until=each.valid_until,
            by=f"{each.clinician}, {each.profession}",
            withdrawn=each.withdrawn.reason if each.withdrawn else None,
        )
        for each in delegation.in_force(session, place.provider.id, [place.person_id], day)
        if (day_of(each.withdrawn.at) if each.withdrawn else each.valid_until) >= day - SHOWN_FOR
    ]
