"""What a big provider's practice is made of, for `make bench-staff`: 16,000 observations by 20 assessors."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.orm import Session

from app import assessment, providers
from app.assessment import FRAMEWORK
from app.kernel import new_uuid7
from app.providers import MemberView, Role

OBSERVATIONS, ASSESSORS = 16_000, 20
SAW = "Washed their hands, asked before touching, and told the person each step before it was done."
# Of a hundred: how many observations wait for the carer, are disagreed with, were taken back, are out of scope.
WAITS, DISAGREED, TAKEN_BACK, OUT_OF_SCOPE = 5, 1, 1, 0.3


def fill(session: Session, provider_id: int, people: list[MemberView], *, now: datetime) -> None:
    """Put observations, what was said to them, and sign-offs of seven people in ten into the tables."""
    luck, since = random.Random(11), now - timedelta(days=390)
    assessors = [
        providers.add_person(session, provider_id, f"Assessor {number:02}", (Role.ASSESSOR,), now=since)
        for number in range(ASSESSORS)
    ]
    for member in assessors:
        assessment.name_assessor(
            session,
            provider_id,
            member.person_id,
            standards=None,
            basis="Level 3, eight years of visits",
            since=since.date(),
            until=None,
            now=since,
            by=None,
        )
    standards = [each for each in assessment.practice_standards(session) if each.criteria]
    observations, confirmations, withdrawals = [], [], []
    for number in range(OBSERVATIONS):
        person = people[number % len(people)]
        standard = standards[number // len(people) % len(standards)]
        assessor = luck.choice(assessors)
        at = now - timedelta(minutes=luck.randrange(60, 60 * 24 * 380))
        seen_on = at.date() if luck.random() * 100 > OUT_OF_SCOPE else date(2020, 1, 1)
        record, not_yet = new_uuid7(), luck.random() < 0.1
        codes = [criterion.code for criterion in standard.criteria]
        late = luck.choice(codes) if not_yet else None
        observations.append(
            {
                "record": record,
                "assessor_id": assessor.person_id,
                "provider_id": provider_id,
                "learner": person.person_uuid,
                "framework": FRAMEWORK,
                "standard": standard.number,
                "method": "observation",
                "seen_on": seen_on,
                "decisions": [
                    {"code": code, "decision": "not-yet" if code == late else "yes", "saw": SAW} for code in codes
                ],
                "next_step": "Watch me once more" if not_yet else None,
                "next_on": at.date() + timedelta(days=14) if not_yet else None,
                "short": "".join(luck.choices("23456789ABCDEFGHJKMNPQRSTVWXYZ", k=8)),
                "at": at,
                "received_at": at,
                "in_scope": None,
            }
        )
        if luck.random() * 100 >= WAITS:
            confirmations.append(_said(observations[-1], person, agrees=luck.random() * 100 >= DISAGREED, luck=luck))
        if luck.random() * 100 < TAKEN_BACK:
            withdrawals.append(
                {
                    "record": new_uuid7(),
                    "person_id": assessor.person_id,
                    "provider_id": provider_id,
                    "observation": record,
                    "reason": "The wrong standard",
                    "at": at,
                }
            )
    signed = [
        {
            "uuid": new_uuid7(),
            "provider_id": provider_id,
            "person_id": person.person_id,
            "framework": FRAMEWORK,
            "standard": standard.number,
            "at": now,
            "by": None,
        }
        for place, person in enumerate(people)
        if place % 10 < 7
        for standard in standards
    ]
    session.execute(insert(assessment.Observation), observations)
    session.execute(insert(assessment.ObservationConfirmation), confirmations)
    session.execute(insert(assessment.ObservationWithdrawal), withdrawals)
    session.execute(insert(assessment.SignOff), signed)


def _said(made: dict[str, object], person: MemberView, *, agrees: bool, luck: random.Random) -> dict[str, object]:
    """What the learner said; of one in twenty by the code they typed."""
    by_code, record = luck.random() < 0.05, made["record"]
    assert isinstance(record, UUID)
    return {
        "record": new_uuid7(),
        "person_id": person.person_id,
        "provider_id": made["provider_id"],
        "observation": None if by_code else record,
        "short": made["short"] if by_code else None,
        "agrees": agrees,
        "comment": None if agrees else "It was not like that",
        "at": made["at"],
    }
