"""When people were supervised and appraised, and how their induction went. Days, not notes: those are between two."""

from __future__ import annotations

from app import supervision as meetings
from app.compliance.evidence.parts.common import Row, people_table
from app.compliance.evidence.sources import Sources
from app.compliance.evidence.types import Part
from app.supervision import MeetingKind

KINDS = {
    MeetingKind.SUPERVISION: "Supervision",
    MeetingKind.APPRAISAL: "Appraisal",
    MeetingKind.SPOT_CHECK: "Spot check",
    MeetingKind.TEAM: "Team meeting",
}


def supervision(sources: Sources) -> Part:
    """Return the meetings held in the time of the pack, and every line of the induction list."""
    held = meetings.meetings_of(sources.session, sources.provider.id, sources.people, as_at=sources.scope.as_at)
    rows: list[Row] = [
        (
            sources.by_id[each.person_id],
            [
                KINDS[each.kind],
                each.held_on,
                each.led_by,
                len(each.actions),
                sum(1 for action in each.actions if action.done_on),
                each.next_on,
            ],
        )
        for each in sorted(held, key=lambda each: (each.held_on, str(each.uuid)))
        if sources.scope.since <= each.held_on <= sources.scope.until and each.written_at <= sources.moment
    ]
    lists = meetings.inductions_of(sources.session, sources.provider, sources.people, as_at=sources.scope.as_at)
    induction: list[Row] = [
        (staff, [line.item.title, line.on, line.with_whom])
        for staff in sources.staff
        for line in lists.get(staff.person_id, ())
    ]
    return Part(
        key="supervision",
        title="Supervision, appraisal and induction",
        intro="When people met their manager, and what of the induction was done when. What was said is not here.",
        tables=(
            people_table(
                "meetings",
                "Meetings",
                [
                    ("kind", "Kind"),
                    ("held", "Held on"),
                    ("led_by", "Led by"),
                    ("agreed", "Things agreed"),
                    ("done", "of them done"),
                    ("next", "Next agreed for"),
                ],
                rows,
            ),
            people_table(
                "induction", "Induction", [("line", "Line"), ("done", "Done on"), ("with", "With")], induction
            ),
        ),
    )
