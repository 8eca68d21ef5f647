"""Meetings: what was written down, what was agreed, what is due next, and what was true on a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from app import supervision
from app.kernel import new_uuid7
from app.providers import MemberView, ProviderView
from app.supervision import MeetingKind, NewAction, NewMeeting, Period, Standing, SupervisionError, Unit
from tests.support.statements import statements
from tests.support.world import NOW, add_person, add_provider

TODAY = NOW.date()
TALK = NewMeeting(
    kind=MeetingKind.SUPERVISION,
    held_on=TODAY - timedelta(days=7),
    led_by=None,
    led_by_other="Dawn Hill",
    shared="Nights are hard just now.",
    private="Ask about the rota.",
    next_on=None,
    actions=(NewAction(text="Swap two nights", due=TODAY + timedelta(days=7)),),
)


@pytest.fixture
def here(session: Session) -> ProviderView:
    return add_provider(session)


@pytest.fixture
def ngozi(session: Session, here: ProviderView) -> MemberView:
    return add_person(session, here)


def record(session: Session, who: MemberView, new: NewMeeting = TALK) -> UUID:
    (uuid,) = supervision.record_meeting(
        session, who.provider_id, [who.person_id], new, now=NOW, today=TODAY, by=who.person_id
    )
    return uuid


def test_a_meeting_is_kept_with_both_parts_and_what_was_agreed(
    session: Session, here: ProviderView, ngozi: MemberView
) -> None:
    record(session, ngozi)
    (found,) = supervision.meetings_of(session, here.id, [ngozi.person_id])
    assert (found.led_by, found.shared, found.private) == ("Dawn Hill", TALK.shared, TALK.private)
    assert [(each.text, each.done_on) for each in found.actions] == [("Swap two nights", None)]


def test_an_action_is_ticked_and_taken_back_and_both_days_stay_known(
    session: Session, here: ProviderView, ngozi: MemberView
) -> None:
    record(session, ngozi)
    (action,) = supervision.meetings_of(session, here.id)[0].actions
    me, later = ngozi.person_id, NOW + timedelta(days=2)
    assert supervision.has_action(session, here.id, me, action.uuid)
    supervision.tick(session, here.id, me, action.uuid, on=TODAY, now=NOW, today=TODAY, by=None)
    assert supervision.meetings_of(session, here.id)[0].actions[0].done_on == TODAY
    assert supervision.untick(session, here.id, me, action.uuid, now=later, by=None)
    assert supervision.meetings_of(session, here.id)[0].actions[0].done_on is None
    then = supervision.meetings_of(session, here.id, as_at=TODAY)
    assert then[0].actions[0].done_on == TODAY


def test_a_meeting_taken_out_counts_no_more_but_did_on_the_day_before(
    session: Session, here: ProviderView, ngozi: MemberView
) -> None:
    meeting = record(session, ngozi)
    later = NOW + timedelta(days=3)
    with pytest.raises(SupervisionError):
        supervision.take_out_meeting(session, here.id, ngozi.person_id, meeting, "", now=later, by=None)
    assert supervision.take_out_meeting(session, here.id, ngozi.person_id, meeting, "Wrong person", now=later, by=None)
    assert supervision.meetings_of(session, here.id) == ()
    assert supervision.meetings_of(session, here.id, with_taken_out=True)[0].taken_out == "Wrong person"
    assert len(supervision.meetings_of(session, here.id, as_at=TODAY)) == 1
    due = supervision.due_of(session, here.id, {ngozi.person_id: TODAY}, today=TODAY)
    assert due[ngozi.person_id][MeetingKind.SUPERVISION].last is None


def test_the_provider_sets_its_own_periods(session: Session, here: ProviderView, ngozi: MemberView) -> None:
    record(session, ngozi)

    def due() -> tuple[date | None, Standing]:
        starts = {ngozi.person_id: TODAY - timedelta(days=300)}
        found = supervision.due_of(session, here.id, starts, today=TODAY)[ngozi.person_id][MeetingKind.SUPERVISION]
        return found.next, found.standing

    assert due() == (TALK.held_on + timedelta(weeks=12), Standing.LATER)
    four = Period(every=4, unit=Unit.WEEKS)
    assert supervision.set_period(session, here.id, MeetingKind.SUPERVISION, four, now=NOW, by=None)
    assert not supervision.set_period(session, here.id, MeetingKind.SUPERVISION, four, now=NOW, by=None)
    assert due() == (TALK.held_on + timedelta(weeks=4), Standing.SOON)
    never = Period(every=None, unit=Unit.WEEKS)
    assert supervision.set_period(session, here.id, MeetingKind.SUPERVISION, never, now=NOW, by=None)
    assert due() == (None, Standing.NOT_ASKED)
    with pytest.raises(SupervisionError):
        supervision.set_period(
            session, here.id, MeetingKind.APPRAISAL, Period(every=0, unit=Unit.WEEKS), now=NOW, by=None
        )


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"held_on": TODAY + timedelta(days=1)}, "held_on"),
        ({"held_on": date(1026, 6, 1)}, "held_on"),
        ({"next_on": TALK.held_on}, "next_on"),
        ({"led_by_other": ""}, "led_by"),
        ({"private": "x" * 8001}, "private"),
        ({"actions": (NewAction(text="", due=TODAY),)}, "action-1"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(
    session: Session, ngozi: MemberView, change: dict[str, object], field: str
) -> None:
    with pytest.raises(SupervisionError) as refused:
        record(session, ngozi, replace(TALK, **change))  # type: ignore[arg-type]
    assert refused.value.field == field


def test_another_provider_sees_and_changes_nothing(session: Session, here: ProviderView, ngozi: MemberView) -> None:
    meeting = record(session, ngozi)
    there = add_provider(session, "Thistle Care")
    (action,) = supervision.meetings_of(session, here.id)[0].actions
    assert supervision.meetings_of(session, there.id, [ngozi.person_id]) == ()
    assert not supervision.has_action(session, there.id, ngozi.person_id, action.uuid)
    assert supervision.take_out_meeting(session, there.id, ngozi.person_id, meeting, "?", now=NOW, by=None) is None
    assert not supervision.has_action(session, here.id, ngozi.person_id, new_uuid7())


def test_what_is_due_takes_two_statements_for_one_person_and_for_thirty(session: Session, here: ProviderView) -> None:
    people = [add_person(session, here, f"Carer {number}") for number in range(30)]
    for each in people:
        record(session, each)
        record(session, each, replace(TALK, held_on=TALK.held_on - timedelta(days=90)))
    session.commit()
    engine = session.get_bind()
    for some in (people[:1], people):
        with statements(engine) as sent:  # type: ignore[arg-type]
            found = supervision.due_of(session, here.id, {each.person_id: TODAY for each in some}, today=TODAY)
        assert len(sent) == 2
        assert {each[MeetingKind.SUPERVISION].last for each in found.values()} == {TALK.held_on}
