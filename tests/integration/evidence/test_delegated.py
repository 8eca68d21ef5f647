"""Delegated tasks in a pack: as they stood on its day, on paper and in files, with nothing but an alias."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from app.assessment import delegation
from tests.support.delegated import delegated
from tests.support.evidence_place import bramble, opened, rows, scope
from tests.support.world import NOW


def test_a_task_stands_as_it_did_on_the_day_of_the_pack(session: Session) -> None:
    made = bramble(session)
    by, before = made.priya.person_id, NOW - timedelta(days=20)
    who = made.ngozi
    view = delegated(session, who, now=before, by=by, limits="limits-canary", rests_on="Taught on 3 May")
    pack = scope(parts=("delegated",))
    first = opened(made.pack(pack))

    delegation.withdraw(
        session, who.provider_id, who.person_id, view.uuid, reason="reason-canary", now=NOW + timedelta(days=3), by=by
    )
    session.commit()
    later = NOW + timedelta(days=5)
    again = opened(made.pack(pack, now=later))
    today = opened(made.pack(scope(parts=("delegated",), until=later.date(), as_at=later.date()), now=later))

    [line] = rows(first, "delegated")
    assert [line[key] for key in ("person", "task", "alias", "clinician", "state", "withdrawn")] == [
        "Ngozi Obi",
        "Give insulin by pen",
        "Maple 14",
        "Dawn Hill, district nurse",
        "May do it",
        None,
    ]
    [paper] = rows(first, "delegated-papers")
    assert (paper["rests_on"], paper["noted_by"]) == ("Taught on 3 May", "Priya Nair")
    assert rows(again, "delegated") == rows(first, "delegated")
    [line] = rows(today, "delegated")
    assert (line["state"], line["withdrawn"]) == ("Withdrawn", (NOW + timedelta(days=3)).date().isoformat())
    for files in (first, today):
        assert "tables/delegated.csv" in files
        for name, body in files.items():
            assert b"limits-canary" not in body, name
            assert b"reason-canary" not in body, name
