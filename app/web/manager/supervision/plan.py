"""A manager's part of a development plan: goals and comments."""

from __future__ import annotations

from uuid import UUID

from flask import abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from app import supervision
from app.extensions import db
from app.kernel import DomainError, utc_now
from app.providers import Role
from app.web.access import allows, current_membership, current_person
from app.web.forms import Problems
from app.web.manager.blueprint import member_or_404, noted
from app.web.manager.days import typed, typed_day
from app.web.manager.supervision.blueprint import bp
from app.web.manager.supervision.person import page_of


@bp.post("/<uuid:person>/goals")
@allows(Role.MANAGER)
def add_goal(person: UUID) -> ResponseReturnValue:
    """Put a goal on a person's plan."""
    member = member_or_404(person)
    problems = Problems()
    by = typed_day(typed("goal-by"), "goal-by", problems, needed=False)
    provider_id, me = current_membership().provider.id, current_person().id
    if not problems:
        try:
            supervision.add_goal(db.session(), provider_id, member.person_id, typed("goal"), by, now=utc_now(), by=me)
        except DomainError as error:
            problems.add_error(error, "goal")
    if problems:
        db.session.rollback()
        return page_of(member, problems, {"goal": typed("goal"), "goal-by": typed("goal-by")})
    noted("goal.added", member)
    db.session.commit()
    flash(f"On the plan. {member.name} sees it on their phone.", "done")
    return redirect(url_for("supervision.person", person=person))


@bp.post("/<uuid:person>/goals/<uuid:goal>/comments")
@allows(Role.MANAGER)
def add_comment(person: UUID, goal: UUID) -> ResponseReturnValue:
    """Say something about a goal."""
    member = member_or_404(person)
    provider_id, me, text = current_membership().provider.id, current_person().id, typed("comment")
    try:
        said = supervision.comment(db.session(), provider_id, member.person_id, goal, text, now=utc_now(), by=me)
    except DomainError as error:
        problems = Problems()
        problems.add(f"comment-{goal}", str(error))
        return page_of(member, problems, {f"comment-{goal}": text})
    if said is None:
        abort(404)
    noted("goal.commented", member)
    db.session.commit()
    flash(f"Said. {member.name} sees it on their phone.", "done")
    return redirect(url_for("supervision.person", person=person))


@bp.post("/<uuid:person>/plan/<uuid:entry>/end")
@allows(Role.MANAGER)
def end_entry(person: UUID, entry: UUID) -> ResponseReturnValue:
    """Take a manager's own goal or comment off the plan. What the plan was on a day stays known."""
    member = member_or_404(person)
    provider_id, me = current_membership().provider.id, current_person().id
    what = supervision.end_entry(db.session(), provider_id, member.person_id, entry, now=utc_now(), by=me)
    if what is None:
        abort(404)
    noted("goal.ended" if what == "goal" else "goal.comment-ended", member)
    db.session.commit()
    flash("Taken off the plan.", "done")
    return redirect(url_for("supervision.person", person=person))
