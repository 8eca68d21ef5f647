"""The questions a provider's people miss most, over everything they learn from now: what a team can talk about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.learning.editions import studied_editions
from app.learning.insight import rates
from app.learning.queries import goes_of
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
    goes: dict[str, list[GoAt]] = defaultdict(list)
    for go in goes_of(session, provider_id, shas=shas):
        goes[go.sha].append(go)
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
