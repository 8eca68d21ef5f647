"""A carer's development plan and talks with their manager, as their phone shows them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from app import supervision
from app.kernel import day_of
from app.providers import MembershipView
from app.supervision import MeetingKind, MeetingView
from app.web.api import payloads as wire


def goals_of(session: Session, place: MembershipView) -> list[wire.GoalSent]:
    """Return the goals of whoever has this place. A comment is the latest of a manager."""
    goals = supervision.plans_of(session, place.provider.id, [place.person_id]).get(place.person_id, ())
    return [
        wire.GoalSent(
            id=str(each.goal),
            text=each.text,
            by=each.wanted_by,
            done=each.done,
            from_=each.origin.value,
            comment=each.comments[-1].text if each.comments else None,
        )
        for each in goals
    ]


def talks_of(
    session: Session, place: MembershipView, *, now: datetime, any_held: bool, any_periods: bool
) -> list[wire.TalkSent]:
    """Return each kind of meeting that comes or was: the next day, and what was shared and agreed at the last.

    What was written for managers only is not in it. `any_held`: there were meetings; `any_periods`: the provider said
    how often it holds some.
    """
    provider_id, person = place.provider.id, place.person_id
    today = day_of(now)
    starts = {person: day_of(place.started)}
    due = supervision.due_of(session, provider_id, starts, today=today, any_held=any_held, any_periods=any_periods)[
        person
    ]
    last: dict[MeetingKind, MeetingView] = {}
    for each in supervision.meetings_of(session, provider_id, [person]) if any_held else ():
        last.setdefault(each.kind, each)
    return [
        wire.TalkSent(
            kind=kind.value,
            next_on=each.next,
            held_on=each.last,
            notes=last[kind].shared if kind in last else None,
            actions=[
                wire.AgreedSent(text=action.text, by=action.due, done=action.done_on is not None)
                for action in (last[kind].actions if kind in last else ())
            ],
        )
        for kind, each in due.items()
        if each.next or each.last
    ]
