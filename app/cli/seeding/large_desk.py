"""What the managers of the large provider did: certificates, exceptions, meetings, inductions and messages."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from app import messages, requirements, supervision
from app.assessment import delegation
from app.assessment.delegation import NewDelegation
from app.cli.seeding.careers import Career, Pace
from app.cli.seeding.phone import Kept
from app.kernel import day_of, new_uuid7
from app.messages import Kind
from app.providers import MemberView, ProviderView
from app.requirements import Elsewhere, Had, OutsideState, TrainingView
from app.supervision import MeetingKind, NewAction, NewMeeting

Staffed = Sequence[tuple[Career, MemberView]]
GOALS = (
    "Feel sure with the hoist",
    "Take the diploma at level 2",
    "Learn more about dementia",
    "Write notes in better English",
    "Become a senior",
)
SHARED = (
    "Likes the round. Asked for fewer late calls on Sundays.",
    "Talked about travel time. Two visits are too close together.",
    "Confident with medicines support. Would like to learn about Parkinson's.",
    "A hard month: two people died. We talked about it, and about who to ring.",
)
EXCEPTIONS = ("On parental leave.", "Works in the office until the summer.", "Prepares no meals on this round.")
HOURS = timedelta(hours=9)
TASKS = ("Give insulin by pen", "Change a stoma bag", "Flush a feeding tube", "Change a catheter bag", "Give eye drops")


def goals(career: Career, luck: random.Random, now: datetime) -> list[Kept]:
    """Return what a carer's phone kept of a goal of their own; one in five has one."""
    if luck.random() > 0.2:
        return []
    words = {"goal": str(new_uuid7()), "text": luck.choice(GOALS), "by": None, "done": False}
    at = career.asked_from + (career.end(now) - career.asked_from) * luck.uniform(0.2, 0.8)
    kept = [Kept(at=at, kind="goal.saved", data=words)]
    if luck.random() < 0.4:
        done = at + (career.end(now) - at) * 0.7
        kept.append(Kept(at=done, kind="goal.saved", data={**words, "done": True}))
    return kept


def fill(
    session: Session,
    provider: ProviderView,
    staffed: Staffed,
    by: int,
    luck: random.Random,
    now: datetime,
    tell: Callable[[str], None],
) -> None:
    """Add what managers did. The caller commits."""
    _certificates(session, provider, staffed, by, luck, now)
    _exceptions(session, provider, staffed, by, luck, now)
    tell("Certificates from elsewhere: 100 %")
    _meetings(session, provider, staffed, by, luck, now)
    _inductions(session, provider, staffed, by, luck, now)
    tell("Supervision and inductions: 100 %")
    _delegated(session, provider, staffed, by, now)
    for career, member in staffed:
        if career.left is None and luck.random() < 0.1:
            text = f"Thank you for stepping in on Sunday, {career.name.split()[0]}."
            at = now - timedelta(days=luck.uniform(0.2, 20))
            messages.send(session, provider.id, member.person_id, text=text, kind=Kind.MESSAGE, by=by, now=at)


def _delegated(session: Session, provider: ProviderView, staffed: Staffed, by: int, now: datetime) -> None:
    """Add a delegated task for one carer in ten who is here; some end soon, some have ended, a few were withdrawn."""
    luck = random.Random(len(staffed))  # noqa: S311 - made-up history, not secrets
    for number, (career, member) in enumerate(staffed, 1):
        if career.left is not None or career.pace is Pace.NEVER_JOINED or luck.random() > 0.1:
            continue
        at = max(career.asked_from, now - timedelta(days=luck.randint(20, 380))) + timedelta(days=2)
        if at >= now:
            continue
        paper = NewDelegation(
            task=luck.choice(TASKS),
            alias=f"{luck.choice(('Client', 'Blue', 'Maple'))} {number % 1000}",
            limits="As the care plan says, step by step. Anything else than usual: stop, and ring the nurses.",
            clinician="Ruth Ellery",
            profession="district nurse",
            organisation="Community nursing, north team",
            reach="0113 496 0123",
            seen_on=day_of(at - timedelta(days=1)),
            valid_until=day_of(at + timedelta(days=360)),
            rests_on="",
            paper=True,
        )
        view = delegation.give(session, provider.id, member.person_id, paper, now=at, by=by)
        if luck.random() < 0.05 and view.valid_until >= day_of(now):
            words, gone = "The nurses do it again: the needs changed", now - timedelta(days=2)
            delegation.withdraw(session, provider.id, member.person_id, view.uuid, reason=words, now=gone, by=by)


def _certificates(
    session: Session, provider: ProviderView, staffed: Staffed, by: int, luck: random.Random, now: datetime
) -> None:
    """Add the last certificate of each course a person had elsewhere; a few wait, were refused, or are booked."""
    of_person = requirements.profiles_of(session, provider.id)
    needed = {
        each.uuid: each for each in requirements.trainings(session, provider.id) if each.elsewhere is Elsewhere.NEEDED
    }
    for career, member in staffed:
        if career.left is not None:
            continue
        wanted = {uuid for each in of_person.get(member.person_id, ()) for uuid in each.trainings}
        for uuid, training in needed.items():
            if uuid in wanted:
                _certificate(session, provider, member, training, career, by, luck, now)


def _certificate(
    session: Session,
    provider: ProviderView,
    member: MemberView,
    training: TrainingView,
    career: Career,
    by: int,
    luck: random.Random,
    now: datetime,
) -> None:
    here = (now - career.asked_from).days
    luckily = luck.random()
    if luckily < 0.08:
        return
    booked = luckily < 0.12
    ago = luck.randint(2, max(3, min(here, (training.refresh_months or 12) * 30 + 20)))
    had = Had(
        training=training.uuid,
        title=f"{training.title}, a day of practice",
        taught_by=luck.choice(("Our own trainer", "A training company", "The hospital's community team")),
        taken_on=None if booked else day_of(now - timedelta(days=ago)),
        booked_for=day_of(now + timedelta(days=luck.randint(3, 50))) if booked else None,
    )
    at = now - timedelta(days=max(0, ago - luck.randint(1, 9)))
    uuid = requirements.note_outside(session, provider.id, member.person_id, had, now=at, by=by)
    if booked or luck.random() < 0.02:
        return
    refused = luck.random() < 0.02
    requirements.decide_outside(
        session,
        provider.id,
        member.person_id,
        uuid,
        OutsideState.REFUSED if refused else OutsideState.ACCEPTED,
        "It names another person." if refused else "I have seen the certificate.",
        now=at,
        by=by,
    )


def _exceptions(
    session: Session, provider: ProviderView, staffed: Staffed, by: int, luck: random.Random, now: datetime
) -> None:
    trainings = [each for each in requirements.trainings(session, provider.id) if each.modules]
    for career, member in staffed:
        if career.left is None and trainings and luck.random() < 0.04:
            at = max(career.asked_from, now - timedelta(days=luck.randint(5, 200)))
            until = day_of(now + timedelta(days=luck.randint(20, 200)))
            requirements.make_exception(
                session,
                provider.id,
                member.person_id,
                luck.choice(trainings).uuid,
                luck.choice(EXCEPTIONS),
                until=until,
                now=at,
                by=by,
            )


def _meetings(
    session: Session, provider: ProviderView, staffed: Staffed, by: int, luck: random.Random, now: datetime
) -> None:
    """Hold supervisions about every twelve weeks and an appraisal each year, on one day of a week for each team."""
    held: dict[tuple[date, MeetingKind, str], list[int]] = defaultdict(list)
    for career, member in staffed:
        for kind, every in ((MeetingKind.SUPERVISION, 82), (MeetingKind.APPRAISAL, 360)):
            at = career.asked_from + timedelta(days=luck.uniform(0.5, 1.0) * every)
            while at < career.end(now):
                monday = day_of(at) - timedelta(days=day_of(at).weekday())
                held[monday, kind, luck.choice(SHARED)].append(member.person_id)
                late = luck.random() < 0.08
                at += timedelta(days=every + (luck.uniform(15, 60) if late else luck.uniform(-12, 3)))
    for (day, kind, shared), people in sorted(held.items()):
        agreed = (NewAction(text=luck.choice(GOALS), due=day + timedelta(days=60)),) if luck.random() < 0.1 else ()
        new = NewMeeting(
            kind=kind,
            held_on=day,
            led_by=by,
            led_by_other="",
            shared=shared,
            private="",
            next_on=None,
            actions=agreed,
        )
        at = min(now, datetime.combine(day, datetime.min.time(), now.tzinfo) + HOURS)
        supervision.record_meeting(session, provider.id, people, new, now=at, today=day, by=by)


def _inductions(
    session: Session, provider: ProviderView, staffed: Staffed, by: int, luck: random.Random, now: datetime
) -> None:
    """Tick the whole checklist of this year's new carers, and of earlier ones the first visit alone."""
    items = supervision.items_of(session, provider)
    year = now - timedelta(days=365)
    for career, member in staffed:
        if career.began < career.asked_from or career.pace is Pace.NEVER_JOINED:
            continue
        days = luck.uniform(9, 35)
        for place, item in enumerate(items):
            at = career.began + timedelta(days=days * (place + 1) / (len(items) - 1))
            if at < career.end(now) and (item.fixed or career.began > year):
                on = day_of(at)
                supervision.tick(session, provider.id, member.person_id, item.uuid, on=on, now=at, today=on, by=by)
