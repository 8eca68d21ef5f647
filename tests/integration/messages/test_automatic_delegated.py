"""The worker tells a carer that a delegated task ends, as it tells of modules: once at each step, within the limits."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import learning, messages
from app.assessment import delegation
from app.catalogue import Step
from app.kernel import begin_write
from app.messages import Titles
from app.messages.models import Message
from tests.support.delegated import delegated
from tests.support.world import NOW, add_person, add_provider

CHAINS = {"falls": (Step(number=1, change="major", published=date(2026, 1, 1)),)}


def look(session: Session, provider_id: int, days: int) -> int:
    """Look some days after NOW, as a worker does; how many were nudged."""
    begin_write(session)
    falls = {"falls": Titles(title="Falls", minutes=8)}
    sent = messages.nudge_by_itself(session, provider_id, modules=falls, chains=CHAINS, now=NOW + timedelta(days=days))
    session.commit()
    return sent


def texts(session: Session) -> list[str]:
    return list(session.scalars(select(Message.text).order_by(Message.id)))


def test_two_weeks_and_three_days_before_and_once_it_has_ended(session: Session) -> None:
    provider = add_provider(session)
    ngozi = add_person(session, provider)
    delegated(session, ngozi, now=NOW, days=20)
    assert [day for day in range(40) if look(session, provider.id, day)] == [6, 17, 21]
    assert texts(session)[0] == (
        "Hello Ngozi. Delegated until 5 July: Give insulin by pen, for Maple 14. Ask the office who looks at it again."
    )
    assert texts(session)[2].endswith("It has ended. Do not do it: ring the office.")


def test_a_renewal_or_a_withdrawal_ends_it(session: Session) -> None:
    provider = add_provider(session)
    ngozi = add_person(session, provider)
    delegated(session, ngozi, now=NOW, days=20)
    delegated(session, ngozi, now=NOW, days=200)
    other = delegated(session, ngozi, now=NOW, days=20, alias="Blue 7")
    delegation.withdraw(session, provider.id, ngozi.person_id, other.uuid, reason="No need", now=NOW, by=None)
    session.commit()
    assert [day for day in range(40) if look(session, provider.id, day)] == []


def test_a_module_and_a_task_are_told_of_in_one_message(session: Session) -> None:
    provider = add_provider(session)
    ngozi = add_person(session, provider)
    due = NOW.date() + timedelta(days=14)
    learning.assign(session, provider.id, ngozi.person_id, "falls", due=due, now=NOW)
    delegated(session, ngozi, now=NOW, days=14)
    assert look(session, provider.id, 0) == 1
    [text] = texts(session)
    assert "Falls is to be done by 29 June" in text
    assert "Delegated until 29 June: Give insulin by pen, for Maple 14." in text
