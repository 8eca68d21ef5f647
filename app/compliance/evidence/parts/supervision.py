"""When people were supervised and appraised, their plans, and how their induction went.

Days, not words: notes, goals and comments are between two people, and what managers wrote for themselves is never here.
"""

from __future__ import annotations

from collections.abc import Mapping

from app import supervision as meetings
from app.compliance.evidence.parts.common import Row, people_table
from app.compliance.evidence.sources import Sources
from app.compliance.evidence.types import Part
from app.kernel import day_of
from app.supervision import InductionLine, MeetingKind, Origin

KINDS = {
    MeetingKind.SUPERVISION: "Supervision",
    MeetingKind.APPRAISAL: "Appraisal",
    MeetingKind.SPOT_CHECK: "Spot check",
    MeetingKind.TEAM: "Team meeting",
}
SET_BY = {Origin.ME: "The carer", Origin.MANAGER: "A manager"}


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
        intro="When people met their manager, how far their development plans are, and what of the induction was done "
        "when. What was said, and the words of goals, are not here: the plans themselves are in the program.",
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
                "plans",
                "Development plans",
                [("from", "Goal set by"), ("by", "To be done by"), ("done", "Done"), ("changed", "Last changed on")],
                _plans(sources),
            ),
            people_table(
                "first-visits",
                "First visits alone",
                [("started", "Started here"), ("visit", "First visit alone"), ("days", "Days after the start")],
                _first_visits(sources, lists),
            ),
            people_table(
                "induction", "Induction", [("line", "Line"), ("done", "Done on"), ("with", "With")], induction
            ),
        ),
    )


def _plans(sources: Sources) -> list[Row]:
    """Return every goal there was on the day of the pack, without its words."""
    plans = meetings.plans_of(sources.session, sources.provider.id, sources.people, as_at=sources.scope.as_at)
    return [
        (staff, [SET_BY[goal.origin], goal.wanted_by, goal.done, day_of(goal.changed_at)])
        for staff in sources.staff
        for goal in plans.get(staff.person_id, ())
    ]


def _first_visits(sources: Sources, lists: Mapping[int, tuple[InductionLine, ...]]) -> list[Row]:
    """Return the first visit alone of everybody who had one by then.

    Days are counted from the start of the place they have now; who had visited alone before that has none.
    """
    first = meetings.first_visit_of(sources.provider)
    found: list[Row] = []
    for staff in sources.staff:
        for line in lists.get(staff.person_id, ()):
            if line.item.uuid == first and line.on:
                days = (line.on - staff.started).days
                found.append((staff, [staff.started, line.on, days if days >= 0 else None]))
    return found
