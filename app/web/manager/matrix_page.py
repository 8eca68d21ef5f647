"""Presenters of the matrix: the words and figures of its page and of its sheets to print."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.compliance import STATE_WORDS, Matrix, MatrixRow, Sum, detail_of, sum_words
from app.requirements import CellStatus
from app.web import words

A_PAGE = 50
# How many people the phone's first list names, and how many trainings of each.
NEEDS_SHOWN, NAMED = 10, 3
# Trainings beside each other on a sheet of A4 on its side.
A_SHEET = 10
QUIET = (CellStatus.IN_DATE, CellStatus.NOT_NEEDED)


@dataclass(frozen=True, slots=True, kw_only=True)
class CellShown:
    """A cell: the key of its state, and what stands beside the state's word."""

    training: str
    state: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RowShown:
    """One person. `cells`: one for each column, None where nothing is needed. `wants` and `rest` part them for phones:
    first what wants doing, then what is well.
    """

    uuid: UUID
    name: str
    number: str
    sum: str
    overdue: str
    cells: tuple[CellShown | None, ...]

    @property
    def wants(self) -> list[CellShown]:
        """Return the cells that want doing."""
        return [each for each in self.cells if each is not None and each.state not in QUIET]

    @property
    def rest(self) -> list[CellShown]:
        """Return the other cells."""
        return [each for each in self.cells if each is not None and each.state in QUIET]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pages:
    """Which people are shown: their first and last numbers of `of`; the page's own number and its neighbours'."""

    number: int
    first: int
    last: int
    of: int
    before: int | None
    after: int | None

    @classmethod
    def of_rows(cls, count: int, number: int, *, each: int = A_PAGE) -> Pages:
        """Return the page of this number, or the last there is, with `each` rows on a page."""
        number = min(number, max(1, -(-count // each)))
        first, last = (number - 1) * each + 1, min(number * each, count)
        return cls(
            number=number,
            first=min(first, count),
            last=last,
            of=count,
            before=number - 1 if number > 1 else None,
            after=number + 1 if last < count else None,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixPage:
    """The matrix page. `columns`: a training's title with its sum over everyone. `needs_you` is for phones."""

    as_at: str
    past: bool
    lead: str
    caption: str
    nothing: str
    columns: tuple[tuple[str, str, str], ...]
    rows: tuple[RowShown, ...]
    total: str
    overdue: str
    pages: Pages
    needs_you: tuple[tuple[UUID, str, str], ...]
    more_need_you: int
    narrowed: bool
    teams: tuple[tuple[str, str], ...]
    roles: tuple[tuple[str, str], ...]
    profiles: tuple[tuple[str, str], ...]
    trainings: tuple[tuple[str, str], ...]
    states: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, matrix: Matrix, *, number: int) -> MatrixPage:
        """Make the page of fifty people of this number."""
        pages = Pages.of_rows(len(matrix.rows), number)
        titles = [training.title for training in matrix.trainings]
        # Whoever has waited longest comes first: it says what to do next, and ranks nobody.
        late = sorted((row for row in matrix.rows if row.sum.overdue), key=_late_since)
        needs_you = tuple(
            (row.member.person_uuid, row.member.name, _late_words(row, titles)) for row in late[:NEEDS_SHOWN]
        )
        day = words.day(matrix.as_at)
        return cls(
            as_at=day,
            past=matrix.past,
            lead=_lead(matrix),
            caption=f"{words.count(pages.of, 'person', 'people')}, as at {day}",
            nothing=_nothing(matrix),
            columns=tuple(
                (title, sum_words(each), _overdue(each)) for title, each in zip(titles, matrix.sums, strict=True)
            ),
            rows=rows_of(matrix, pages),
            total=sum_words(matrix.total),
            overdue=_overdue(matrix.total),
            pages=pages,
            needs_you=needs_you,
            more_need_you=max(0, len(late) - NEEDS_SHOWN),
            narrowed=matrix.filters.any or matrix.past,
            teams=tuple((str(each.uuid), each.name) for each in matrix.teams),
            roles=tuple((role.value, word) for role, word in words.ROLES.items()),
            profiles=tuple((str(each.uuid), each.title) for each in matrix.profiles),
            trainings=tuple((str(each.uuid), each.title) for each in matrix.offered),
            states=tuple((state.value, word) for state, word in STATE_WORDS.items()),
        )


def rows_of(matrix: Matrix, pages: Pages) -> tuple[RowShown, ...]:
    """Make the rows of one page."""
    titles = [training.title for training in matrix.trainings]
    return tuple(_row(row, titles) for row in matrix.rows[max(0, pages.first - 1) : pages.last])


def _row(row: MatrixRow, titles: Sequence[str]) -> RowShown:
    return RowShown(
        uuid=row.member.person_uuid,
        name=row.member.name,
        number=row.member.reference or "",
        sum=sum_words(row.sum),
        overdue=_overdue(row.sum),
        cells=tuple(
            CellShown(training=title, state=cell.status.value, detail=detail_of(cell)) if cell else None
            for title, cell in zip(titles, row.cells, strict=True)
        ),
    )


def _overdue(figures: Sum) -> str:
    return f"{figures.overdue} overdue" if figures.overdue else ""


def _late_since(row: MatrixRow) -> date:
    return min(cell.due or date.max for cell in row.cells if cell and cell.status is CellStatus.OVERDUE)


def _late_words(row: MatrixRow, titles: Sequence[str]) -> str:
    late = [
        title
        for title, cell in zip(titles, row.cells, strict=True)
        if cell is not None and cell.status is CellStatus.OVERDUE
    ]
    return words.listed(late) if len(late) <= NAMED else f"{len(late)} trainings"


def _lead(matrix: Matrix) -> str:
    if not matrix.total.needed:
        return ""
    late = f" {matrix.total.overdue} overdue." if matrix.total.overdue else " Nothing is overdue."
    return f"{sum_words(matrix.total)} in date.{late}"


def _nothing(matrix: Matrix) -> str:
    """Return what to say instead of an empty table, or an empty text."""
    if not matrix.everyone:
        return "no-people"
    if not matrix.offered:
        return "no-trainings"
    return "none-found" if not matrix.rows else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One table to print: some of the columns, and each person's cells in them."""

    caption: str
    columns: tuple[tuple[str, str, str], ...]
    rows: tuple[tuple[str, str, tuple[CellShown | None, ...]], ...]
    total: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintPage:
    """The matrix cut into sheets of A4 on its side."""

    as_at: str
    lead: str
    pages: Pages
    sheets: tuple[Sheet, ...]

    @classmethod
    def of(cls, matrix: Matrix, *, number: int) -> PrintPage:
        """Cut the page of this number into sheets."""
        page = MatrixPage.of(matrix, number=number)
        count = len(page.columns)
        people = f"People {page.pages.first} to {page.pages.last} of {page.pages.of}"
        return cls(
            as_at=page.as_at,
            lead=page.lead,
            pages=page.pages,
            sheets=tuple(
                Sheet(
                    caption=f"{people}, trainings {first + 1} to {min(first + A_SHEET, count)} of {count}",
                    columns=page.columns[first : first + A_SHEET],
                    rows=tuple((row.name, row.sum, row.cells[first : first + A_SHEET]) for row in page.rows),
                    total=page.total,
                )
                for first in range(0, count, A_SHEET)
            )
            if page.rows
            else (),
        )
