"""Where everybody stands, now and as it was."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app import providers, requirements
from app.kernel import new_uuid7
from app.learning import Completed
from app.providers import MemberView, ProviderView
from app.requirements import CellStatus, Elsewhere, Had, How, OutsideState
from tests.support.editions import edition
from tests.support.publishing import publish, publish_core
from tests.support.required import asks, cell, chains_of
from tests.support.statements import statements
from tests.support.world import NOW, add_person, add_provider

LONG_AGO = NOW - timedelta(days=400)


class Here:
    """A provider with one training in one profile, which Ngozi has since a day."""

    def __init__(self, session: Session, *, since: datetime = LONG_AGO, **changes: Any) -> None:
        self.session = session
        publish_core(session)
        publish(session, edition("fire", title="Fire at home"))
        self.provider: ProviderView = add_provider(session)
        self.ngozi: MemberView = providers.add_person(
            session, self.provider.id, "Ngozi Obi", (providers.Role.LEARNER,), now=since
        )
        self.training: UUID = requirements.add_training(session, self.provider.id, asks(**changes), now=since)
        self.profile: UUID = requirements.add_profile(
            session, self.provider.id, "Care worker", "care-worker", [self.training], now=since
        )
        requirements.give(session, self.provider.id, self.profile, [self.ngozi.person_id], now=since)
        session.commit()

    def cell(self, now: datetime = NOW, as_at: date | None = None) -> requirements.Cell | None:
        return cell(self.session, self.provider.id, self.ngozi, self.training, now, as_at)

    def status(self, now: datetime = NOW, as_at: date | None = None) -> str:
        found = self.cell(now, as_at)
        return "" if found is None else found.status.value

    def passed(self, at: datetime, edition_no: int = 1) -> None:
        self.session.add(
            Completed(
                record=new_uuid7(),
                person_id=self.ngozi.person_id,
                provider_id=self.provider.id,
                module="fire",
                edition=edition_no,
                sha="0" * 64,
                at=at,
                valid_for_months=None,
            )
        )
        self.session.commit()

    def had(self, *, accepted: bool | None = True, at: datetime = NOW, **days: date | None) -> UUID:
        uuid = requirements.note_outside(
            self.session,
            self.provider.id,
            self.ngozi.person_id,
            Had(training=self.training, title="Fire course", taught_by="Thistle", **days),  # type: ignore[arg-type]
            now=at,
        )
        if accepted is not None:
            requirements.decide_outside(
                self.session,
                self.provider.id,
                self.ngozi.person_id,
                uuid,
                OutsideState.ACCEPTED if accepted else OutsideState.REFUSED,
                "I have seen the paper",
                now=at,
            )
        self.session.commit()
        return uuid


def test_who_has_no_profile_needs_nothing(session: Session) -> None:
    here = Here(session)
    other = add_person(session, here.provider, "Marta Kowalska")
    board = requirements.board(session, here.provider.id, now=NOW, chains=chains_of(session, here.provider.id))
    assert {member.person_id for member in board.people} == {here.ngozi.person_id, other.person_id}
    assert {person: list(cells) for person, cells in board.cells.items()} == {here.ngozi.person_id: [here.training]}


def test_a_module_done_here_meets_it_for_the_provider_s_own_period(session: Session) -> None:
    here = Here(session)
    assert here.status() == "overdue"
    here.passed(NOW - timedelta(days=10))
    found = here.cell()
    assert found is not None
    assert (found.status, found.how) == (CellStatus.IN_DATE, (How.MODULES,))
    assert found.valid_until == date(2027, 6, 5)
    assert found.refresh_from == date(2027, 6, 5) - timedelta(days=90)


def test_a_certificate_counts_once_it_is_accepted_and_not_when_it_is_refused(session: Session) -> None:
    here = Here(session)
    here.had(accepted=None, taken_on=date(2026, 5, 1), valid_until=None)
    assert here.status() == "overdue"
    here.had(accepted=False, taken_on=date(2026, 5, 1), valid_until=None)
    assert here.status() == "overdue"
    here.had(taken_on=date(2026, 5, 1), valid_until=date(2026, 12, 31))
    found = here.cell()
    assert found is not None
    assert (found.status, found.how, found.valid_until) == (CellStatus.IN_DATE, (How.ELSEWHERE,), date(2026, 12, 31))


def test_where_a_certificate_must_be_there_the_modules_alone_are_under_way(session: Session) -> None:
    here = Here(session, elsewhere=Elsewhere.NEEDED, since=NOW - timedelta(days=10))
    here.passed(NOW - timedelta(days=1))
    assert here.status() == "under-way"
    here.had(taken_on=date(2026, 6, 1), valid_until=None)
    found = here.cell()
    assert found is not None
    assert (found.status, set(found.how)) == (CellStatus.IN_DATE, {How.MODULES, How.ELSEWHERE})


def test_what_has_to_be_seen_at_work_needs_watching(session: Session) -> None:
    here = Here(session, practice=("13.3c",), since=NOW - timedelta(days=10))
    here.passed(NOW - timedelta(days=1))
    assert here.status() == "needs-watching"
    assert here.status(NOW + timedelta(days=90)) == "overdue"


def test_an_exception_says_why_and_ends_on_its_day(session: Session) -> None:
    here = Here(session)
    requirements.make_exception(
        session,
        here.provider.id,
        here.ngozi.person_id,
        here.training,
        "Drives only, no visits",
        until=date(2026, 7, 1),
        now=NOW,
    )
    session.commit()
    found = here.cell()
    assert found is not None
    assert (found.status, found.reason, found.how) == (
        CellStatus.NOT_NEEDED, "Drives only, no visits", (How.EXCEPTION,),
    )  # fmt: skip
    assert here.status(datetime(2026, 7, 1, 22, 59, tzinfo=NOW.tzinfo)) == "not-needed"
    assert here.status(datetime(2026, 7, 1, 23, 0, tzinfo=NOW.tzinfo)) == "due-soon"
    assert here.status(datetime(2026, 8, 1, 0, 0, tzinfo=NOW.tzinfo)) == "overdue"


def test_booked_is_shown_for_what_is_to_come_and_late_stays_late(session: Session) -> None:
    here = Here(session, since=NOW - timedelta(days=10))
    here.had(accepted=None, booked_for=date(2026, 7, 20))
    found = here.cell()
    assert found is not None
    assert (found.status, found.booked) == (CellStatus.BOOKED, date(2026, 7, 20))
    assert here.status(datetime(2026, 7, 21, tzinfo=NOW.tzinfo)) == "not-started"
    here.had(accepted=None, at=NOW, booked_for=date(2026, 12, 1))
    found = here.cell(datetime(2026, 11, 1, tzinfo=NOW.tzinfo))
    assert found is not None
    assert (found.status, found.booked) == (CellStatus.OVERDUE, date(2026, 12, 1))


def test_as_at_a_past_day_it_is_what_was_true_then(session: Session) -> None:
    """Everything changes after the day: the list, the profile, the place, an exception, a decision, a pass."""
    day = date(2026, 6, 20)
    here = Here(session, since=NOW)
    before = here.cell(NOW + timedelta(days=1))
    assert before is not None
    later = NOW + timedelta(days=30)
    here.passed(later)
    requirements.change_training(
        session,
        here.provider.id,
        here.training,
        asks("Fire safety, renamed", refresh_months=1, window_days=10),
        now=later,
    )
    requirements.make_exception(
        session, here.provider.id, here.ngozi.person_id, here.training, "On long leave", until=None, now=later
    )
    uuid = here.had(at=later, taken_on=date(2026, 6, 1), valid_until=None)
    requirements.change_profile(session, here.provider.id, here.profile, "Emptied", None, [], now=later)
    requirements.take(session, here.provider.id, here.profile, [here.ngozi.person_id], now=later)
    providers.end_membership(session, here.provider.id, here.ngozi.person_id, now=later)
    session.commit()
    after = later + timedelta(days=300)

    assert here.cell(after) is None
    assert here.cell(after, as_at=day) == before
    chains = chains_of(session, here.provider.id)
    then = requirements.board(session, here.provider.id, now=after, as_at=day, chains=chains)
    assert [each.title for each in then.trainings] == ["Fire safety"]
    assert [each.name for each in then.people] == ["Ngozi Obi"]
    assert (
        requirements.profiles_of(session, here.provider.id, as_at=day)[here.ngozi.person_id][0].title == "Care worker"
    )
    [had] = requirements.outside(session, here.provider.id)
    assert (had.uuid, had.state) == (uuid, OutsideState.ACCEPTED)
    # Before she came there was nobody.
    assert requirements.board(session, here.provider.id, now=after, as_at=date(2026, 6, 1), chains=chains).people == ()


def test_as_at_the_end_of_the_day_in_england(session: Session) -> None:
    here = Here(session)
    here.passed(datetime(2026, 6, 14, 22, 30, tzinfo=NOW.tzinfo))
    assert here.status(as_at=date(2026, 6, 13)) == "overdue"
    assert here.status(as_at=date(2026, 6, 14)) == "in-date"


def test_what_was_done_after_midnight_belongs_to_the_next_day(session: Session) -> None:
    here = Here(session)
    here.passed(datetime(2026, 6, 14, 23, 30, tzinfo=NOW.tzinfo))
    assert here.status(as_at=date(2026, 6, 14)) == "overdue"


def test_a_decision_taken_back_later_counted_until_then(session: Session) -> None:
    here = Here(session)
    uuid = here.had(taken_on=date(2026, 5, 1), valid_until=None)
    requirements.decide_outside(
        session, here.provider.id, here.ngozi.person_id, uuid, OutsideState.REFUSED, "It was another person's",
        now=NOW + timedelta(days=5),
    )  # fmt: skip
    session.commit()
    later = NOW + timedelta(days=9)
    assert here.status(later) == "overdue"
    assert here.status(later, as_at=NOW.date() + timedelta(days=1)) == "in-date"


@pytest.mark.parametrize("others", [3, 40])
def test_the_number_of_statements_depends_on_nothing(database: Engine, session: Session, others: int) -> None:
    here = Here(session)
    people = [add_person(session, here.provider, f"Carer {number}").person_id for number in range(others)]
    for number in range(4):
        more = requirements.add_training(session, here.provider.id, asks(f"Training {number}"), now=LONG_AGO)
        profile = requirements.add_profile(session, here.provider.id, f"Job {number}", None, [more], now=LONG_AGO)
        requirements.give(session, here.provider.id, profile, people, now=LONG_AGO)
    session.commit()
    chains = chains_of(session, here.provider.id)
    with statements(database) as sent:
        requirements.board(session, here.provider.id, now=NOW, chains=chains)
    assert len(sent) <= 14
    with statements(database) as again:
        requirements.carry_out(session, here.provider.id, NOW)
    assert len(again) <= 30
