"""Three values of the staff file, worked out for a manager to copy. The staff file itself is never made."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app import assessment, requirements
from app.assessment import StandardStanding
from app.requirements import OutsideState, OutsideView, ProfileView

DONE, NO, IN_PROGRESS = 1, 2, 3
# Care Workforce Pathway, by the keys of content/requirements/profiles.yml. A personal assistant has no code of theirs.
CATEGORIES: Mapping[str, int] = {
    "new-to-care": 1,
    "care-worker": 2,
    "enhanced-care-worker": 3,
    "senior": 4,
    "practice-leader": 5,
    "deputy-manager": 6,
    "registered-manager": 7,
}
_CERTIFICATE, _LEVEL_TWO = "care certificate", "level 2"


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffValues:
    """CARECERT and L2CARECERT: 1 done, 2 no, 3 in progress. CWPCATEGORY: 1 to 7, None where no job here says it."""

    care_cert: int
    level_two: int
    category: int | None


def staff_values(
    session: Session, provider_id: int, people: Collection[int], *, now: datetime
) -> dict[int, StaffValues]:
    """Return the three values of these people, by id. A fixed number of statements.

    The Care Certificate is done once it is signed off here, or a certificate of it was accepted. The Level 2
    certificate is a qualification of its own: known only where it was noted as training from elsewhere.
    """
    standings = assessment.standards_of(session, provider_id, people, now=now)
    signed = assessment.sign_offs_of(session, provider_id, people)
    whole = {
        person_id
        for person_id, views in signed.items()
        if any(each.standard is None and each.withdrawn_at is None for each in views)
    }
    had: dict[int, list[OutsideView]] = {}
    for each in requirements.outside(session, provider_id, people=people):
        had.setdefault(each.person_id, []).append(each)
    jobs = requirements.profiles_of(session, provider_id)
    return {
        person: StaffValues(
            care_cert=_care_cert(person in whole, standings.get(person, ()), had.get(person, ())),
            level_two=_noted([each for each in had.get(person, ()) if _is_level_two(each)]),
            category=_category(jobs.get(person, ())),
        )
        for person in people
    }


def _care_cert(whole: bool, standings: Sequence[StandardStanding], had: Sequence[OutsideView]) -> int:
    noted = _noted([each for each in had if _CERTIFICATE in each.title.casefold() and not _is_level_two(each)])
    if whole or noted == DONE:
        return DONE
    begun = any(each.know.done or each.shown.done or each.sign_off for each in standings)
    return IN_PROGRESS if begun else noted


def _noted(had: Sequence[OutsideView]) -> int:
    states = {each.state for each in had}
    if OutsideState.ACCEPTED in states:
        return DONE
    return IN_PROGRESS if OutsideState.BOOKED in states else NO


def _is_level_two(had: OutsideView) -> bool:
    title = had.title.casefold()
    return _LEVEL_TWO in title and "certificate" in title


def _category(jobs: Sequence[ProfileView]) -> int | None:
    """Return the highest of a person's jobs: the staff file has room for one."""
    codes = (CATEGORIES.get(each.category or "") for each in jobs)
    return max((code for code in codes if code is not None), default=None)
