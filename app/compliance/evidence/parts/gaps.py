"""What was missing, and what was done about it."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime

from app.compliance.cell_words import STATE_WORDS
from app.compliance.evidence.parts.common import Row, people_table
from app.compliance.evidence.sources import Sources
from app.compliance.evidence.statuses import WORDS
from app.compliance.evidence.types import Part
from app.kernel import day_of
from app.learning import Standing, Status
from app.learning.history import PastAssignment
from app.requirements import CellStatus

BY_LIST = "the list of what is needed"


def gaps(sources: Sources) -> Part:
    """Return what was overdue or became late in the time of the pack, and every act of a manager about learning."""
    return Part(
        key="gaps",
        title="Gaps, and what was done about them",
        intro="What was overdue on the day of the pack, what had been late and was put right in its time, and what was "
        "asked of whom. A gap that is known, and acted on, is shown here on purpose.",
        tables=(
            people_table(
                "gaps",
                "Gaps",
                [
                    ("what", "What"),
                    ("state", "State"),
                    ("due", "To be done by"),
                    ("late", "Days late"),
                    ("done", "Put right on"),
                    ("asked", "Asked on"),
                    ("asked_by", "Asked by"),
                    ("last", "Last tried on"),
                ],
                sorted([*_open(sources), *_put_right(sources)], key=_order),
            ),
            people_table(
                "asked",
                "What was asked",
                [
                    ("module", "Module"),
                    ("asked", "Asked on"),
                    ("asked_by", "Asked by"),
                    ("due", "To be done by"),
                    ("ended", "No longer asked since"),
                    ("ended_by", "Ended by"),
                ],
                [
                    (
                        sources.by_id[each.person_id],
                        [
                            sources.title(each.module),
                            day_of(each.assigned_at),
                            sources.name(each.assigned_by) or BY_LIST,
                            each.asked.due,
                            day_of(each.ended_at) if each.ended_at else None,
                            sources.name(each.ended_by),
                        ],
                    )
                    for each in sources.assignments
                    if sources.within(each.assigned_at) or sources.within(each.ended_at)
                ],
            ),
        ),
    )


def _order(row: Row) -> tuple[str, str, str, date]:
    staff, cells = row
    due = cells[2]
    return staff.name.casefold(), str(staff.uuid), str(cells[0]).casefold(), due if isinstance(due, date) else date.max


def _open(sources: Sources) -> list[Row]:
    last: dict[tuple[int, str], datetime] = {}
    for each in sources.attempts:
        last[each.person_id, each.module] = each.at
    found = [
        _row(sources, pair, standing.due, _state(standing), None, sources.asked.get(pair), last.get(pair))
        for pair, standing in sources.standings.items()
        if standing.status is Status.OVERDUE
    ]
    # What no overdue module says already: a certificate that ran out, practice nobody has seen.
    titles = {training.uuid: training for training in sources.board.trainings}
    for cell in (cell for theirs in sources.board.cells.values() for cell in theirs.values()):
        person_id, uuid = cell.person_id, cell.training
        standings = (sources.standings.get((person_id, module)) for module in titles[uuid].modules)
        told = any(each is not None and each.status is Status.OVERDUE for each in standings)
        if cell.status is CellStatus.OVERDUE and not told:
            late = (day_of(sources.moment) - cell.due).days if cell.due else None
            cells = [titles[uuid].title, STATE_WORDS[cell.status], cell.due, late, None, cell.starts, BY_LIST, None]
            found.append((sources.by_id[person_id], cells))
    return found


def _state(standing: Standing) -> str:
    return WORDS[standing.status.value]


def _put_right(sources: Sources) -> list[Row]:
    """Return what was passed in the time of the pack, after the day it was asked for by."""
    passes: dict[tuple[int, str], list[datetime]] = defaultdict(list)
    for each in sources.attempts:
        if each.passed:
            passes[each.person_id, each.module].append(each.at)
    found = []
    for asked in sources.assignments:
        due, pair = asked.asked.due, (asked.person_id, asked.module)
        first = next((at for at in passes[pair] if at >= asked.assigned_at), None)
        in_time = asked.ended_at is None or (first is not None and first <= asked.ended_at)
        if due and first and in_time and day_of(first) > due and sources.within(first):
            found.append(_row(sources, pair, due, "Put right", first, asked, first))
    return found


def _row(
    sources: Sources,
    pair: tuple[int, str],
    due: date | None,
    state: str,
    done: datetime | None,
    asked: PastAssignment | None,
    last: datetime | None,
) -> Row:
    until = day_of(done or sources.moment)
    return (
        sources.by_id[pair[0]],
        [
            sources.title(pair[1]),
            state,
            due,
            (until - due).days if due else None,
            day_of(done) if done else None,
            day_of(asked.assigned_at) if asked else None,
            (sources.name(asked.assigned_by) or BY_LIST) if asked else "",
            day_of(last) if last else None,
        ],
    )
