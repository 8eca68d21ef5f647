"""What of a person another system can be given, beside the number they are known by. The manager picks."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from enum import StrEnum


class Field(StrEnum):
    """One thing a token opens. `dates` belong to trainings and give nothing without them."""

    REFERENCE = "reference"
    NAME = "name"
    ROLES = "roles"
    JOBS = "jobs"
    TEAMS = "teams"
    STARTED = "started"
    TRAININGS = "trainings"
    DATES = "dates"
    SIGN_OFFS = "sign_offs"


# What a rota needs to find a person and to know whether they may go.
DEFAULT = (Field.REFERENCE, Field.TRAININGS)


def chosen(given: Iterable[str]) -> tuple[Field, ...]:
    """Return the fields among these texts, in their own order; dates bring trainings with them."""
    wanted: Collection[str] = set(given)
    if Field.DATES in wanted:
        wanted = {*wanted, Field.TRAININGS}
    return tuple(field for field in Field if field in wanted)
