"""Exceptions: a training is not needed of one person, with a reason and mostly an end."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import providers, requirements
from app.extensions import db
from app.kernel import begin_write, day_of, utc_now
from app.providers import Role
from app.requirements import RequirementError
from app.web import words
from app.web.access import allows, current_membership, current_person
from app.web.forms import Problems
from app.web.manager import concerns
from app.web.manager.blueprint import bp as people_bp
from app.web.manager.blueprint import member_or_404, noted
from app.web.manager.concerns import bp
from app.web.manager.days import typed_day


@bp.get("/exceptions")
@allows(Role.MANAGER)
def exceptions() -> ResponseReturnValue:
    """Show every exception that holds, with its reason and its end."""
    session, provider_id = db.session(), current_membership().provider.id
    titles = {each.uuid: each.title for each in requirements.trainings(session, provider_id)}
    members = {each.person_id: each for each in providers.list_members(session, provider_id)}
    today = day_of(utc_now())
    rows = [
        {
            "uuid": each.uuid,
            "person": members[each.person_id].person_uuid,
            "name": members[each.person_id].name,
            "training": titles[each.training],
            "reason": each.reason,
            "since": words.on(each.since),
            "until": words.day(each.until) if each.until else "",
            "own": each.own,
        }
        for each in requirements.exceptions(session, provider_id)
        if each.person_id in members and each.training in titles and (each.until is None or each.until >= today)
    ]
    return render_template("manager/exceptions.html", rows=rows)


@people_bp.route("/<uuid:person>/exceptions", methods=["GET", "POST"])
@allows(Role.MANAGER)
def make_exception(person: UUID) -> ResponseReturnValue:
    """Note that a person does not need a training, why, and until when."""
    member = member_or_404(person)
    session, provider_id = db.session(), member.provider_id
    problems = Problems()
    typed = {name: request.values.get(name, "") for name in ("training", "reason", "until")}
    known = {str(each.uuid): each for each in requirements.trainings(session, provider_id)}
    if request.method == "POST":
        until = typed_day(typed["until"], "until", problems, needed=False)
        if typed["training"] not in known:
            problems.add("training", "Pick the training.")
        if member.ended is not None:
            problems.add("training", f"{member.name} has left. Bring them back first.")
        if not problems:
            try:
                return _make(member, known[typed["training"]].uuid, typed["reason"], until)
            except RequirementError as error:
                db.session.rollback()
                problems.add_error(error, "reason")
    board = requirements.board(session, provider_id, now=utc_now(), people=[member.person_id], chains={})
    needed = [each for each in board.trainings if board.cell(member.person_id, each.uuid)]
    page = render_template("manager/exception.html", member=member, needed=needed, typed=typed, problems=problems)
    return page, 400 if problems else 200


def _make(member: providers.MemberView, training: UUID, reason: str, until: date | None) -> ResponseReturnValue:
    session, provider_id = db.session(), member.provider_id
    title = next(each.title for each in requirements.trainings(session, provider_id) if each.uuid == training)
    begin_write(session)
    requirements.make_exception(
        session, provider_id, member.person_id, training, reason, until=until, now=utc_now(), by=current_person().id
    )
    concerns.carry_out([member.person_id])
    noted("exception.made", member, training=str(training), until=until.isoformat() if until else None)
    db.session.commit()
    end = f" until the end of {words.day(until)}" if until else ""
    flash(f"{member.name} does not need {title}{end}.", "done")
    return redirect(url_for("manager.person", person=member.person_uuid) + "#needed")


@people_bp.post("/<uuid:person>/exceptions/<uuid:exception>/end")
@allows(Role.MANAGER)
def end_exception(person: UUID, exception: UUID) -> ResponseReturnValue:
    """End an exception now. There are 30 days before it can be overdue."""
    member = member_or_404(person)
    begin_write(db.session())
    ended = requirements.end_exception(
        db.session(), member.provider_id, member.person_id, exception, now=utc_now(), by=current_person().id
    )
    if ended:
        concerns.carry_out([member.person_id])
        noted("exception.ended", member)
    db.session.commit()
    if ended:
        flash(f"It is needed of {member.name} again. They have 30 days before it can be overdue.", "done")
    return redirect(url_for("manager.person", person=person) + "#needed")
