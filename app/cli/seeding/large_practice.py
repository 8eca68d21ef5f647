"""Practice seen at the large provider: who assessed whom in what, as the phones of both kept it."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app import assessment
from app.assessment import Method, PracticeStandard
from app.cli.seeding import practice
from app.cli.seeding.careers import OPEN, Career, Pace
from app.cli.seeding.phone import Kept
from app.kernel import day_of
from app.providers import MemberView, ProviderView

BASES = (
    "Level 3 award in assessing at work, and eleven years in home care.",
    "Senior carer since 2015. Took the assessors' course in the office.",
    "Trained to move people by the physiotherapists, with a yearly update.",
)
COMMENTS = (
    "We were called away in the middle. I would like to show it again.",
    "I did wash my hands, in the bathroom before you came in.",
)
# Looked at again each year, as moving people is asked for each year.
YEARLY = 13


def plan(
    session: Session,
    provider: ProviderView,
    staffed: Sequence[tuple[Career, MemberView]],
    desk: Mapping[str, MemberView],
    by: int,
    luck: random.Random,
    now: datetime,
) -> Mapping[int, Sequence[Kept]]:
    """Appoint the assessors, and return what each phone kept about practice, by person id."""
    standards = [each for each in assessment.practice_standards(session) if each.criteria]
    since = now - OPEN
    assessors = [desk["George Okoro"], *(member for career, member in staffed if career.assessor)]
    for place, assessor in enumerate(assessors):
        assessment.name_assessor(
            session,
            provider.id,
            assessor.person_id,
            standards=None,
            basis=BASES[place % len(BASES)],
            since=day_of(since),
            until=None,
            now=since,
            by=by,
        )
    kept: dict[int, list[Kept]] = defaultdict(list)
    for career, learner in staffed:
        if career.pace is Pace.NEVER_JOINED or not standards:
            continue
        for at, standard in _days(career, standards, luck, now):
            assessor = luck.choice([each for each in assessors if each.person_id != learner.person_id])
            seen = _seen(learner, standard, at, luck, last=career.end(now))
            kept[assessor.person_id] += seen
            kept[learner.person_id] += [word for each in seen if (word := _word(each, career, luck, now))]
    return kept


def _days(
    career: Career, standards: Sequence[PracticeStandard], luck: random.Random, now: datetime
) -> list[tuple[datetime, PracticeStandard]]:
    """Return when which standard was looked at: several in the first months, one each year after."""
    yearly = [each for each in standards if each.number == YEARLY]
    others = [each for each in standards if each.number != YEARLY]
    chosen = luck.sample(others, min(len(others), luck.randint(4, 8))) + yearly
    longest = 110 if career.pace is Pace.PROMPT else 260
    found = [(career.asked_from + timedelta(days=luck.uniform(10, longest)), standard) for standard in chosen]
    for standard in yearly:
        at = found[-1][0] + timedelta(days=luck.uniform(290, 380))
        while at < career.end(now):
            found.append((at, standard))
            at += timedelta(days=luck.uniform(290, 380))
    return [(at, standard) for at, standard in found if at < career.end(now) - timedelta(hours=2)]


def _seen(
    learner: MemberView, standard: PracticeStandard, at: datetime, luck: random.Random, *, last: datetime
) -> list[Kept]:
    """Return one observation, and after a "not yet" the second one a few weeks later."""
    codes = [each.code for each in standard.criteria]
    # Of the standard that is asked for each year, all of it; of others what the visit gave.
    chosen = codes if standard.number == YEARLY else sorted(luck.sample(codes, min(len(codes), luck.randint(2, 6))))
    decisions = {code: luck.choices(("yes", "not-yet", "not-seen"), (92, 5, 3))[0] for code in chosen}
    [method] = luck.choices((Method.OBSERVATION, Method.DISCUSSION, Method.PRODUCT), (84, 11, 5))
    at = at.replace(hour=luck.randint(7, 19), minute=luck.randrange(60))
    found = [practice.made(learner.person_uuid, standard.number, decisions, at, luck, method=method)]
    missing = {code: "yes" for code, decision in decisions.items() if decision != "yes"}
    again = at + timedelta(days=luck.uniform(10, 40))
    if missing and again < last - timedelta(hours=2):
        found.append(practice.made(learner.person_uuid, standard.number, missing, again, luck))
    return found


def _word(observation: Kept, career: Career, luck: random.Random, now: datetime) -> Kept | None:
    """Return the learner's word on it, or None when they have not looked yet."""
    at = observation.at + timedelta(days=luck.expovariate(1 / 1.5), minutes=20)
    if at >= career.end(now) or luck.random() < 0.015:
        return None
    comment = luck.choice(COMMENTS) if luck.random() < 0.015 else None
    return practice.answered(observation, at, agrees=comment is None, comment=comment)
