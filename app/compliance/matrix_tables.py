"""The matrix as tables for files: one that equals the screen, and one with a line for each cell and real days."""

from __future__ import annotations

from collections.abc import Iterator

from app.compliance.cell_words import STATE_WORDS, THEMSELVES, from_elsewhere, sum_words, text_of
from app.compliance.matrix_types import Matrix
from app.compliance.tables import Cell, Table, table
from app.requirements import Cell as NeededCell
from app.requirements import How

HOW_WORDS = {
    How.MODULES: "learned here",
    How.ELSEWHERE: "trained elsewhere",
    How.OBSERVED: "seen in practice",
    How.RECOGNISED: "recognised from elsewhere",
    How.EXCEPTION: "an exception",
}
EVERYONE = "Everyone here"


def how_words(cell: NeededCell) -> str:
    """Return what meets a training, and whether the person themselves decided that it does."""
    words = ", ".join(
        from_elsewhere(cell.recognised) if how is How.RECOGNISED and cell.recognised else HOW_WORDS[how]
        for how in cell.how
    )
    return f"{words} ({THEMSELVES})" if cell.own else words


def matrix_table(matrix: Matrix) -> Table:
    """Return the matrix as the screen has it, its sums in the last row."""
    columns = [("person", "Person"), ("number", "Staff number"), ("in_date", "In date")]
    columns += [(str(training.uuid), training.title) for training in matrix.trainings]
    rows: list[list[Cell]] = [
        [row.member.name, row.member.reference or "", sum_words(row.sum), *map(text_of, row.cells)]
        for row in matrix.rows
    ]
    rows.append([EVERYONE, "", sum_words(matrix.total), *map(sum_words, matrix.sums)])
    return table("matrix", "Matrix", columns, rows, note=f"As at {matrix.as_at.isoformat()}.")


def lines_table(matrix: Matrix) -> Table:
    """Return every cell as a line of its own, with each of its days."""
    columns = [
        ("person", "Person"),
        ("number", "Staff number"),
        ("training", "Training"),
        ("state", "State"),
        ("starts", "Needed from"),
        ("due", "To be done by"),
        ("valid_until", "Valid until"),
        ("refresh_from", "Refresher from"),
        ("booked", "Booked for"),
        ("how", "Met by"),
        ("reason", "Reason"),
    ]
    return table("trainings", "One line each", columns, list(_lines(matrix)), note="Each training of each person.")


def _lines(matrix: Matrix) -> Iterator[list[Cell]]:
    for row in matrix.rows:
        for training, cell in zip(matrix.trainings, row.cells, strict=True):
            if cell is not None:
                yield [
                    row.member.name,
                    row.member.reference or "",
                    training.title,
                    STATE_WORDS[cell.status],
                    cell.starts,
                    cell.due,
                    cell.valid_until,
                    cell.refresh_from,
                    cell.booked,
                    how_words(cell),
                    cell.reason,
                ]
