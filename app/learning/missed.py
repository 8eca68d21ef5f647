"""The questions a provider's people miss most, over everything they learn from now: what a team can talk about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.learning.editions import studied_editions
from app.learning.insight import rates
from app.learning.models import AttemptResult
from app.learning.types import GoAt

# Per cent right at the first try; what more people know needs no meeting.
MISSED_BELOW = 75


@dataclass(frozen=True, slots=True, kw_only=True)
class Missed:
    """A question, and how many per cent of `people` had it right at their first try. Never of fewer than five."""

    sha: str
    module: str
    question: str
    people: int
    right: int


def most_missed(session: Session, provider_id: int, shas: Collection[str], *, limit: int) -> tuple[Missed, ...]:
    """Return the questions of these editions that a provider's people most often miss, the most missed first.

    Of two alike, the one more people answered comes first. At most five statements.
    """
    goes = _goes(session, provider_id, shas)
    studied = studied_editions(session, goes)
    found = [
        Missed(sha=sha, module=studied[sha].module, question=question, people=rate.people, right=rate.right)
        for sha, mine in goes.items()
        if sha in studied
        for question, rate in rates(
            studied[sha].corrected[-1].quiz if studied[sha].corrected else studied[sha].quiz, mine
        ).items()
        if rate.right < MISSED_BELOW
    ]
    return tuple(sorted(found, key=lambda each: (each.right, -each.people, each.module, each.question))[:limit])


def _goes(session: Session, provider_id: int, shas: Collection[str]) -> dict[str, list[GoAt]]:
    rows = session.execute(
        select(
            AttemptResult.record,
            AttemptResult.person_id,
            AttemptResult.module,
            AttemptResult.edition,
            AttemptResult.sha,
            AttemptResult.at,
            AttemptResult.received_at,
            AttemptResult.seconds,
            AttemptResult.questions,
        ).where(AttemptResult.provider_id == provider_id, AttemptResult.sha.in_(list(shas)))
    )
    found: dict[str, list[GoAt]] = defaultdict(list)
    for row in rows:
        first = {each["id"]: each["first"] for each in row.questions if each["tries"]}
        found[row.sha].append(
            GoAt(
                record=row.record,
                person_id=row.person_id,
                module=row.module,
                edition=row.edition,
                sha=row.sha,
                at=row.at,
                received_at=row.received_at,
                seconds=row.seconds,
                first=first,
            )
        )
    return dict(found)
