"""Which standards assessors most often say "not yet" about. Of people, never of one; nobody is named or ranked.

It counts as `learning.insight` does: each person with the first decision that counted about a criterion, nothing of
fewer than five people, and figures move on by five people at a time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from app import assessment
from app.assessment import FRAMEWORK, Decision, ObservationView, PracticeStandard
from app.learning import FEWEST


@dataclass(frozen=True, slots=True, kw_only=True)
class NotYetStandard:
    """One standard: `not_yet` of `decisions` first decisions were "not yet", about `criteria` of its criteria.

    `code` and `text` are the criterion it was said of most often.
    """

    number: int
    title: str
    decisions: int
    not_yet: int
    criteria: int
    code: str
    text: str

    @property
    def percent(self) -> int:
        """How many per cent of the decisions were "not yet"."""
        return round(100 * self.not_yet / self.decisions)


def most_often_not_yet(
    session: Session, provider_id: int, *, since: date, until: date, limit: int
) -> tuple[NotYetStandard, ...]:
    """Return the standards of the Care Certificate most often "not yet" in what was seen on these days, both included.

    A fixed number of statements, however many people.
    """
    views = assessment.observations_of(session, provider_id, None)
    return not_yet_standards(views, assessment.practice_standards(session), since=since, until=until)[:limit]


def not_yet_standards(
    views: Iterable[ObservationView], framework: Iterable[PracticeStandard], *, since: date, until: date
) -> tuple[NotYetStandard, ...]:
    """Return every standard with a "not yet" that may be told, the most frequent first. Pure."""
    firsts = _firsts(each for each in views if each.framework == FRAMEWORK and since <= each.seen_on <= until)
    found = []
    for standard in framework:
        texts = {each.code: each.text for each in standard.criteria}
        told = {code: _fives(firsts[code]) for code in texts if len(firsts.get(code, ())) >= FEWEST}
        not_yet = {code: each.count(Decision.NOT_YET) for code, each in told.items()}
        if any(not_yet.values()):
            code = max(not_yet, key=lambda each: not_yet[each] / len(told[each]))
            found.append(
                NotYetStandard(
                    number=standard.number,
                    title=standard.title,
                    decisions=sum(len(each) for each in told.values()),
                    not_yet=sum(not_yet.values()),
                    criteria=len(told),
                    code=code,
                    text=texts[code],
                )
            )
    return tuple(sorted(found, key=lambda each: (-each.not_yet / each.decisions, each.number)))


def _firsts(views: Iterable[ObservationView]) -> Mapping[str, Sequence[Decision]]:
    """Return by criterion each person's first counting decision, in the order in which they came to count."""
    seen: set[tuple[int, str]] = set()
    found: dict[str, list[Decision]] = defaultdict(list)
    for view in sorted(views, key=lambda each: (_counts_since(each), each.record)):
        for each in view.decided:
            who = view.person_id, each.code
            if each.code in view.counting and each.decision is not Decision.NOT_SEEN and who not in seen:
                seen.add(who)
                found[each.code].append(each.decision)
    return found


def _counts_since(view: ObservationView) -> datetime:
    """Return when the last word was said that made it count: what comes late must not push another out of the five."""
    said = (view.at, view.confirmation and view.confirmation.at, view.countersigned and view.countersigned.at)
    return max(each for each in said if each)


def _fives(each: Sequence[Decision]) -> Sequence[Decision]:
    return each[: len(each) - len(each) % FEWEST]
