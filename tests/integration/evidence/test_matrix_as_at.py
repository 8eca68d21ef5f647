"""The matrix of a day that has passed goes by the editions of then, and says what the pack of that day says."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy.orm import Session

from app import compliance, providers, requirements
from app.compliance.cell_words import text_of
from app.compliance.evidence.sources import Sources
from app.content.service import withdraw
from app.kernel import new_uuid7
from app.learning import Completed
from app.providers import MemberView, ProviderView, Role
from app.requirements import CellStatus
from tests.support.editions import edition
from tests.support.evidence_place import scope
from tests.support.publishing import publish, publish_core
from tests.support.required import asks, chains_of
from tests.support.world import add_provider


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


APRIL, MAY, WITHDRAWN, TODAY = date(2026, 4, 10), date(2026, 5, 20), date(2026, 6, 10), date(2026, 6, 15)


class Fire:
    """Ngozi passed the first edition; a second with a major change came in May, and was withdrawn in June."""

    def __init__(self, session: Session) -> None:
        self.session = session
        publish_core(session)
        self.provider: ProviderView = add_provider(session)
        since = noon(date(2025, 5, 1))
        self.ngozi: MemberView = providers.add_person(
            session, self.provider.id, "Ngozi Obi", (Role.LEARNER,), now=since
        )
        training = requirements.add_training(session, self.provider.id, asks(), now=since)
        profile = requirements.add_profile(session, self.provider.id, "Carer", "care-worker", [training], now=since)
        requirements.give(session, self.provider.id, profile, [self.ngozi.person_id], now=since)
        self.first = publish(session, edition("fire", title="Fire"), at=noon(date(2026, 1, 2)))
        second = edition("fire", 2, title="Fire", change="major")
        publish(session, second, at=noon(date(2026, 5, 1)))
        session.add(
            Completed(
                record=new_uuid7(),
                person_id=self.ngozi.person_id,
                provider_id=self.provider.id,
                module="fire",
                edition=1,
                sha=self.first,
                at=noon(APRIL),
                valid_for_months=12,
            )
        )
        withdraw(session, "fire", 2, reason="It was wrong", safety=False, now=noon(WITHDRAWN))
        session.commit()

    def cell(self, as_at: date | None) -> requirements.Cell:
        chains = chains_of(self.session, self.provider.id)
        found = compliance.matrix(self.session, self.provider.id, chains=chains, now=noon(TODAY), as_at=as_at)
        [cell] = found.rows[0].cells
        assert cell is not None
        return cell

    def in_the_pack(self, as_at: date) -> requirements.Cell:
        asked = scope(since=date(2026, 1, 1), until=as_at, as_at=as_at)
        board = Sources(session=self.session, provider=self.provider, scope=asked, now=noon(TODAY)).board
        [cell] = board.cells[self.ngozi.person_id].values()
        return cell


@pytest.fixture
def fire(session: Session) -> Fire:
    return Fire(session)


def test_an_edition_that_was_withdrawn_since_counted_on_that_day(fire: Fire) -> None:
    then = fire.cell(MAY)
    assert (then.status, then.due) == (CellStatus.DUE_SOON, date(2026, 5, 31))
    assert fire.cell(None).status is CellStatus.IN_DATE
    assert fire.cell(date(2026, 4, 20)).status is CellStatus.IN_DATE, "the second had not come"


@pytest.mark.parametrize("day", [date(2026, 1, 1), APRIL, MAY, WITHDRAWN, date(2026, 6, 14)])
def test_the_matrix_and_the_pack_of_a_day_say_the_same(fire: Fire, day: date) -> None:
    assert fire.cell(day) == fire.in_the_pack(day)
    assert text_of(fire.cell(day)) == text_of(fire.in_the_pack(day))
