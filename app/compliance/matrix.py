"""The one question behind the matrix, its files and the evidence pack's matrix."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app import providers, requirements
from app.catalogue import catalogue_by
from app.compliance.matrix_types import Filters, Matrix, Row, Sum
from app.compliance.memory import News, by_person
from app.kernel import day_of, end_of
from app.learning import EditionStep
from app.providers import MemberView, Role, TeamView
from app.requirements import Board, Cell, CellStatus, ProfileView, TrainingView

Chains = Mapping[str, Collection[EditionStep]]


def matrix(
    session: Session,
    provider_id: int,
    *,
    chains: Chains,
    now: datetime,
    filters: Filters = Filters(),  # noqa: B008 - frozen
    as_at: date | None = None,
    news: News | None = None,
) -> Matrix:
    """Return the provider's people by trainings as they stand now, or stood at the end of the day `as_at`.

    `chains` is today's catalogue; of a day that has passed the catalogue of then is asked, as evidence packs do. A
    fixed number of statements. A day that is still to come is read as now. With `news`, what is known of those of a big
    provider to whom nothing happened comes from memory.
    """
    past = as_at is not None and as_at < day_of(now)
    day = as_at if past and as_at else day_of(now)
    moment = end_of(day) if past else None

    def board_of(people: Collection[int] | None) -> Board:
        if moment is None:
            return requirements.board(session, provider_id, now=now, people=people, chains=chains)
        provider = providers.find_provider(session, provider_id)
        then = catalogue_by(session, provider.uuid if provider else None, moment).chains
        return requirements.board(session, provider_id, now=now, as_at=day, people=people, chains=then)

    board = board_of(None) if news is None else _kept(session, provider_id, board_of, day, past, news, now)
    return narrowed(
        board,
        filters,
        as_at=day,
        past=past,
        teams=providers.list_teams(session, provider_id),
        teams_of=providers.teams_of(session, provider_id, at=moment),
        profiles=requirements.profiles(session, provider_id),
        profiles_of=requirements.profiles_of(session, provider_id, as_at=day if past else None),
    )


def _kept(
    session: Session,
    provider_id: int,
    board_of: Callable[[Collection[int] | None], Board],
    day: date,
    past: bool,
    news: News,
    now: datetime,
) -> Board:
    """Return a board whose rows come from memory where they can."""
    asked: tuple[TrainingView, ...] | None = None

    def rows(people: Collection[int] | None) -> Mapping[int, tuple[MemberView, Mapping[UUID, Cell]]]:
        nonlocal asked
        found = board_of(people)
        asked = found.trainings
        return {member.person_id: (member, found.cells.get(member.person_id, {})) for member in found.people}

    known = by_person(session, ("board", provider_id, day, past), rows, news=news, now=now)
    if asked is None:
        asked = requirements.trainings(session, provider_id, moment=end_of(day) if past else None)
    return Board(
        trainings=asked,
        people=tuple(member for member, _ in known.values()),
        cells={person_id: cells for person_id, (_, cells) in known.items() if cells},
    )


def narrowed(
    board: Board,
    filters: Filters,
    *,
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
    everybody = [each for each in board.people if each.person_id in board.cells or Role.LEARNER in each.roles]
    trainings = tuple(each for each in board.trainings if filters.training in (None, each.uuid))
    rows: list[Row] = []
    sums = [[0, 0, 0] for _ in trainings]
    for member in sorted(everybody, key=lambda each: (each.name.casefold(), each.person_id)):
        if not _fits(member, filters, teams_of, profiles_of):
            continue
        theirs = board.cells.get(member.person_id, {})
        cells = tuple(theirs.get(each.uuid) for each in trainings)
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
