"""What managers and an assessor of the small provider did: one thing at least for every page of theirs to show."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from app import assessment, catalogue, messages, providers, requirements, supervision
from app.assessment import Criterion, delegation
from app.assessment.delegation import NewDelegation
from app.cli.seeding import practice
from app.cli.seeding.phone import Kept, Phone, studied
from app.content import queries as content
from app.kernel import day_of, new_uuid7
from app.messages import Kind
from app.providers import MemberView, ProviderView
from app.requirements import Had, OutsideState, Usual
from app.supervision import MeetingKind, NewAction, NewMeeting

Somebody = tuple[MemberView, Phone | None]
People = Mapping[str, Somebody]

TEAMS = {
    "North round": ("Ngozi Obi", "Marta Kowalska", "Delroy Campbell", "Aisha Rahman", "Kwame Mensah", "Callum Reid"),
    "South round": ("Gwen Pritchard", "Sunita Thapa", "Ioana Popescu", "Fatuma Ali", "Jean-Paul Mukendi", "Chidi Eze"),
}
# Profile, by its usual key, how many days ago it was given (None: when they began), and to whom.
PROFILES: Mapping[str, tuple[int | None, tuple[str, ...]]] = {
    "care-worker": (
        70,
        ("Ngozi Obi", "Marta Kowalska", "Delroy Campbell", "Aisha Rahman", "Gwen Pritchard", "Ioana Popescu"),
    ),
    "new-to-care": (None, ("Kwame Mensah", "Callum Reid", "Jean-Paul Mukendi", "Chidi Eze")),
}
# Trainings of the usual list somebody did here, by key, and how many days ago.
DONE = {
    "Ngozi Obi": (("fire-safety", 60), ("infection-prevention", 55), ("food-hygiene", 41), ("recording", 33)),
    "Aisha Rahman": (("fire-safety", 58), ("safeguarding-adults", 44), ("equality", 30), ("data-security", 12)),
    "Gwen Pritchard": (("data-security", 340), ("handling-objects", 66), ("recording", 64), ("moving-people", 29)),
    "Marta Kowalska": (("infection-prevention", 38),),
    "Jean-Paul Mukendi": (("fire-safety", 20),),
}
INDUCTION = {"Kwame Mensah": 10, "Chidi Eze": 3, "Jean-Paul Mukendi": 20, "Sunita Thapa": 20}


def fill(session: Session, provider: ProviderView, people: People, usual: Usual, now: datetime) -> None:
    """Add teams, what is needed, practice seen, certificates, meetings, goals and a message. The caller commits."""
    luck = random.Random(len(people))  # noqa: S311 - made-up history, not secrets
    by = people["Priya Nair"][0].person_id
    _teams(session, provider, people, now)
    _needed(session, provider, people, usual, luck, by, now)
    _practice(session, provider, people, luck, by, now)
    _outside(session, provider, people, by, now)
    _supervision(session, provider, people, by, now)
    requirements.carry_out(session, provider.id, now, by=by)
    _delegated(session, provider, people, by, now)
    _say(session, provider, people, by, now)


def _teams(session: Session, provider: ProviderView, people: People, now: datetime) -> None:
    made_at = now - timedelta(days=300)
    number = 100
    for name, members in TEAMS.items():
        team = providers.add_team(session, provider.id, name, now=made_at)
        for each in members:
            person = people[each][0]
            providers.set_teams(session, provider.id, person.person_id, [team.uuid], now=max(made_at, person.started))
            number += 1
            providers.set_details(session, provider.id, person.person_id, reference=f"B{number}", email="")
    priya = people["Priya Nair"][0].person_id
    providers.set_registered_manager(session, provider.id, priya, now=now - timedelta(days=780))


def _needed(
    session: Session,
    provider: ProviderView,
    people: People,
    usual: Usual,
    luck: random.Random,
    by: int,
    now: datetime,
) -> None:
    chains = catalogue.listing(session, provider.id).chains()
    requirements.take_up(session, provider.id, usual, offered=chains.keys(), now=now - timedelta(days=71), by=by)
    titles = {each.key: each.title for each in usual.categories}
    profiles = {each.title: each.uuid for each in requirements.profiles(session, provider.id)}
    for key, (days, names) in PROFILES.items():
        for name in names:
            person = people[name][0]
            at = person.started if days is None else now - timedelta(days=days)
            requirements.give(session, provider.id, profiles[titles[key]], [person.person_id], now=at, by=by)
    modules = {line.key: line.asks.modules for line in usual.trainings}
    offers = catalogue.listing(session, provider.id).offers
    quizzes = content.quizzes(session, [offer.edition.sha for offer in offers])
    by_key = {quiz.key: quiz for quiz in quizzes.values()}
    for name, done in DONE.items():
        phone = people[name][1]
        kept: list[Kept] = []
        for key, days in sorted(done, key=lambda each: -each[1]):
            for place, module in enumerate(modules[key]):
                if module in by_key:
                    start = now - timedelta(days=days, minutes=-25 * place)
                    kept += studied(by_key[module], start, "well", luck)
        if phone is not None and kept:
            phone.send(kept, min(now, kept[-1].at + timedelta(hours=2)))


def _practice(
    session: Session, provider: ProviderView, people: People, luck: random.Random, by: int, now: datetime
) -> None:
    tom, phone = people["Tom Price"]
    assessment.name_assessor(
        session,
        provider.id,
        tom.person_id,
        standards=None,
        basis="Level 3 award in assessing at work, and nine years in home care.",
        since=day_of(now - timedelta(days=365)),
        until=None,
        now=now - timedelta(days=365),
        by=by,
    )
    standards = [each for each in assessment.practice_standards(session) if each.criteria]
    if phone is None or not standards:
        return

    def seen(name: str, days: int, place: int, decisions: Sequence[str]) -> Kept:
        standard = standards[place % len(standards)]
        criteria: Sequence[Criterion] = standard.criteria[: len(decisions)]
        learner, at = people[name][0], now - timedelta(days=days)
        decided = {each.code: decision for each, decision in zip(criteria, decisions, strict=False)}
        return practice.made(learner.person_uuid, standard.number, decided, at, luck)

    observations = {
        "Ngozi Obi": seen("Ngozi Obi", 40, 5, ("yes", "yes", "yes")),
        "Aisha Rahman": seen("Aisha Rahman", 26, 6, ("yes", "not-yet", "not-seen")),
        "Gwen Pritchard": seen("Gwen Pritchard", 19, 8, ("yes",) * 8),
        "Delroy Campbell": seen("Delroy Campbell", 9, 4, ("yes", "not-yet")),
        "Marta Kowalska": seen("Marta Kowalska", 1, 5, ("yes", "yes")),
    }
    phone.send(list(observations.values()), now - timedelta(hours=20))
    comments = {"Delroy Campbell": "I did ask her first, before you came into the kitchen."}
    for name, observation in observations.items():
        theirs = people[name][1]
        # Marta has not looked at her phone yet.
        if theirs is None or name == "Marta Kowalska":
            continue
        at = observation.at + timedelta(hours=4)
        comment = comments.get(name)
        word = practice.answered(observation, at, agrees=comment is None, comment=comment)
        theirs.send([word], max(at, now - timedelta(hours=19)))
    phone.is_heard_of()


def _outside(session: Session, provider: ProviderView, people: People, by: int, now: datetime) -> None:
    trainings = {each.usual: each for each in requirements.trainings(session, provider.id)}
    today = day_of(now)
    moving, support, medicines = (trainings[key] for key in ("moving-people", "basic-life-support", "medication"))

    def note(
        name: str, training: requirements.TrainingView, days_ago: int, booked_for: date | None = None
    ) -> requirements.OutsideView:
        had = Had(
            training=training.uuid,
            title=f"{training.title}, one day",
            taught_by="A trainer who came to the office",
            taken_on=None if booked_for else today - timedelta(days=days_ago),
            booked_for=booked_for,
        )
        person = people[name][0].person_id
        at = now - timedelta(days=max(0, days_ago - 3))
        uuid = requirements.note_outside(session, provider.id, person, had, now=at, by=by)
        return next(each for each in requirements.outside(session, provider.id, people=[person]) if each.uuid == uuid)

    gwen = note("Gwen Pritchard", moving, 45)
    requirements.decide_outside(
        session,
        provider.id,
        gwen.person_id,
        gwen.uuid,
        OutsideState.ACCEPTED,
        "I have seen the certificate, and rang the trainer.",
        now=now - timedelta(days=40),
        by=by,
    )
    note("Marta Kowalska", support, 8)
    note("Delroy Campbell", medicines, 5, booked_for=today + timedelta(days=16))
    requirements.make_exception(
        session,
        provider.id,
        people["Ioana Popescu"][0].person_id,
        trainings["food-hygiene"].uuid,
        "She prepares no meals until her hand has healed.",
        until=today + timedelta(days=60),
        now=now - timedelta(days=12),
        by=by,
    )


def _supervision(session: Session, provider: ProviderView, people: People, by: int, now: datetime) -> None:
    for name, days, shared, agreed in (
        ("Ngozi Obi", 20, "Enjoys the new round. Would like to learn more about dementia.", "Shadow a dementia visit"),
        ("Aisha Rahman", 79, "Travel between two visits is too tight on Fridays.", "Priya looks at Friday's round"),
    ):
        new = NewMeeting(
            kind=MeetingKind.SUPERVISION,
            held_on=day_of(now - timedelta(days=days)),
            led_by=by,
            led_by_other="",
            shared=shared,
            private="",
            next_on=None,
            actions=(NewAction(text=agreed, due=day_of(now + timedelta(days=30))),),
        )
        at = now - timedelta(days=days - 1)
        who = [people[name][0].person_id]
        supervision.record_meeting(session, provider.id, who, new, now=at, today=day_of(at), by=by)
    items = supervision.items_of(session, provider)
    for name, done in INDUCTION.items():
        person = people[name][0]
        for place, item in enumerate(items[:done]):
            at = person.started + (now - person.started) * ((place + 1) / (len(items) + 1))
            supervision.tick(
                session, provider.id, person.person_id, item.uuid, on=day_of(at), now=at, today=day_of(at), by=by
            )
    aisha, phone = people["Aisha Rahman"]
    if phone is not None:
        goal = new_uuid7()
        at = now - timedelta(days=14)
        by_day = day_of(now + timedelta(days=90)).isoformat()
        words = {"goal": str(goal), "text": "Feel sure with the hoist", "by": by_day, "done": False}
        phone.send([Kept(at=at, kind="goal.saved", data=words)], at + timedelta(minutes=1))
        remark = "Good idea. Tom has time to practise with you on Tuesday."
        supervision.comment(session, provider.id, aisha.person_id, goal, remark, now=now - timedelta(days=13), by=by)


def _delegated(session: Session, provider: ProviderView, people: People, by: int, now: datetime) -> None:
    """Two delegated tasks, one of which ends soon."""
    for name, task, alias, ago, left in (
        ("Ngozi Obi", "Give insulin by pen", "Maple 14", 40, 300),
        ("Aisha Rahman", "Change a stoma bag", "Blue 7", 170, 12),
    ):
        at = now - timedelta(days=ago)
        paper = NewDelegation(
            task=task,
            alias=alias,
            limits="As the care plan says, step by step. Anything else than usual: stop, and ring the nurses.",
            clinician="Ruth Ellery",
            profession="district nurse",
            organisation="Community nursing, north team",
            reach="0113 496 0123",
            seen_on=day_of(at - timedelta(days=1)),
            valid_until=day_of(now + timedelta(days=left)),
            rests_on="Taught by the nurses, then watched three times",
            paper=True,
        )
        delegation.give(session, provider.id, people[name][0].person_id, paper, now=at, by=by)


def _say(session: Session, provider: ProviderView, people: People, by: int, now: datetime) -> None:
    messages.send(
        session,
        provider.id,
        people["Ngozi Obi"][0].person_id,
        text="Well done with the infection modules, Ngozi. Tom will see you on Tuesday about the next ones.",
        kind=Kind.MESSAGE,
        by=by,
        now=now - timedelta(hours=3),
    )
