"""A cell of the matrix in words: the word of its state, and the day or the reason that goes with it. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from app.compliance.matrix_types import Sum
from app.kernel import day_of
from app.recognised import Recognised
from app.requirements import Cell, CellStatus, How

# The words of every screen; their signs are in templates/components/status.html.
STATE_WORDS = {
    CellStatus.OVERDUE: "Overdue",
    CellStatus.DUE_SOON: "Due soon",
    CellStatus.NOT_STARTED: "Not started",
    CellStatus.UNDER_WAY: "Under way",
    CellStatus.BOOKED: "Booked",
    CellStatus.NEEDS_WATCHING: "Needs watching",
    CellStatus.IN_DATE: "In date",
    CellStatus.NOT_NEEDED: "Not needed",
}
ELSEWHERE = "trained elsewhere"
# Where a provider has one manager only, nobody else could decide about them.
THEMSELVES = "by the person themselves"
# A reason longer than this stands whole on the person's page and in the file's second sheet.
SHORT = 60


def short_day(day: date) -> str:
    """Return a day as "3 Nov 2026": a matrix has no room for the whole month."""
    return f"{day.day} {day:%b %Y}"


def detail_of(cell: Cell) -> str:
    """Return what stands beside the word of a cell's state: the day that matters, or why it is not needed."""
    match cell.status:
        case CellStatus.NOT_NEEDED:
            words = cell.reason if len(cell.reason) <= SHORT else cell.reason[: SHORT - 1].rstrip() + "…"
        case CellStatus.IN_DATE:
            words = f"until {short_day(cell.valid_until)}" if cell.valid_until else ""
        case CellStatus.BOOKED:
            words = f"for {short_day(cell.booked)}" if cell.booked else ""
        case CellStatus.OVERDUE:
            words = f"since {short_day(cell.due)}" if cell.due else ""
        case _:
            words = f"by {short_day(cell.due)}" if cell.due else ""
    counts_elsewhere = How.ELSEWHERE in cell.how and How.MODULES not in cell.how
    own = (THEMSELVES if cell.status is CellStatus.NOT_NEEDED else f"accepted {THEMSELVES}") if cell.own else ""
    return ", ".join(filter(None, (words, ELSEWHERE if counts_elsewhere else "", from_elsewhere(cell.recognised), own)))


def from_elsewhere(recognised: Iterable[Recognised]) -> str:
    """Return "recognised from Thistle Care on 3 Nov 2026", each issuer once with the last day; nothing for nothing."""
    last: dict[str, date] = {}
    for each in recognised:
        day = day_of(each.since)
        last[each.issuer] = max(day, last.get(each.issuer, day))
    return " and ".join(f"recognised from {issuer} on {short_day(day)}" for issuer, day in last.items())


def decided_by(name: str, *, own: bool) -> str:
    """Return who decided something, and that it was about themselves where it was."""
    return f"{name} ({THEMSELVES})".strip() if own else name


def text_of(cell: Cell | None) -> str:
    """Return a whole cell in words, as files have it; nothing where the training is not needed of that person."""
    return "" if cell is None else " ".join(filter(None, (STATE_WORDS[cell.status], detail_of(cell))))


def sum_words(sum_: Sum) -> str:
    """Return "31 of 40"; a dash where nothing is needed."""
    return f"{sum_.in_date} of {sum_.needed}" if sum_.needed else "–"
