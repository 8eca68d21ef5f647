"""Assessors who see practice, learners who confirm it, and a framework small enough to look at."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app import assessment
from app.providers import MemberView, ProviderView
from tests.support.publishing import publish_document
from tests.support.world import NOW, Phone

FRAMEWORK = "care-certificate-2025"
SEEN = "2026-06-14"
# Standard → practice code → whether it may be simulated.
PRACTICE: Mapping[int, Mapping[str, bool]] = {
    1: {"1.1c": False, "1.2a": False},
    12: {"12.1a": True},
    13: {"13.2a": False},
}
KNOWLEDGE = {1: ("1.1a",), 12: (), 13: ("13.1a",)}


def publish_framework(session: Session) -> None:
    """Publish a framework of three standards; commits."""
    standards = []
    for number, practice in PRACTICE.items():
        lines = [{"code": code, "text": f"Know {code}", "kind": "knowledge"} for code in KNOWLEDGE[number]]
        lines += [
            {
                "code": code,
                "text": f"Show {code}",
                "kind": "practice",
                "simulation": simulation,
                "code_confirmed": False,
            }
            for code, simulation in practice.items()
        ]
        outcome = {"code": f"{number}.1", "text": f"Outcome {number}.1", "criteria": lines}
        standards.append({"number": number, "title": f"Standard {number}", "outcomes": [outcome]})
    publish_document(
        session, "framework", FRAMEWORK, {"key": FRAMEWORK, "title": "The Care Certificate", "standards": standards}
    )


def appoint(
    session: Session,
    provider: ProviderView,
    member: MemberView,
    standards: Collection[int] | None = None,
    *,
    since: date = date(2026, 1, 1),
    until: date | None = None,
    now: datetime = NOW - timedelta(days=100),
) -> UUID:
    """Name somebody an assessor; committed."""
    named = assessment.name_assessor(
        session,
        provider.id,
        member.person_id,
        standards=standards,
        basis="Level 3 and eight years of visits",
        since=since,
        until=until,
        now=now,
        by=None,
    )
    session.commit()
    return named


def saw(
    phone: Phone, learner: UUID, criteria: Mapping[str, str], *, standard: int = 1, **changes: Any
) -> dict[str, Any]:
    """A record of an assessor's phone. `changes` replace parts of its data; `sent` parts of the envelope."""
    sent = changes.pop("sent", {})
    data = {
        "learner": str(learner),
        "framework": FRAMEWORK,
        "standard": standard,
        "method": "observation",
        "seen_on": SEEN,
        "decisions": [
            {"code": code, "decision": decision, "saw": f"Saw {code}"} for code, decision in criteria.items()
        ],
        "next_step": "Watch me once more" if "not-yet" in criteria.values() else None,
        "next_on": "2026-07-01" if "not-yet" in criteria.values() else None,
        "short": "ABCD2345",
        **changes,
    }
    return phone.record("observation.made", data, **sent)


def confirms(
    phone: Phone, observation: str | None = None, *, short: str | None = None, agrees: bool = True, **changes: Any
) -> dict[str, Any]:
    """A record of the learner's phone."""
    sent = changes.pop("sent", {})
    data = {"observation": observation, "short": short, "agrees": agrees, "comment": None, **changes}
    return phone.record("observation.confirmed", data, **sent)


def withdraws(phone: Phone, observation: str, reason: str = "The wrong person", **sent: Any) -> dict[str, Any]:
    """A second statement of the assessor's phone."""
    return phone.record("observation.withdrawn", {"observation": observation, "reason": reason}, **sent)


def seen_at_work(session: Session, provider: ProviderView, member: MemberView, phone: Phone) -> None:
    """Something of a person in every table about practice, by nobody but themselves; committed."""
    here, me = provider.id, member.person_id
    # Roles are the tests' own business: who watches here needs no more than the row.
    session.add(
        assessment.AssessorAppointment(
            uuid=UUID(int=me), provider_id=here, person_id=me, basis="basis-canary", since=NOW.date(), at=NOW, by=me
        )
    )
    made = saw(phone, member.person_uuid, {"1.1c": "yes"}, decisions=[_decided("saw-canary")])
    words = {"provider_id": here, "person_id": me, "observation": UUID(made["id"]), "at": NOW, "by": me}
    session.add(assessment.ManagerWithdrawal(**words, reason="taken-back-canary"))
    session.add(assessment.Countersign(**words, words="countersigned-canary"))
    session.add(
        assessment.SignOff(
            uuid=UUID(int=me), provider_id=here, person_id=me, framework=FRAMEWORK, standard=1, at=NOW, by=me
        )
    )
    session.commit()
    phone.send(
        session, made, confirms(phone, made["id"], comment="comment-canary"), withdraws(phone, made["id"], "own-canary")
    )


def _decided(words: str) -> dict[str, str]:
    return {"code": "1.1c", "decision": "yes", "saw": words}
