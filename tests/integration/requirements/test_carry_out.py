"""What is needed becomes ordinary assignments, and only those."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy.orm import Session

from app import learning, requirements
from app.learning import Status
from tests.integration.requirements.test_board import LONG_AGO, Here
from tests.support.required import asks, chains_of
from tests.support.world import NOW


def assigned(here: Here) -> list[learning.AssignmentView]:
    return list(learning.assignments_of(here.session, here.provider.id, [here.ngozi.person_id]))


def test_it_asks_for_the_modules_with_the_list_s_dates_and_repeating_changes_nothing(session: Session) -> None:
    here = Here(session, since=NOW)
    done = requirements.carry_out(session, here.provider.id, NOW)
    assert (done.added, done.ended) == (1, 0)
    [found] = assigned(here)
    assert (found.module, found.due, found.training) == ("fire", NOW.date() + timedelta(days=84), here.training)
    assert (found.refresh_months, found.window_days, found.grace_days) == (12, 90, 0)
    assert not requirements.carry_out(session, here.provider.id, NOW + timedelta(days=1))


def test_a_phone_is_told_what_the_board_shows(session: Session) -> None:
    here = Here(session)
    here.passed(NOW - timedelta(days=300))
    requirements.carry_out(session, here.provider.id, NOW)
    standing = learning.standings_of(
        session, here.provider.id, [here.ngozi.person_id], chains=chains_of(session, here.provider.id), now=NOW
    )[here.ngozi.person_id, "fire"]
    cell = here.cell()
    assert cell is not None
    assert (standing.status.value, standing.due, standing.valid_until) == (
        cell.status.value,
        cell.due,
        cell.valid_until,
    )
    assert standing.status is Status.DUE_SOON


def test_what_a_manager_asked_for_by_hand_is_left_alone(session: Session) -> None:
    here = Here(session)
    learning.assign(session, here.provider.id, here.ngozi.person_id, "fire", due=date(2026, 9, 9), now=NOW)
    learning.assign(session, here.provider.id, here.ngozi.person_id, "falls", due=None, now=NOW)
    assert not requirements.carry_out(session, here.provider.id, NOW)
    assert {(each.module, each.due, each.training) for each in assigned(here)} == {
        ("fire", date(2026, 9, 9), None),
        ("falls", None, None),
    }


def test_a_certificate_stands_in_until_its_window_opens(session: Session) -> None:
    here = Here(session)
    here.had(taken_on=date(2026, 6, 1), valid_until=None)
    requirements.carry_out(session, here.provider.id, NOW)
    assert assigned(here) == []
    window = date(2027, 6, 1) - timedelta(days=90)
    opens = NOW.replace(year=window.year, month=window.month, day=window.day)
    requirements.carry_out(session, here.provider.id, opens - timedelta(days=1))
    assert assigned(here) == []
    requirements.carry_out(session, here.provider.id, opens)
    [found] = assigned(here)
    assert found.due == date(2027, 6, 1)


def test_what_is_no_longer_needed_is_no_longer_asked_for(session: Session) -> None:
    here = Here(session)
    requirements.carry_out(session, here.provider.id, NOW)
    uuid = requirements.make_exception(
        session, here.provider.id, here.ngozi.person_id, here.training, "On long leave", until=None, now=NOW
    )
    requirements.carry_out(session, here.provider.id, NOW)
    assert assigned(here) == []
    requirements.end_exception(session, here.provider.id, here.ngozi.person_id, uuid, now=NOW + timedelta(days=3))
    requirements.carry_out(session, here.provider.id, NOW + timedelta(days=3))
    assert len(assigned(here)) == 1
    requirements.take(session, here.provider.id, here.profile, [here.ngozi.person_id], now=NOW + timedelta(days=4))
    requirements.carry_out(session, here.provider.id, NOW + timedelta(days=4))
    assert assigned(here) == []


def test_two_trainings_that_need_one_module_ask_for_it_once_by_the_earlier_day(session: Session) -> None:
    here = Here(session, since=NOW)
    sooner = requirements.add_training(
        session, here.provider.id, asks("Sooner", first_due_days=10, refresh_months=24), now=NOW
    )
    profile = requirements.add_profile(session, here.provider.id, "Driver", None, [sooner], now=NOW)
    requirements.give(session, here.provider.id, profile, [here.ngozi.person_id], now=NOW)
    requirements.carry_out(session, here.provider.id, NOW)
    [found] = assigned(here)
    assert (found.due, found.refresh_months) == (NOW.date() + timedelta(days=10), 12)


def test_a_module_nobody_publishes_here_is_not_asked_for(session: Session) -> None:
    here = Here(session, modules=("not-published",), since=LONG_AGO)
    assert not requirements.carry_out(session, here.provider.id, NOW)
