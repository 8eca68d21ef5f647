"""What crosses the seam of this package."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.learning import AttemptView, Standing
from app.providers import MemberView


class Need(StrEnum):
    """The first thing a manager should know about a person."""

    OVERDUE = "overdue"
    NOT_JOINED = "not-joined"
    NEEDS_WATCHING = "needs-watching"
    DUE_SOON = "due-soon"
    NOTHING = "nothing"
    LEFT = "left"


@dataclass(frozen=True, slots=True, kw_only=True)
class ModuleDate:
    """A module and the day that matters about it: due, ran out, or completed."""

    module: str
    day: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonSummary:
    """One line of the list of people. The modules in each state stand in the order of their days.

    `asked` counts the modules that have a state for this person, `in_date` those of them that need nothing. `since` is
    the day from which the manager's attention has been wanted, when it is.
    """

    member: MemberView
    need: Need
    since: date | None
    overdue: tuple[ModuleDate, ...]
    due_soon: tuple[ModuleDate, ...]
    needs_watching: tuple[ModuleDate, ...]
    asked: int
    in_date: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ModuleReport:
    """Where one person stands with one module.

    `last` is the newest attempt; `attempts` counts them all, `today` those since the day began or a reset was made,
    whichever is later. `assigned`: a manager asks for it now.
    """

    module: str
    standing: Standing
    assigned: bool
    last: AttemptView | None
    attempts: int
    today: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonReport:
    """Everything a manager sees of one person's learning, the modules that want attention first."""

    member: MemberView
    modules: tuple[ModuleReport, ...]
