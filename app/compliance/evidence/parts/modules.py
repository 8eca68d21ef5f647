"""What people were asked to learn here, how far each is, and every attempt."""

from __future__ import annotations

from app.compliance.cell_words import from_elsewhere
from app.compliance.evidence.parts.common import Row, people_table
from app.compliance.evidence.sources import Sources
from app.compliance.evidence.statuses import WORDS
from app.compliance.evidence.types import Part
from app.kernel import day_of


def modules(sources: Sources) -> Part:
    """Return where everybody stood with every module, and what they did in the time of the pack."""
    standings: list[Row] = [
        (
            sources.by_id[person_id],
            [
                sources.title(module),
                WORDS[standing.status.value],
                day_of(sources.asked[person_id, module].assigned_at) if (person_id, module) in sources.asked else None,
                standing.due,
                day_of(standing.completed_at) if standing.completed_at else None,
                standing.edition,
                standing.valid_until,
                from_elsewhere([standing.recognised] if standing.recognised else []),
            ],
        )
        for (person_id, module), standing in sources.standings.items()
    ]
    attempts: list[Row] = [
        (
            sources.by_id[each.person_id],
            [
                sources.title(each.module),
                each.edition,
                each.at,
                each.received_at,
                each.score,
                "passed" if each.passed else "not yet",
                max(1, round(each.seconds / 60)),
            ],
        )
        for each in sources.attempts
        if sources.within(each.at)
    ]
    return Part(
        key="modules",
        title="Learning here",
        intro="What people were asked to learn on their phones, and how far they were. "
        "Questions show what somebody knows. They never show what somebody does: that is observed in practice.",
        tables=(
            people_table(
                "modules",
                "Modules",
                [
                    ("title", "Module"),
                    ("state", "State"),
                    ("asked", "Asked on"),
                    ("due", "To be done by"),
                    ("done", "Last passed"),
                    ("edition", "Edition"),
                    ("valid_until", "Valid until"),
                    ("elsewhere", "Shown elsewhere"),
                ],
                sorted(
                    standings, key=lambda row: (row[0].name.casefold(), str(row[0].uuid), str(row[1][0]).casefold())
                ),
                "Where each person stood with each module.",
            ),
            people_table(
                "attempts",
                "Attempts",
                [
                    ("module", "Module"),
                    ("edition", "Edition"),
                    ("at", "Done (UTC)"),
                    ("received", "Reached the server (UTC)"),
                    ("score", "Per cent"),
                    ("result", "Result"),
                    ("minutes", "Minutes"),
                ],
                attempts,
                "Every time somebody answered a module's questions in the time of this pack.",
            ),
        ),
    )
