"""What a manager may want to ask for, or nudge about: worked out from where people stand. Owns no table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy.orm import Session

from app import learning, providers
from app.kernel import day_of
from app.learning import Standing, Status
from app.learning.queries import Chains
from app.learning.status import SOON
from app.providers import Role

LEFT_FOR = timedelta(days=14)


class Reason(StrEnum):
    """Why something is suggested."""

    RUNS_OUT = "runs-out"
    BEGUN_AND_LEFT = "begun-and-left"


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A module and the people it is suggested for. `day`: the first day it runs out, or ran out, for one of them."""

    reason: Reason
    module: str
    people: tuple[int, ...]
    day: date | None

    @property
    def key(self) -> str:
        """What it is called in an address."""
        return f"{self.reason.value}.{self.module}"


def reason_for(standing: Standing, *, asked: bool, last_act: datetime | None, now: datetime) -> Reason | None:
    """Say why a module is worth asking a person for, or None. Pure.

    It runs out, or ran out, within thirty days and nobody asks for it; or it was begun and left for two weeks.
    """
    end = standing.valid_until
    if not asked and standing.completed_at is not None and end is not None and abs(end - day_of(now)) <= SOON:
        return Reason.RUNS_OUT
    begun = standing.status is Status.UNDER_WAY and last_act is not None
    return Reason.BEGUN_AND_LEFT if begun and last_act is not None and now - last_act >= LEFT_FOR else None


def suggest(session: Session, provider_id: int, *, chains: Chains, now: datetime) -> tuple[Suggestion, ...]:
    """Return what is worth asking a provider's people for, the most people first. A fixed number of statements."""
    people = tuple(m.person_id for m in providers.list_members(session, provider_id) if Role.LEARNER in m.roles)
    asked = {(row.person_id, row.module) for row in learning.assignments_of(session, provider_id, people)}
    acts = learning.last_acts_of(session, provider_id, people)
    found: dict[tuple[Reason, str], list[tuple[int, Standing]]] = defaultdict(list)
    standings: Mapping[tuple[int, str], Standing] = learning.standings_of(
        session, provider_id, people, chains=chains, now=now
    )
    for pair, standing in standings.items():
        reason = reason_for(standing, asked=pair in asked, last_act=acts.get(pair), now=now)
        if reason is not None:
            found[reason, pair[1]].append((pair[0], standing))
    made = [
        Suggestion(
            reason=reason,
            module=module,
            people=tuple(person for person, _ in each),
            day=min((s.valid_until for _, s in each if s.valid_until), default=None),
        )
        for (reason, module), each in found.items()
    ]
    return tuple(sorted(made, key=lambda s: (-len(s.people), s.module, s.reason)))
