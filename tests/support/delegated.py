"""Delegated tasks for tests."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from app.assessment import delegation
from app.assessment.delegation import DelegationView, NewDelegation
from app.kernel import day_of
from app.providers import MemberView

WORDS = {
    "task": "Give insulin by pen",
    "alias": "Maple 14",
    "limits": "Only the dose on the chart. Drowsy: stop and ring.",
    "clinician": "Dawn Hill",
    "profession": "district nurse",
    "organisation": "Leeds Community Healthcare",
    "reach": "0113 496 0000",
    "rests_on": "",
}


def paper(now: datetime, *, days: int = 100, **changes: Any) -> NewDelegation:
    """What a clinician signed yesterday, to hold so many days from now."""
    today = day_of(now)
    fields = {
        **WORDS,
        "seen_on": today - timedelta(days=1),
        "valid_until": today + timedelta(days=days),
        "paper": True,
        **changes,
    }
    return NewDelegation(**fields)


def delegated(
    session: Session, member: MemberView, *, now: datetime, by: int | None = None, **more: Any
) -> DelegationView:
    """Note such a paper; committed."""
    view = delegation.give(session, member.provider_id, member.person_id, paper(now, **more), now=now, by=by)
    session.commit()
    return view
