"""The one question behind the matrix, its files and the evidence pack's matrix."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app import providers, requirements
from app.compliance.matrix_types import Filters, Matrix, Row, Sum
from app.compliance.memory import remembered
from app.kernel import day_of, end_of
from app.learning import EditionStep
from app.providers import MemberView, Role, TeamView
from app.requirements import Board, Cell, CellStatus, ProfileView

Chains = Mapping[str, Collection[EditionStep]]


def matrix(
    session: Session,
    provider_id: int,
    *,
    chains: Chains,
    now: datetime,
    filters: Filters = Filters(),  # noqa: B008 - frozen
    as_at: date | None = None,
) -> Matrix:
    """Return the provider's people by trainings as they stand now, or stood at the end of the day `as_at`.

    A fixed number of statements. A day that is still to come is read as now. Where a provider is big, what carers sent
    within the last two minutes may be missing: `worked_out` says since when (see memory.py).
    """
    past = as_at is not None and as_at < day_of(now)
    day = as_at if past and as_at else day_of(now)
    moment = end_of(day) if past else None
    board, worked_out = remembered(
        session,
        ("board", provider_id, day, past),
        lambda: requirements.board(session, provider_id, now=now, as_at=day if past else None, chains=chains),
        people=lambda found: len(found.people),
        now=now,
    )
    return narrowed(
        board,
        filters,
        worked_out=worked_out,
        as_at=day,
        past=past,
        teams=providers.list_teams(session, provider_id),
        teams_of=providers.teams_of(session, provider_id, at=moment),
        profiles=requirements.profiles(session, provider_id),
        profiles_of=requirements.profiles_of(session, provider_id, as_at=day if past else None),
    )


def narrowed(
    board: Board,
    filters: Filters,
    *,
    worked_out: datetime,
    as_at: date,
    past: bool,
    teams: tuple[TeamView, ...],
    teams_of: Mapping[int, tuple[TeamView, ...]],
    profiles: tuple[ProfileView, ...],
    profiles_of: Mapping[int, tuple[ProfileView, ...]],
) -> Matrix:
    """Return the part of a board that filters leave, with its sums. Pure.

    Carers stand there also when nothing is needed of them yet; others only when something is.
    """
    asked = {person_id for person_id, _ in board.cells}
    everybody = [each for each in board.people if each.person_id in asked or Role.LEARNER in each.roles]
    trainings = tuple(each for each in board.trainings if filters.training in (None, each.uuid))
    rows: list[Row] = []
    sums = [[0, 0, 0] for _ in trainings]
    for member in sorted(everybody, key=lambda each: (each.name.casefold(), each.person_id)):
        if not _fits(member, filters, teams_of, profiles_of):
            continue
        cells = tuple(board.cells.get((member.person_id, each.uuid)) for each in trainings)
        if filters.training is not None and not any(cells):
            continue
        if filters.state is not None and not any(cell and cell.status is filters.state for cell in cells):
            continue
        own = [0, 0, 0]
        for cell, column in zip(cells, sums, strict=True):
            if cell is not None and cell.status is not CellStatus.NOT_NEEDED:
                for figures in (own, column):
                    figures[0] += counts(cell, as_at)
                    figures[1] += 1
                    figures[2] += cell.status is CellStatus.OVERDUE
        rows.append(Row(member=member, cells=cells, sum=_sum(own)))
    return Matrix(
        worked_out=worked_out,
        as_at=as_at,
        past=past,
        filters=filters,
        trainings=trainings,
        rows=tuple(rows),
        sums=tuple(map(_sum, sums)),
        total=_sum([sum(figures) for figures in zip(*sums, strict=True)] or [0, 0, 0]),
        everyone=len(everybody),
        teams=teams,
        profiles=profiles,
        offered=board.trainings,
    )


def counts(cell: Cell, day: date) -> bool:
    """Say whether a training counts on a day: it is in date, or due soon while the last one has not run out."""
    if cell.status is CellStatus.IN_DATE:
        return True
    return cell.status is CellStatus.DUE_SOON and cell.valid_until is not None and cell.valid_until >= day


def _sum(figures: Sequence[int]) -> Sum:
    in_date, needed, overdue = figures
    return Sum(in_date=in_date, needed=needed, overdue=overdue)


def _fits(
    member: MemberView,
    filters: Filters,
    teams_of: Mapping[int, tuple[TeamView, ...]],
    profiles_of: Mapping[int, tuple[ProfileView, ...]],
) -> bool:
    if filters.role is not None and filters.role not in member.roles:
        return False
    if not _among(filters.team, teams_of.get(member.person_id, ())):
        return False
    if not _among(filters.profile, profiles_of.get(member.person_id, ())):
        return False
    known = f"{member.name} {member.reference or ''}".casefold()
    return all(word in known for word in filters.search.casefold().split())


def _among(wanted: UUID | None, theirs: Collection[TeamView] | Collection[ProfileView]) -> bool:
    return wanted is None or any(each.uuid == wanted for each in theirs)
