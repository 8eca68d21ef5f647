"""Reminders that go by themselves: only where they are switched on, each date once at each step, within the limits."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import learning, messages
from app.catalogue import Step
from app.kernel import begin_write
from app.messages import Titles
from app.messages.models import Message
from tests.support.world import NOW, add_person, add_provider

MODULES = {"falls": Titles(title="Falls", minutes=8), "choking": Titles(title="Choking", minutes=4)}
CHAINS = {key: (Step(number=1, change="major", published=date(2026, 1, 1)),) for key in MODULES}


def look(session: Session, provider_id: int, days: int) -> int:
    """Look some days after NOW, as a worker does; how many were nudged."""
    begin_write(session)
    sent = messages.nudge_by_itself(
        session, provider_id, modules=MODULES, chains=CHAINS, now=NOW + timedelta(days=days)
    )
    session.commit()
    return sent


def test_two_weeks_and_three_days_before_and_once_it_is_over(session: Session) -> None:
    provider = add_provider(session)
    ngozi = add_person(session, provider)
    due = NOW.date() + timedelta(days=20)
    learning.assign(session, provider.id, ngozi.person_id, "falls", due=due, now=NOW)
    session.commit()
    assert [day for day in range(40) if look(session, provider.id, day)] == [6, 17, 21]
    texts = session.scalars(select(Message.text).order_by(Message.id)).all()
    assert texts[0] == (
        "Hello Ngozi. Falls is to be done by 5 July, 8 minutes. You can stop at any time and carry on later."
    )
    assert "was to be done by 5 July" in texts[2]


def test_looking_twice_in_a_day_sends_once_and_the_week_holds_two(session: Session) -> None:
    provider = add_provider(session)
    ngozi = add_person(session, provider)
    for module, days in (("falls", 14), ("choking", 15)):
        due = NOW.date() + timedelta(days=days)
        learning.assign(session, provider.id, ngozi.person_id, module, due=due, now=NOW)
    session.commit()
    assert [look(session, provider.id, 0), look(session, provider.id, 0)] == [1, 0]
    # Choking on the next day; then two within a week, whoever sends.
    assert look(session, provider.id, 1) == 1
    due = NOW.date() + timedelta(days=5)
    learning.assign(session, provider.id, ngozi.person_id, "falls", due=due, now=NOW + timedelta(days=2))
    session.commit()
    assert look(session, provider.id, 2) == 0
    assert look(session, provider.id, 8) == 1


def test_it_is_off_until_a_provider_switches_it_on(session: Session) -> None:
    provider = add_provider(session)
    assert messages.automatic_providers(session) == ()
    assert messages.switch_automatic(session, provider.id, on=True, by=None, now=NOW)
    assert not messages.switch_automatic(session, provider.id, on=True, by=None, now=NOW)
    assert messages.automatic_providers(session) == (provider.id,)
    assert messages.switch_automatic(session, provider.id, on=False, by=None, now=NOW)
    assert messages.automatic_since(session, provider.id) is None
