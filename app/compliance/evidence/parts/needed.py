"""What is needed of whom: profiles, the matrix, exceptions, and training from elsewhere."""

from __future__ import annotations

from collections import Counter

from app.compliance.cell_words import STATE_WORDS, decided_by, text_of
from app.compliance.evidence.parts.common import Row, people_table
from app.compliance.evidence.sources import Sources
from app.compliance.evidence.types import Part
from app.compliance.matrix_tables import how_words
from app.compliance.tables import table
from app.kernel import day_of
from app.recognised import Decision
from app.requirements import CellStatus, OutsideState

BASES = {
    "statutory": "demanded by law",
    "mandatory": "mandatory",
    "role": "needed for the role",
    "need": "needed by people supported",
    "own": "the provider's own",
}
OUTSIDE = {
    OutsideState.BOOKED: "Booked",
    OutsideState.OFFERED: "Not decided yet",
    OutsideState.ACCEPTED: "Accepted",
    OutsideState.REFUSED: "Not accepted",
    OutsideState.CALLED_OFF: "Called off",
}

RECOGNISED = {
    Decision.ACCEPTED: "Recognised",
    Decision.DECLINED: "Not recognised",
    Decision.WITHDRAWN: "Withdrawn by who signed it",
    Decision.UNTRUSTED: "Who signed it is not trusted any more",
}


def profiles(sources: Sources) -> Part:
    """Return the jobs people have and what each asks for."""
    titles = {each.uuid: each.title for each in sources.board.trainings}
    held: list[Row] = [
        (staff, [profile.title, (profile.category or "").replace("-", " ")])
        for staff in sources.staff
        for profile in sources.profiles.get(staff.person_id, ())
    ]
    every = {profile.uuid: profile for mine in sources.profiles.values() for profile in mine}
    asks = [
        [profile.title, titles[each]]
        for profile in sorted(every.values(), key=lambda each: each.title.casefold())
        for each in profile.trainings
        if each in titles
    ]
    return Part(
        key="profiles",
        title="Jobs people do",
        intro="Each job, with the training it needs. Categories are those of the Care Workforce Pathway.",
        tables=(
            people_table("profiles", "Jobs of people", [("profile", "Job"), ("category", "Category")], held),
            table("profile-needs", "What each job needs", [("profile", "Job"), ("training", "Training")], asks),
        ),
    )


def matrix(sources: Sources) -> Part:
    """Return people by trainings, each cell with its dates, and the sums."""
    board = sources.board
    columns = [(str(training.uuid), training.title) for training in board.trainings]
    grid: list[Row] = []
    lines: list[Row] = []
    for staff in sources.staff:
        cells = [board.cell(staff.person_id, training.uuid) for training in board.trainings]
        grid.append((staff, [text_of(cell) for cell in cells]))
        for training, cell in zip(board.trainings, cells, strict=True):
            if cell is not None:
                dates = [cell.starts, cell.due, cell.valid_until, cell.refresh_from, cell.booked]
                lines.append((staff, [training.title, STATE_WORDS[cell.status], *dates, how_words(cell), cell.reason]))
    counts: dict[object, Counter[CellStatus]] = {}
    for theirs in board.cells.values():
        for training_uuid, cell in theirs.items():
            counts.setdefault(training_uuid, Counter())[cell.status] += 1
    asked = [
        [
            training.title,
            BASES[training.basis.value],
            training.driver,
            training.source,
            training.refresh_months,
            ", ".join(map(sources.title, training.modules)),
            " ".join(training.practice),
            *(counts.get(training.uuid, Counter())[status] for status in CellStatus),
        ]
        for training in board.trainings
    ]
    return Part(
        key="matrix",
        title="Matrix: what is needed of whom",
        intro="What the provider asks of its people, why, how often, and where everybody stood.",
        tables=(
            table(
                "trainings",
                "What is asked, and how many stood how",
                [
                    ("title", "Training"),
                    ("basis", "Why"),
                    ("driver", "Law or guidance"),
                    ("source", "Where the period comes from"),
                    ("refresh_months", "Months until again"),
                    ("modules", "Modules here"),
                    ("practice", "Criteria to be seen"),
                    *((status.value, STATE_WORDS[status]) for status in CellStatus),
                ],
                asked,
            ),
            people_table(
                "matrix-lines",
                "Each training of each person",
                [
                    ("title", "Training"),
                    ("state", "State"),
                    ("starts", "Needed from"),
                    ("due", "To be done by"),
                    ("valid_until", "Valid until"),
                    ("refresh_from", "Refresher from"),
                    ("booked", "Booked for"),
                    ("how", "Met by"),
                    ("reason", "Reason"),
                ],
                lines,
            ),
            people_table("matrix", "Matrix", columns, grid),
        ),
    )


def exceptions(sources: Sources) -> Part:
    """Return what is not needed of whom, and why."""
    titles = {each.uuid: each.title for each in sources.board.trainings}
    rows: list[Row] = [
        (
            sources.by_id[each.person_id],
            [
                titles.get(each.training, "a training no longer asked for"),
                each.reason,
                day_of(each.since),
                each.until,
                decided_by(sources.name(each.by), own=each.own),
            ],
        )
        for each in sources.exceptions
    ]
    return Part(
        key="exceptions",
        title="Exceptions",
        intro="What somebody's job needs and they do not, with the reason, who said so, and for how long.",
        tables=(
            people_table(
                "exceptions",
                "Exceptions",
                [
                    ("title", "Training"),
                    ("reason", "Reason"),
                    ("since", "From"),
                    ("until", "Until"),
                    ("by", "Decided by"),
                ],
                rows,
            ),
        ),
    )


def outside(sources: Sources) -> Part:
    """Return training from elsewhere, and what was decided about each."""
    titles = {each.uuid: each.title for each in sources.board.trainings}
    rows: list[Row] = [
        (
            sources.by_id[each.person_id],
            [
                each.title,
                titles.get(each.training, "") if each.training else "",
                each.taught_by,
                each.taken_on,
                each.booked_for,
                each.valid_until,
                OUTSIDE[each.state],
                each.reason,
                decided_by(sources.name(each.decided_by), own=each.own),
                day_of(each.decided_at) if each.decided_at else None,
                each.file.sha if each.file else "",
            ],
        )
        for each in sources.outside
    ]
    signed: list[Row] = [
        (
            sources.by_id[each.person_id],
            [
                each.title,
                each.issuer_name,
                each.issuer,
                each.on,
                each.valid_until,
                RECOGNISED[each.state],
                each.reason,
                decided_by(sources.name(each.by), own=each.own) if each.by else "",
                day_of(each.at),
                each.sha,
            ],
        )
        for each in sources.recognitions
    ]
    return Part(
        key="outside",
        title="Training from elsewhere",
        intro="Certificates of courses that were not taken here, and signed statements of other providers, and who "
        "accepted them, for which reason. The files are kept in the program; each is known by its SHA-256.",
        tables=(
            people_table(
                "outside",
                "Training from elsewhere",
                [
                    ("title", "Course"),
                    ("counts_for", "Counts for"),
                    ("taught_by", "Taught by"),
                    ("taken", "Taken on"),
                    ("booked", "Booked for"),
                    ("valid_until", "Valid until"),
                    ("state", "Decision"),
                    ("reason", "Reason"),
                    ("by", "Decided by"),
                    ("decided", "Decided on"),
                    ("sha", "SHA-256 of the file"),
                ],
                rows,
            ),
            people_table(
                "recognised",
                "Signed statements from elsewhere",
                [
                    ("title", "What was shown"),
                    ("issuer", "Signed by"),
                    ("did", "Known as"),
                    ("awarded", "Awarded on"),
                    ("valid_until", "Valid until"),
                    ("state", "Decision"),
                    ("reason", "Reason"),
                    ("by", "Decided by"),
                    ("decided", "Decided on"),
                    ("sha", "SHA-256 of the statement"),
                ],
                signed,
            ),
        ),
    )
