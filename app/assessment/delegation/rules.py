"""Where a delegated task stands, and how long one may hold. Pure; days are days in England."""

from __future__ import annotations

import re
from datetime import date

from app.assessment.delegation.types import Standing
from app.learning import add_months

# The clinician sets the time; Skills for Care's guiding principles name none. To look again each year is common, so
# nothing here holds longer.
LONGEST_MONTHS = 12
SOON_DAYS = 30


def last_day(seen_on: date) -> date:
    """Return the last day a paper may name: a year after the day the carer was watched; 29 February becomes 28."""
    return add_months(seen_on, LONGEST_MONTHS)


def standing(valid_until: date, *, withdrawn: bool, day: date) -> Standing:
    """Return where a paper stands on `day`. `valid_until` is its last day; a withdrawal outlasts it."""
    if withdrawn:
        return Standing.WITHDRAWN
    if day > valid_until:
        return Standing.ENDED
    return Standing.SOON if (valid_until - day).days <= SOON_DAYS else Standing.VALID


def same_task(alias: str, task: str) -> tuple[str, str]:
    """Return what two papers of the same task for the same person receiving care have in common."""
    return (re.sub(r"[\s-]", "", alias).casefold(), " ".join(task.split()).casefold())
