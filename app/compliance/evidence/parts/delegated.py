"""Delegated tasks: who may do which task, for whom, until when, and which clinician said so.

The person receiving care stands there by the alias alone. Limits and why something was withdrawn are left out: they
are about a person receiving care.
"""

from __future__ import annotations

from app.assessment import delegation
from app.assessment.delegation import DelegationView, Standing
from app.compliance.evidence.parts.common import people_table
from app.compliance.evidence.sources import Sources
from app.compliance.evidence.types import Part
from app.compliance.tables import Cell
from app.kernel import day_of

STANDINGS = {
    Standing.VALID: "May do it",
    Standing.SOON: "May do it, ends within 30 days",
    Standing.ENDED: "Ended",
    Standing.WITHDRAWN: "Withdrawn",
}
REPLACED = "Renewed by a later paper"
TASK = (("task", "Task"), ("alias", "For (alias)"))


def delegated(sources: Sources) -> Part:
    """Return every paper noted by the day of the pack that had not ended before its time began."""
    noted = delegation.of(sources.session, sources.provider.id, sources.people, sources.scope.as_at)
    found = [
        each
        for each in sorted(noted, key=lambda each: (each.at, str(each.uuid)))
        if each.valid_until >= sources.scope.since and day_of(each.at) <= sources.scope.until
    ]
    return Part(
        key="delegated",
        title="Delegated tasks",
        intro="Health tasks a clinician handed to one carer, for one person receiving care, who stands here by an "
        "alias alone. No module gives this competence. Limits, and why something was withdrawn, stay in the program.",
        tables=(
            people_table(
                "delegated",
                "Delegated tasks",
                [
                    *TASK,
                    ("clinician", "Clinician"),
                    ("seen", "Seen competent on"),
                    ("until", "Valid until"),
                    ("state", "State"),
                    ("withdrawn", "Withdrawn on"),
                ],
                [(sources.by_id[each.person_id], _standing(each)) for each in found],
            ),
            people_table(
                "delegated-papers",
                "Papers of delegated tasks",
                [
                    *TASK,
                    ("organisation", "Clinician's organisation"),
                    ("rests_on", "Rests on"),
                    ("noted", "Noted on"),
                    ("noted_by", "Noted by"),
                    ("withdrawn_by", "Withdrawn by"),
                ],
                [(sources.by_id[each.person_id], _paper(each)) for each in found],
            ),
        ),
    )


def _standing(each: DelegationView) -> list[Cell]:
    return [
        each.task,
        each.alias,
        f"{each.clinician}, {each.profession}",
        each.seen_on,
        each.valid_until,
        REPLACED if each.replaced else STANDINGS[each.standing],
        day_of(each.withdrawn.at) if each.withdrawn else None,
    ]


def _paper(each: DelegationView) -> list[Cell]:
    return [
        each.task,
        each.alias,
        each.organisation,
        each.rests_on,
        day_of(each.at),
        f"{each.by} (the person themselves)" if each.own else each.by,
        each.withdrawn.by if each.withdrawn else None,
    ]
