"""What tables about people have in common: who stands first, and the uuid that tells two of one name apart last."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from app.compliance.evidence.types import Staff
from app.compliance.tables import Cell, Table, table

PERSON_UUID = "person_uuid"
# Somebody, and what stands about them between their name and their uuid.
Row = tuple[Staff, Sequence[Cell]]


def people_table(
    key: str,
    title: str,
    columns: Sequence[tuple[str, str]],
    rows: Iterable[Row],
    note: str = "",
) -> Table:
    """Return a table whose rows are each about one of the people."""
    return table(
        key,
        title,
        [("person", "Person"), ("number", "Staff number"), *columns, (PERSON_UUID, "Known to this server as")],
        [[staff.name, staff.reference, *cells, str(staff.uuid)] for staff, cells in rows],
        note,
    )
