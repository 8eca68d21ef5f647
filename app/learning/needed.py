"""Assignments that the provider's list needs, kept in line with it. Those a manager made by hand are left alone."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.kernel import insert_if_new, new_uuid7
from app.learning.models import Assignment
from app.learning.types import Asked


def bring_into_line(
    session: Session,
    provider_id: int,
    people: Collection[int],
    wanted: Mapping[tuple[int, str], Asked],
    *,
    now: datetime,
    by: int | None = None,
) -> tuple[int, int]:
    """Ask these people for what is `wanted`, by (person id, module), and for nothing else because of the list.

    Another date or period ends an assignment and adds a new one, so it stays known what was asked when. What a manager
    asked for by hand stays as it is, and comes first. Returns how many were added and ended; none when repeated.
    """
    current = {
        (row.person_id, row.module): row
        for row in session.scalars(
            select(Assignment).where(
                Assignment.provider_id == provider_id,
                Assignment.person_id.in_(people),
                Assignment.ended_at.is_(None),
            )
        )
    }
    by_hand = {key for key, row in current.items() if row.training is None}
    ended = [row.id for key, row in current.items() if row.training is not None and _asked(row) != wanted.get(key)]
    gone = set(ended)
    kept = {key for key, row in current.items() if row.training is not None and row.id not in gone}
    taken = by_hand | kept
    added = [
        {
            "uuid": new_uuid7(),
            "person_id": person_id,
            "provider_id": provider_id,
            "module": module,
            "due": asked.due,
            "training": asked.training,
            "refresh_months": asked.refresh_months,
            "window_days": asked.window_days,
            "grace_days": asked.grace_days,
            "assigned_at": now,
            "assigned_by": by,
        }
        for (person_id, module), asked in sorted(wanted.items())
        if (person_id, module) not in taken
    ]
    for start in range(0, len(ended), 500):
        rows = update(Assignment).where(Assignment.id.in_(ended[start : start + 500]))
        session.execute(rows.values(ended_at=now, ended_by=by), execution_options={"synchronize_session": False})
    if added:
        session.execute(insert_if_new(session, Assignment), added)
    if ended:
        session.expire_all()
    return len(added), len(ended)


def _asked(row: Assignment) -> Asked:
    return Asked(
        due=row.due,
        training=row.training,
        refresh_months=row.refresh_months,
        window_days=row.window_days,
        grace_days=row.grace_days,
    )
