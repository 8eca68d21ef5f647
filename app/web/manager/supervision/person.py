"""One person's supervision page: what is due, what was agreed, the plan, what was written down."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from datetime import date
from uuid import UUID

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app import supervision
from app.extensions import db
from app.kernel import day_of
from app.providers import MemberView, Role
from app.web import words
from app.web.access import allows, current_membership
from app.web.forms import Problems
from app.web.manager.blueprint import member_or_404
from app.web.manager.supervision.blueprint import bp, today
from app.web.manager.supervision.pages import GoalRow, MeetingRow, due_rows, how_far


@bp.get("/<uuid:person>")
@allows(Role.MANAGER)
def person(person: UUID) -> ResponseReturnValue:
    """Show one person's supervision; `?on=` shows the plan and the meetings as they were at the end of a day."""
    return page_of(member_or_404(person), Problems(), {})


def page_of(member: MemberView, problems: Problems, filled: Mapping[str, str]) -> ResponseReturnValue:
    """Return the page, with what was typed and what is to be mended."""
    session, provider, person_id, now = db.session(), current_membership().provider, member.person_id, today()
    on = _asked()
    due = supervision.due_of(session, provider.id, {person_id: day_of(member.started)}, today=now)
    meetings = supervision.meetings_of(session, provider.id, [person_id], as_at=on, with_taken_out=on is None)
    lines = supervision.inductions_of(session, provider, [person_id], as_at=on)[person_id]
    rows = [MeetingRow.of(each, now) for each in meetings]
    html = render_template(
        "manager/supervision/person.html",
        member=member,
        problems=problems,
        filled=filled,
        due=due_rows(due[person_id]),
        goals=[
            GoalRow.of(each)
            for each in supervision.plans_of(session, provider.id, [person_id], as_at=on).get(person_id, ())
        ],
        meetings=rows,
        open_actions=[a for row in rows if not row.taken_out for a in row.actions if not a.done],
        induction=how_far(lines),
        on=on.isoformat() if on else "",
        on_words=words.day(on) if on else "",
    )
    return html, 400 if problems else 200


def _asked() -> date | None:
    """Return the day of the address. What is no day asks for today."""
    with contextlib.suppress(ValueError):
        found = date.fromisoformat(request.args.get("on", ""))
        return found if found < today() else None
    return None
