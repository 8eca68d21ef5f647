"""Bramble Home Care: a small believable provider for development, with months of records that came the ordinary way."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from app import catalogue, identity, learning, providers
from app.cli.audit import noted
from app.cli.seeding import small_day
from app.cli.seeding.carers import CARERS, Carer
from app.cli.seeding.phone import Kept, Phone, studied
from app.content import queries as content
from app.kernel import day_of
from app.providers import MemberView, ProviderView, Role
from app.requirements import read_usual

DEVELOPMENT_PASSWORD = "between visits dev"  # noqa: S105 - only `flask seed` sets it, and never in production
PROVIDER = "Bramble Home Care"
# The same people with the same history each time, so that a picture taken today fits the one taken last week.
LUCK = 2026


def fill(session: Session, *, pin: str, now: datetime, usual: Path) -> ProviderView:
    """Add the made-up provider, its people and their history. The caller commits.

    Modules must have been published before; without any, people are there but have no history. `usual` is the folder
    of the usual list of trainings.
    """
    luck = random.Random(LUCK)  # noqa: S311 - made-up history, not secrets
    provider = providers.add_provider(session, PROVIDER, contact="Priya", now=now - timedelta(days=800))
    people = _add_staff(session, provider, pin, now)
    shas = [offer.edition.sha for offer in catalogue.listing(session, provider.id).offers]
    for carer in CARERS:
        people[carer.name] = _add_carer(session, provider, carer, shas, pin, luck, now)
    small_day.fill(session, provider, people, read_usual(usual), now)
    for carer in CARERS:
        member, phone = people[carer.name]
        if phone is not None:
            phone.is_heard_of()
        if carer.left_days_ago is not None:
            left = now - timedelta(days=carer.left_days_ago)
            providers.end_membership(session, provider.id, member.person_id, now=left)
    noted("server.seeded", provider=provider.uuid)
    return provider


def _add_staff(session: Session, provider: ProviderView, pin: str, now: datetime) -> dict[str, small_day.Somebody]:
    people: dict[str, small_day.Somebody] = {}
    since = now - timedelta(days=790)
    for name, sign_in, roles in (
        ("Priya Nair", "priya", (Role.MANAGER, Role.ASSESSOR)),
        ("Tom Price", "tom", (Role.TRAINER, Role.ASSESSOR)),
    ):
        member = providers.add_person(session, provider.id, name, roles, now=since, sign_in_name=sign_in)
        identity.set_password(session, member.person_id, DEVELOPMENT_PASSWORD)
        people[name] = (member, None)
    tom, _ = people["Tom Price"]
    # An assessor sees practice with a phone in the hand, so he has one.
    identity.set_pin(session, tom.person_id, pin)
    people["Tom Price"] = (tom, Phone(session, provider, tom, since + timedelta(days=1)))
    return people


def _add_carer(
    session: Session,
    provider: ProviderView,
    carer: Carer,
    shas: Sequence[str],
    pin: str,
    luck: random.Random,
    now: datetime,
) -> small_day.Somebody:
    began = now - timedelta(days=carer.days_here)
    member: MemberView = providers.add_person(session, provider.id, carer.name, (Role.LEARNER,), now=began)
    editions = content.quizzes(session, shas)
    for place, due in carer.asked:
        if place < len(shas):
            learning.assign(
                session,
                provider.id,
                member.person_id,
                editions[shas[place]].key,
                due=None if due is None else day_of(now + timedelta(days=due)),
                now=began + (now - began) * 0.2,
            )
    if not carer.joined:
        return member, None
    identity.set_pin(session, member.person_id, pin)
    phone = Phone(session, provider, member, began + timedelta(hours=3))
    for study in carer.studies:
        if study.module < len(shas):
            start = now - timedelta(days=study.days_ago)
            kept = studied(editions[shas[study.module]], start, study.how, luck)
            phone.send(kept, min(now, kept[-1].at + timedelta(hours=study.hours_unsent, seconds=40)))
    if carer.held:
        # A record of a kind a newer app might make: the server holds it for somebody to see.
        at = now - timedelta(days=2)
        phone.send([Kept(at=at, kind="round.planned", data={"note": "made by a newer app"})], at)
    return member, phone
