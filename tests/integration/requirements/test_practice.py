"""What has to be seen at work is met once an assessor saw it and both have said so."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy.orm import Session

from app import requirements
from app.requirements import CellStatus, Elsewhere, How
from tests.integration.assessment.test_counting import Place
from tests.support.practice import appoint
from tests.support.required import asks, cell
from tests.support.world import NOW


def test_seen_at_work_counts_from_its_day_for_the_provider_s_period(session: Session) -> None:
    place = Place(session)
    here = place.provider.id
    training = requirements.add_training(
        session, here, asks("Duties", modules=(), practice=("1.1c",), elsewhere=Elsewhere.NO), now=NOW
    )
    profile = requirements.add_profile(session, here, "Care worker", None, [training], now=NOW)
    requirements.give(session, here, profile, [place.ngozi.person_id], now=NOW)
    session.commit()
    before = cell(session, here, place.ngozi, training, NOW)
    assert before is not None
    assert before.status is CellStatus.NEEDS_WATCHING

    appoint(session, place.provider, place.dawn, [1])
    place.says(place.ngozi, place.sees(place.dawn, place.ngozi))

    later = NOW + timedelta(days=1)
    after = cell(session, here, place.ngozi, training, later)
    assert after is not None
    assert (after.status, after.how) == (CellStatus.IN_DATE, (How.OBSERVED,))
    assert after.valid_until == date(2027, 6, 14)
