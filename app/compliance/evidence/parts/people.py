"""Who works here, in which roles, since when."""

from __future__ import annotations

from app.compliance.evidence.parts.common import Row, people_table
from app.compliance.evidence.sources import Sources
from app.compliance.evidence.types import Part

UNKNOWN_ROLES = "changed since; what they were then was not noted"


def people(sources: Sources) -> Part:
    """Return the people of the pack as they stood."""
    rows: list[Row] = [
        (each, [UNKNOWN_ROLES if each.roles is None else each.roles, each.started, each.ended])
        for each in sources.staff
    ]
    columns = [("roles", "Roles"), ("started", "Started here"), ("left", "Left")]
    return Part(
        key="people",
        title="People",
        intro="Everybody who had a place here in this time, with the roles they had on the day of the pack.",
        tables=(people_table("people", "People", columns, rows),),
    )
