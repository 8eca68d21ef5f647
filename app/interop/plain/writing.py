"""A table as a plain file: its keys as the header, days in ISO 8601, and no cell that a spreadsheet would work out."""

from __future__ import annotations

from collections.abc import Sequence

from app.compliance import tables
from app.compliance.tables import Cell

MARK = b"\xef\xbb\xbf"


def to_csv(columns: Sequence[str], rows: Sequence[Sequence[Cell]], *, for_excel: bool = False) -> bytes:
    """Return UTF-8 with CRLF, a header first. `for_excel`: with the mark by which Excel knows UTF-8."""
    made = tables.to_csv(tables.table("plain", "Plain", [(each, each) for each in columns], rows))
    return made if for_excel else made.removeprefix(MARK)
