"""Each person's standards of the Care Certificate, both halves."""

from __future__ import annotations

from app import catalogue
from app.compliance.evidence.parts.common import Row, people_table
from app.compliance.evidence.sources import Sources
from app.compliance.evidence.types import Part
from app.compliance.tables import Cell
from app.learning import Status

# The same rule as a carer's own record: `app.learning.progress`.
COUNTS = (Status.IN_DATE, Status.DUE_SOON, Status.NEEDS_WATCHING)


def standards(sources: Sources) -> Part:
    """Return how far everybody was with what the questions check of each standard."""
    listed = catalogue.standards(sources.session)
    known: dict[int, set[str]] = {person_id: set() for person_id in sources.people}
    for (person_id, module), standing in sources.standings.items():
        if standing.status in COUNTS and standing.completed_at is not None and module in sources.newest:
            known[person_id].update(sources.newest[module].criteria)
    rows: list[Row] = []
    for staff in sources.staff:
        for each in listed:
            missing = [code for code in each.knowledge if code not in known[staff.person_id]]
            counts = len(each.knowledge) - len(missing), len(each.knowledge)
            cells: list[Cell] = [each.number, each.title, *counts, " ".join(missing)]
            rows.append((staff, cells))
    return Part(
        key="standards",
        title="Standards of the Care Certificate",
        intro="A standard is complete only when its questions are passed and its practice was observed and signed off. "
        "This table has the questions' half. The wording and numbers of criteria are ours where the official text was "
        "not read: compare them with Skills for Care before relying on a number.",
        tables=(
            people_table(
                "standards",
                "Standards",
                [
                    ("standard", "Standard"),
                    ("title", "Title"),
                    ("known", "Criteria known"),
                    ("known_of", "of"),
                    ("not_known", "Not yet known"),
                ],
                rows,
            ),
        ),
    )
