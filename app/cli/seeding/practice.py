"""What assessors' and carers' phones keep about practice that was seen."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from uuid import UUID

from app.assessment import FRAMEWORK, Method
from app.cli.seeding.phone import Kept, short_code
from app.kernel import day_of, new_uuid7

SAW = {
    "yes": ("Did this well, and said why.", "Calm, unhurried, and asked first.", "Seen twice."),
    "not-yet": ("Knew why, and left a step out.", "Was in a hurry. We talked about it after."),
    "not-seen": ("",),
}


def made(
    learner: UUID,
    standard: int,
    decisions: Mapping[str, str],
    at: datetime,
    luck: random.Random,
    *,
    method: Method = Method.OBSERVATION,
    next_step: str | None = None,
    next_on: date | None = None,
) -> Kept:
    """Return an observation: criterion code → "yes", "not-yet" or "not-seen". With a "not yet" comes a next step."""
    if "not-yet" in decisions.values():
        next_step = next_step or "Do it together once, then show it again."
        next_on = next_on or day_of(at + timedelta(days=21))
    return Kept(
        at=at,
        kind="observation.made",
        id=new_uuid7(),
        data={
            "learner": str(learner),
            "framework": FRAMEWORK,
            "standard": standard,
            "method": method.value,
            "seen_on": day_of(at).isoformat(),
            "decisions": [
                {"code": code, "decision": decision, "saw": luck.choice(SAW[decision])}
                for code, decision in decisions.items()
            ],
            "next_step": next_step,
            "next_on": next_on.isoformat() if next_on else None,
            "short": short_code(luck),
        },
    )


def answered(observation: Kept, at: datetime, *, agrees: bool = True, comment: str | None = None) -> Kept:
    """Return the learner's word on an observation."""
    data = {"observation": str(observation.id), "short": None, "agrees": agrees, "comment": comment}
    return Kept(at=at, kind="observation.confirmed", data=data)
