"""Larch Valley Home Care: 400 carers over three years, with joiners and leavers.

Everything a carer or an assessor did is a record of their phone's, sent through the intake in batches. What managers
did is done by the same services as on their pages, at the moment it was done.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import update
from sqlalchemy.orm import Session

from app import catalogue, identity, providers, requirements, sync
from app.cli.audit import noted
from app.cli.seeding import large_desk, large_practice
from app.cli.seeding.careers import OPEN, TEAMS, Career, Pace, careers
from app.cli.seeding.past import Asked, goes
from app.cli.seeding.phone import Kept, Phone, studied
from app.cli.seeding.small import DEVELOPMENT_PASSWORD, LUCK
from app.content import Quiz
from app.content import queries as content
from app.identity import Person
from app.providers import MemberView, ProviderView, Role
from app.requirements import Usual, read_usual

PROVIDER = "Larch Valley Home Care"
CARERS, FEWEST, MOST = 400, 4, 2_000
STAFF = (
    ("Helen Brooks", "helen", (Role.MANAGER, Role.ASSESSOR)),
    ("Farah Siddiqui", "farah", (Role.MANAGER,)),
    ("Ruth Evans", "ruth", (Role.TRAINER,)),
    ("George Okoro", "george", (Role.TRAINER, Role.ASSESSOR)),
)
# Phones send every few weeks, as where there is little signal, and never more than the intake takes at once.
EVERY = timedelta(days=24)
# What is needed is brought into line this often while the three years go by.
IN_LINE = timedelta(days=183)

Tell = Callable[[str], None]
Staffed = Sequence[tuple[Career, MemberView]]


def fill(session: Session, *, pin: str, now: datetime, usual: Path, carers: int, tell: Tell) -> ProviderView:
    """Add the large provider with this many carers today. The caller commits, all of it or nothing.

    Modules must have been published before. `usual` is the folder of the usual list; `tell` is given how far it is.
    """
    luck = random.Random(LUCK)  # noqa: S311 - made-up history, not secrets
    opened = now - OPEN
    provider = providers.add_provider(session, PROVIDER, contact="Helen", now=opened - timedelta(days=2500))
    desk = _add_staff(session, provider, opened)
    by = desk["Helen Brooks"].person_id
    providers.set_registered_manager(session, provider.id, by, now=opened)
    staffed = _add_carers(session, provider, careers(carers, luck, now), pin, luck)
    tell(f"{PROVIDER}: {len(staffed)} people have or had a place. Now what three years brought.")
    known = read_usual(usual)
    asked = _needed(session, provider, staffed, known, by, opened)
    practice = large_practice.plan(session, provider, staffed, desk, by, luck, now)
    _send_all(session, provider, staffed, asked, practice, luck, now, tell)
    assessor = desk["George Okoro"]
    identity.set_pin(session, assessor.person_id, pin)
    phone = Phone(session, provider, assessor, opened)
    _send(phone, practice[assessor.person_id], luck, now)
    phone.is_heard_of()
    large_desk.fill(session, provider, staffed, by, luck, now, tell)
    at = opened
    while at < now:
        requirements.carry_out(session, provider.id, at, by=by)
        tell(f"What was needed of whom: {(at - opened) / OPEN:.0%}")
        at += IN_LINE
    requirements.carry_out(session, provider.id, now, by=by)
    for career, member in staffed:
        if career.left is not None:
            providers.end_membership(session, provider.id, member.person_id, now=career.left)
    noted("server.seeded", provider=provider.uuid)
    return provider


def _add_staff(session: Session, provider: ProviderView, opened: datetime) -> dict[str, MemberView]:
    desk = {}
    for name, sign_in, roles in STAFF:
        since = opened - timedelta(days=200)
        member = providers.add_person(session, provider.id, name, roles, now=since, sign_in_name=sign_in)
        identity.set_password(session, member.person_id, DEVELOPMENT_PASSWORD)
        desk[name] = member
    return desk


def _add_carers(
    session: Session, provider: ProviderView, made_up: Sequence[Career], pin: str, luck: random.Random
) -> Staffed:
    first = made_up[0].began
    teams = {name: providers.add_team(session, provider.id, name, now=first).uuid for name in TEAMS}
    staffed = []
    for number, career in enumerate(made_up, 1):
        roles = (Role.LEARNER, Role.ASSESSOR) if career.assessor else (Role.LEARNER,)
        member = providers.add_person(session, provider.id, career.name, roles, now=career.began)
        providers.set_teams(session, provider.id, member.person_id, [teams[career.team]], now=career.began)
        address = ".".join(career.name.replace("'", "").lower().split())
        email = "" if luck.random() < 0.6 else f"{address}@example.org"
        providers.set_details(session, provider.id, member.person_id, reference=f"L{number:04}", email=email)
        staffed.append((career, member))
    joined = [member.person_id for career, member in staffed if career.pace is not Pace.NEVER_JOINED]
    # Making a PIN slow to guess takes longer than everything else of a person. All of theirs are the same.
    identity.set_pin(session, joined[0], pin)
    hashed = session.get_one(Person, joined[0]).pin_hash
    session.execute(update(Person).where(Person.id.in_(joined)).values(pin_hash=hashed))
    return staffed


def _needed(
    session: Session, provider: ProviderView, staffed: Staffed, usual: Usual, by: int, opened: datetime
) -> Mapping[str, tuple[Asked, ...]]:
    """Take up the usual list, give everybody their profile, and return what each profile asks for."""
    chains = catalogue.listing(session, provider.id).chains()
    requirements.take_up(session, provider.id, usual, offered=chains.keys(), now=opened, by=by)
    profiles = {each.title: each for each in requirements.profiles(session, provider.id)}
    trainings = {each.uuid: each for each in requirements.trainings(session, provider.id)}
    by_key = {each.key: profiles[each.title] for each in usual.categories if each.title in profiles}
    groups: dict[tuple[str, datetime], list[int]] = defaultdict(list)
    for career, member in staffed:
        groups[career.profile, career.asked_from].append(member.person_id)
    for (key, at), people in sorted(groups.items()):
        requirements.give(session, provider.id, by_key[key].uuid, people, now=at, by=by)
    return {
        key: tuple(
            Asked(modules=trainings[uuid].modules, months=trainings[uuid].refresh_months)
            for uuid in profile.trainings
            if trainings[uuid].modules
        )
        for key, profile in by_key.items()
    }


def _send_all(
    session: Session,
    provider: ProviderView,
    staffed: Staffed,
    asked: Mapping[str, Sequence[Asked]],
    practice: Mapping[int, Sequence[Kept]],
    luck: random.Random,
    now: datetime,
    tell: Tell,
) -> None:
    offers = catalogue.listing(session, provider.id).offers
    quizzes = content.quizzes(session, [offer.edition.sha for offer in offers])
    by_key: dict[str, Quiz] = {quiz.key: quiz for quiz in quizzes.values()}
    sent = told = 0
    for place, (career, member) in enumerate(staffed):
        if career.pace is Pace.NEVER_JOINED:
            continue
        kept = list(practice.get(member.person_id, ()))
        for go in goes(career, asked[career.profile], luck, now):
            kept += studied(by_key[go.module], go.at, go.how, luck, lessons=go.lessons)
        kept += large_desk.goals(career, luck, now)
        phone = Phone(session, provider, member, career.asked_from + timedelta(hours=3))
        _send(phone, kept, luck, now)
        phone.is_heard_of()
        sent += len(kept)
        if (percent := 10 * (10 * place // len(staffed))) > told:
            told = percent
            tell(f"Learning of three years: {percent} %, {sent:,} records")
    tell(f"Learning of three years: 100 %, {sent:,} records")


def _send(phone: Phone, kept: Sequence[Kept], luck: random.Random, now: datetime) -> None:
    """Send what a phone kept, in batches, each when there was signal after it."""
    batch: list[Kept] = []
    for each in sorted((each for each in kept if each.at < now), key=lambda each: each.at):
        if batch and (each.at - batch[0].at > EVERY or len(batch) >= sync.MOST_RECORDS):
            _send_batch(phone, batch, luck, now)
            batch = []
        batch.append(each)
    if batch:
        _send_batch(phone, batch, luck, now)


def _send_batch(phone: Phone, batch: Sequence[Kept], luck: random.Random, now: datetime) -> None:
    hours = luck.uniform(4, 60) if luck.random() < 0.15 else 0.01
    phone.send(batch, max(phone.last, min(now, batch[-1].at + timedelta(hours=hours))))
