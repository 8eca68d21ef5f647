"""What was kept long enough goes, once, with a line in the trail; what is younger stays."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import audit, identity, privacy, providers
from app.kernel import Base
from app.privacy import Keeping
from app.privacy.retention import months_before
from app.providers import Role
from tests.support.whole_person import KEY, whole_person
from tests.support.world import NOW, add_person, add_provider

KEEPING = Keeping(results_years=6, answers_months=12, audit_months=72)


def count(session: Session, table: str) -> int:
    return session.scalars(select(func.count()).select_from(Base.metadata.tables[table])).one()


def sweep(session: Session, now: datetime) -> dict[str, int]:
    swept = privacy.sweep(session, KEEPING, actor=audit.WORKER, now=now)
    session.commit()
    return {key: value for key, value in asdict(swept).items() if value}


def test_somebody_who_left_six_years_ago_is_erased(session: Session) -> None:
    provider = add_provider(session)
    member, _ = whole_person(session, provider)
    stays = add_person(session, provider, "Stays Here")
    providers.end_membership(session, provider.id, member.person_id, now=NOW)

    early = sweep(session, NOW + timedelta(days=6 * 365))
    late = sweep(session, NOW + timedelta(days=6 * 366))

    assert "people" not in early
    assert (late["people"], late["records"]) == (1, 9)
    assert identity.find_person(session, member.person_id) is None
    assert identity.find_person(session, stays.person_id) is not None


def test_somebody_who_came_back_is_kept(session: Session) -> None:
    provider = add_provider(session)
    member = add_person(session, provider)
    providers.end_membership(session, provider.id, member.person_id, now=NOW)
    providers.add_membership(session, provider.id, member.person_id, [Role.LEARNER], now=NOW + timedelta(days=30))
    session.commit()

    assert sweep(session, NOW + timedelta(days=4000)) == {}


def test_answers_codes_tries_and_ended_sign_ins_go_each_in_its_time(session: Session) -> None:
    whole_person(session, add_provider(session))
    identity.take_try(session, "pin:somebody", now=NOW)
    session.commit()

    found = [sweep(session, NOW + timedelta(days=days)) for days in (1, 40, 70, 220, 370, 380)]

    assert found == [
        {},
        {"failures": 1},
        {"invites": 1, "tokens": 1},
        {"tokens": 1},
        {"answers": 2, "reflections": 1, "messages": 2, "looks": 1},
        {"looks": 1},
    ]
    assert count(session, "attempt_results") == 1
    assert privacy.last_swept(session) == NOW + timedelta(days=380)


def test_the_oldest_entries_of_the_trail_go_and_it_stays_whole(session: Session) -> None:
    provider = add_provider(session)
    whole_person(session, provider)

    found = sweep(session, NOW + timedelta(days=73 * 31))

    assert found["audit"] == 1
    assert [each.action for each in audit.entries(session)] == ["data.retention", "audit.shortened"]
    assert audit.verify(session).broken is None


def test_looking_first_changes_nothing(session: Session) -> None:
    provider = add_provider(session)
    whole_person(session, provider)
    entries = audit.head(session)

    swept = privacy.preview(session, KEEPING, now=NOW + timedelta(days=400))

    assert swept.answers == 2
    assert audit.head(session) == entries
    assert sweep(session, NOW + timedelta(days=400))["answers"] == 2


@pytest.mark.parametrize(
    ("now", "months", "then"),
    [
        (datetime(2026, 3, 31, tzinfo=UTC), 1, datetime(2026, 2, 28, tzinfo=UTC)),
        (datetime(2024, 2, 29, tzinfo=UTC), 12, datetime(2023, 2, 28, tzinfo=UTC)),
        (datetime(2026, 11, 22, tzinfo=UTC), 72, datetime(2020, 11, 22, tzinfo=UTC)),
        (datetime(2026, 1, 1, tzinfo=UTC), 1, datetime(2025, 12, 1, tzinfo=UTC)),
    ],
)
def test_months_are_counted_back_by_the_calendar(now: datetime, months: int, then: datetime) -> None:
    assert months_before(now, months) == then


def test_a_code_that_still_works_is_kept(session: Session) -> None:
    provider = add_provider(session)
    member = add_person(session, provider)
    providers.issue_invite(session, provider.id, member.person_id, secret=KEY, now=NOW)
    session.commit()

    assert sweep(session, NOW + timedelta(days=13)) == {}
