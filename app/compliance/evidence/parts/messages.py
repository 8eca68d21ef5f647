"""What people were reminded of. Messages are handed in from above: this package does not know how they travel."""

from __future__ import annotations

from app.compliance.evidence.parts.common import Row, people_table
from app.compliance.evidence.sources import Sources
from app.compliance.evidence.types import Part

KINDS = {
    "message": "Message",
    "nudge": "Reminder",
    "practice": "About practice that was seen",
    "safety": "About safety",
}
BY_ITSELF = "the server, by the provider's rule"


def messages(sources: Sources) -> Part:
    """Return when people were sent something in the time of the pack, by whom and how; not the words."""
    by_uuid = {staff.uuid: staff for staff in sources.staff}
    rows: list[Row] = [
        (by_uuid[each.person], [KINDS[each.kind], each.at, each.by or BY_ITSELF, ", ".join(each.channels)])
        for each in sources.sent
        if each.person in by_uuid
    ]
    return Part(
        key="messages",
        title="Messages and reminders",
        intro="When people were reminded of what they had to do. The words are between two and not here; they are kept "
        "in the program for a year, unless its settings say otherwise.",
        tables=(
            people_table(
                "messages",
                "Messages",
                [("kind", "Kind"), ("at", "Sent (UTC)"), ("by", "By"), ("channels", "How")],
                rows,
            ),
        ),
    )
