"""The matrix: people by trainings, with its sums. The page and every file are made of one of these."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.providers import MemberView, Role, TeamView
from app.requirements import Cell, CellStatus, ProfileView, TrainingView


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What a matrix is narrowed to. What is None, or empty, narrows nothing.

    `state`: people with at least one training in this state. `search`: names, or staff numbers, that hold every word.
    """

    team: UUID | None = None
    role: Role | None = None
    profile: UUID | None = None
    training: UUID | None = None
    state: CellStatus | None = None
    search: str = ""

    @property
    def any(self) -> bool:
        """Say whether anything is left out."""
        return self != Filters()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """How many of the trainings that are needed count on that day, and how many are overdue.

    `needed` leaves out what is excepted. What is due soon counts as long as the last training does.
    """

    in_date: int
    needed: int
    overdue: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One person. `cells` stand in the order of the matrix's trainings; None: not needed of them."""

    member: MemberView
    cells: tuple[Cell | None, ...]
    sum: Sum


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """People by trainings as they stood at the end of `as_at`, or stand now when that is today (`past` is False).

    `rows` are all people the filters leave, by name; `sums` and `total` are over all of them. `everyone`: how many
    there are without filters. `teams`, `profiles` and `offered` (trainings) are what it can be narrowed to.
    """

    as_at: date
    past: bool
    filters: Filters
    trainings: tuple[TrainingView, ...]
    rows: tuple[Row, ...]
    sums: tuple[Sum, ...]
    total: Sum
    everyone: int
    teams: tuple[TeamView, ...]
    profiles: tuple[ProfileView, ...]
    offered: tuple[TrainingView, ...]
