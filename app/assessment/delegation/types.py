"""What crosses the seam of delegated tasks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID


class Standing(StrEnum):
    """Where one delegated task stands on a day. Only VALID and SOON let somebody do it."""

    VALID = "valid"
    SOON = "soon"
    ENDED = "ended"
    WITHDRAWN = "withdrawn"

    @property
    def may(self) -> bool:
        """Whether the person may do the task on that day."""
        return self in (Standing.VALID, Standing.SOON)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDelegation:
    """What stands on a clinician's signed paper. `valid_until` is the last day it holds.

    `reach`: how the office reaches the clinician. `rests_on`: the training or observation behind it, or empty.
    `paper`: whoever notes it says that they hold the signed paper.
    """

    task: str
    alias: str
    limits: str
    clinician: str
    profession: str
    organisation: str
    reach: str
    seen_on: date
    valid_until: date
    rests_on: str
    paper: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawn:
    """A withdrawal: when, why, and by whom (a name, empty once they were erased)."""

    at: datetime
    reason: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DelegationView:
    """One paper as it was noted, and where it stands.

    `thread`: the uuid of the first paper noted for the same task and alias, by which all of them are known. `replaced`:
    a later paper of the same thread counts in its place. `by` and `at`: who noted it, and when; `own`: for themselves.
    """

    uuid: UUID
    thread: UUID
    person_id: int
    task: str
    alias: str
    limits: str
    clinician: str
    profession: str
    organisation: str
    reach: str
    seen_on: date
    valid_until: date
    rests_on: str
    at: datetime
    by: str
    own: bool
    withdrawn: Withdrawn | None
    standing: Standing
    replaced: bool
