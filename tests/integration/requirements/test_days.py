"""Half past midnight in July, when the UTC day is still yesterday: each rule and page takes the day people live in."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from app import compliance, providers, requirements
from app.compliance import evidence
from app.compliance.evidence import EvidenceError
from app.compliance.evidence.sources import Sources
from app.learning import Asked, Standing, Status, standing
from app.messages.suggestions import Reason, reason_for
from app.providers import Role
from app.requirements import Had, RequirementError
from tests.support.evidence_place import scope
from tests.support.required import asks, chains_of
from tests.support.world import add_provider

NIGHT = datetime(2026, 7, 14, 23, 30, tzinfo=UTC)
TODAY, YESTERDAY = date(2026, 7, 15), date(2026, 7, 14)
EARLIER = NIGHT - timedelta(days=100)


def test_a_certificate_of_today_is_taken_and_one_of_tomorrow_is_not(session: Session) -> None:
    provider = add_provider(session)
    ngozi = providers.add_person(session, provider.id, "Ngozi Obi", (Role.LEARNER,), now=EARLIER)
    training = requirements.add_training(session, provider.id, asks(), now=EARLIER)

    def had(day: date) -> Had:
        return Had(training=training, title="Fire", taught_by="Thistle", taken_on=day)

    assert requirements.note_outside(session, provider.id, ngozi.person_id, had(TODAY), now=NIGHT)
    with pytest.raises(RequirementError, match="still to come"):
        requirements.note_outside(session, provider.id, ngozi.person_id, had(TODAY + timedelta(days=1)), now=NIGHT)
    with pytest.raises(RequirementError, match="has passed"):
        requirements.make_exception(
            session, provider.id, ngozi.person_id, training, "On leave.", until=YESTERDAY, now=NIGHT
        )


def test_the_matrix_of_yesterday_ends_where_today_begins(session: Session) -> None:
    provider = add_provider(session)
    midnight = datetime(2026, 7, 14, 23, 0, tzinfo=UTC)
    profile_needs = requirements.add_training(session, provider.id, asks(), now=EARLIER)
    profile = requirements.add_profile(session, provider.id, "Care worker", "care-worker", [profile_needs], now=EARLIER)
    for name, since in (("Ngozi Obi", midnight - timedelta(seconds=1)), ("Marta Nowak", midnight)):
        member = providers.add_person(session, provider.id, name, (Role.LEARNER,), now=since)
        requirements.give(session, provider.id, profile, [member.person_id], now=since)
    session.commit()
    chains = chains_of(session, provider.id)

    now = compliance.matrix(session, provider.id, chains=chains, now=NIGHT)
    past = compliance.matrix(session, provider.id, chains=chains, now=NIGHT, as_at=YESTERDAY)

    assert (now.as_at, now.past) == (TODAY, False)
    assert (past.as_at, past.past) == (YESTERDAY, True)
    assert [row.member.name for row in past.rows] == ["Ngozi Obi"], "who began at midnight was not here yesterday"


def test_a_module_is_late_from_midnight_in_england() -> None:
    asked = Asked(due=YESTERDAY, training=None)
    found = [
        standing(now=at, assignment=asked, completions=(), chain=()).status
        for at in (NIGHT - timedelta(hours=1), NIGHT)
    ]
    assert found == [Status.DUE_SOON, Status.OVERDUE]


def test_a_pack_as_at_today_can_be_asked_for_and_of_tomorrow_cannot(session: Session) -> None:
    provider = add_provider(session)
    asked = scope(since=YESTERDAY, until=TODAY, as_at=TODAY)
    assert evidence.ask(session, provider.id, asked, by=None, now=NIGHT)
    with pytest.raises(EvidenceError, match="still to come"):
        evidence.ask(session, provider.id, replace(asked, as_at=TODAY + timedelta(days=1)), by=None, now=NIGHT)
    sources = Sources(session=session, provider=provider, scope=replace(asked, since=TODAY), now=NIGHT)
    assert sources.within(NIGHT - timedelta(minutes=29))
    assert not sources.within(NIGHT - timedelta(minutes=31)), "that was yesterday"


def test_nobody_is_told_a_day_too_long_of_what_runs_out() -> None:
    ended = Standing(
        status=Status.NOT_STARTED,
        due=None,
        valid_until=TODAY - timedelta(days=31),
        completed_at=EARLIER,
        edition=1,
        counts=False,
    )
    assert reason_for(ended, asked=False, last_act=None, now=NIGHT - timedelta(hours=1)) is Reason.RUNS_OUT
    assert reason_for(ended, asked=False, last_act=None, now=NIGHT) is None


def test_goes_of_today_are_those_since_midnight_in_england() -> None:
    class Go:
        def __init__(self, at: datetime) -> None:
            self.at = at

    goes = [Go(NIGHT - timedelta(minutes=31)), Go(NIGHT - timedelta(minutes=29))]
    assert compliance.goes_today(goes, None, NIGHT) == 1  # type: ignore[arg-type]
