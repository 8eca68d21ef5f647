"""The overview of delegated tasks as a file, made of what feeds the page.

Limits and why something was withdrawn stay in the program: they are about a person receiving care.
"""

from __future__ import annotations

from collections.abc import Sequence

from flask import abort, current_app, request
from flask.typing import ResponseReturnValue

from app import providers
from app.assessment.delegation import DelegationView
from app.compliance import tables
from app.compliance.tables import Cell, Table
from app.extensions import db
from app.kernel import day_of, utc_now
from app.providers import MemberView, Role
from app.web.access import allows, current_membership
from app.web.manager.blueprint import noted
from app.web.manager.practice.blueprint import bp
from app.web.manager.practice.delegated_pages import TaskPair, rows_of, sifted

COLUMNS = (
    ("person", "Person"),
    ("number", "Staff number"),
    ("task", "Task"),
    ("alias", "For (alias)"),
    ("state", "Where it stands"),
    ("until", "Valid until"),
    ("withdrawn", "Withdrawn on"),
    ("read", "The withdrawal was read"),
    ("seen", "Seen competent on"),
    ("clinician", "Clinician"),
    ("profession", "Profession"),
    ("organisation", "Clinician's organisation"),
    ("reach", "How to reach them"),
    ("rests_on", "Rests on"),
    ("noted", "Noted on"),
    ("noted_by", "Noted by"),
)
CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.post("/delegated/file")
@allows(Role.MANAGER)
def delegated_file() -> ResponseReturnValue:
    """Send everything the page's search leaves, also what ended long ago, and note that it was saved."""
    provider_id, now, wanted = current_membership().provider.id, utc_now(), request.form.get("as", "")
    if wanted not in ("csv", "xlsx"):
        abort(404)
    members = {each.person_id: each for each in providers.list_members(db.session(), provider_id)}
    pairs = sifted(
        rows_of(provider_id, members, newest=True),
        search=request.form.get("q", "").strip()[:100],
        state=request.form.get("state", ""),
    )
    made = _table(pairs, members)
    noted("delegated.saved")
    db.session.commit()
    body = tables.to_csv(made) if wanted == "csv" else tables.to_xlsx([made], made=now)
    headers = {
        "Content-Disposition": f"attachment; filename=delegated-tasks-{day_of(now).isoformat()}.{wanted}",
        "Cache-Control": "no-store",
    }
    return current_app.response_class(body, mimetype=CSV if wanted == "csv" else XLSX, headers=headers)


def _table(pairs: Sequence[TaskPair], members: dict[int, MemberView]) -> Table:
    rows: list[list[Cell]] = [
        [row.name, members[view.person_id].reference or "", view.task, view.alias, row.state[0], *_rest(view, row.read)]
        for view, row in pairs
    ]
    return tables.table("delegated", "Delegated tasks", COLUMNS, rows)


def _rest(view: DelegationView, read: str) -> list[Cell]:
    return [
        view.valid_until,
        day_of(view.withdrawn.at) if view.withdrawn else None,
        read,
        view.seen_on,
        view.clinician,
        view.profession,
        view.organisation,
        view.reach,
        view.rests_on,
        day_of(view.at),
        f"{view.by} (the person themselves)" if view.own else view.by,
    ]
