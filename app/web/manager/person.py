"""One person's page, and what a manager does there."""

from __future__ import annotations

from uuid import UUID

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import assessment, compliance, learning, messages, providers
from app.config import Settings
from app.extensions import db
from app.kernel import day_of, utc_now
from app.providers import Role
from app.sync import trail
from app.web import words
from app.web.access import allows, current_membership, current_person
from app.web.forms import Problems
from app.web.manager.blueprint import bp, member_or_404, noted
from app.web.manager.days import typed, typed_day
from app.web.manager.edit_person import details_of
from app.web.manager.library import library_of
from app.web.manager.needed_section import needed_section
from app.web.manager.pages import PersonPage
from app.web.manager.phones import phones_here
from app.web.manager.practice.delegated_pages import delegated_section
from app.web.manager.practice.section import practice_of
from app.web.manager.supervision.section import section_of


@bp.get("/<uuid:person>")
@allows(Role.MANAGER)
def person(person: UUID) -> ResponseReturnValue:
    """Show one person."""
    return _page(person, Problems())


def _page(uuid: UUID, problems: Problems) -> ResponseReturnValue:
    provider_id, now = current_membership().provider.id, utc_now()
    settings: Settings = current_app.extensions["bv.settings"]
    library = library_of(provider_id)
    report = compliance.person_report(db.session(), provider_id, uuid, chains=library.chains, now=now)
    if report is None:
        abort(404)
    person_id = report.member.person_id
    shown = [module.last.record for module in report.modules if module.last]
    arrivals = trail.arrivals_of(db.session(), provider_id, person_id, shown)
    by = {arrival.handed_in_by for arrival in arrivals.values() if arrival.handed_in_by}
    people = [providers.find_member(db.session(), provider_id, each) for each in by]
    page = PersonPage.of(
        report,
        titles=library.titles,
        phones=phones_here(report.member),
        arrivals=arrivals,
        staff={each.person_uuid: each.name for each in people if each},
        waiting=trail.waiting_of(db.session(), provider_id, person_id),
        last=trail.last_arrivals(db.session(), provider_id, [person_id]).get(person_id),
        now=now,
    )
    asked = {module.key for module in page.modules if module.assigned}
    offered = [
        (heading, [(key, library.titles[key]) for key in keys if key not in asked]) for heading, keys in library.groups
    ]
    html = render_template(
        "manager/person.html",
        page=page,
        problems=problems,
        offered=[(heading, modules) for heading, modules in offered if modules],
        module=request.form.get("module", ""),
        due=request.form.get("due", ""),
        own=uuid == current_person().uuid,
        kept=words.count(settings.keep_results_years, "year", "years"),
        details=details_of(report.member),
        practice=practice_of(provider_id, report.member),
        delegated=delegated_section(provider_id, report.member),
        needed=needed_section(report.member, library),
        supervision=section_of(current_membership().provider, report.member),
    )
    return html, 400 if problems else 200


@bp.post("/<uuid:person>/assignments")
@allows(Role.MANAGER)
def assign(person: UUID) -> ResponseReturnValue:
    """Ask a person for a module, by a date or without one."""
    member = member_or_404(person)
    provider_id = current_membership().provider.id
    library = library_of(provider_id)
    module = request.form.get("module", "")
    problems = Problems()
    if module not in library.chains:
        problems.add("module", "Pick a module from the list.")
    due = typed_day(typed("due"), "due", problems, needed=False)
    if due and due < day_of(utc_now()):
        problems.add("due", "This day has passed. Pick today or later, or leave it empty.")
    if member.ended is not None:
        problems.add("module", f"{member.name} has left. Bring them back first.")
    if problems:
        return _page(person, problems)
    if learning.assign(
        db.session(), provider_id, member.person_id, module, due=due, now=utc_now(), by=current_person().id
    ):
        noted("assignment.made", member, module=module, due=due.isoformat() if due else None)
    db.session.commit()
    by = f" by {words.day(due)}" if due else ""
    flash(f"{member.name} is asked for {library.titles.get(module, module)}{by}.", "done")
    return redirect(url_for("manager.person", person=person))


@bp.post("/<uuid:person>/assignments/<key:module>/end")
@allows(Role.MANAGER)
def end_assignment(person: UUID, module: str) -> ResponseReturnValue:
    """Stop asking for a module. What was done stays."""
    member = member_or_404(person)
    provider_id = current_membership().provider.id
    ended = learning.end_assignment(
        db.session(), provider_id, member.person_id, module, now=utc_now(), by=current_person().id
    )
    if ended:
        noted("assignment.ended", member, module=module)
    db.session.commit()
    if ended:
        title = library_of(provider_id).titles.get(module, module)
        flash(f"{member.name} is no longer asked for {title}. Ask again below if that was a mistake.", "done")
    return redirect(url_for("manager.person", person=person))


@bp.post("/<uuid:person>/modules/<key:module>/more-goes")
@allows(Role.MANAGER)
def more_goes(person: UUID, module: str) -> ResponseReturnValue:
    """Let somebody who has had their goes for today have more."""
    member = member_or_404(person)
    provider_id = current_membership().provider.id
    library = library_of(provider_id)
    if module not in library.chains:
        abort(404)
    learning.reset_attempts(db.session(), provider_id, member.person_id, module, now=utc_now(), by=current_person().id)
    noted("goes.reset", member, module=module)
    db.session.commit()
    flash(f"{member.name} can have more goes at {library.titles.get(module, module)} today.", "done")
    return redirect(url_for("manager.person", person=person))


@bp.post("/<uuid:person>/leave")
@allows(Role.MANAGER)
def leave(person: UUID) -> ResponseReturnValue:
    """End a person's place. Nothing is deleted; the page then offers to bring them back."""
    member = member_or_404(person)
    if member.person_id == current_person().id:
        flash("You cannot end your own place. Another manager can.", "note")
        return redirect(url_for("manager.person", person=person))
    provider_id, now = current_membership().provider.id, utc_now()
    providers.end_membership(db.session(), provider_id, member.person_id, now=now)
    if assessment.end_appointments_of(db.session(), provider_id, member.person_id, now=now, by=current_person().id):
        noted("assessor.ended", member)
    if tasks := messages.end_delegated(
        db.session(), provider_id, member.person_id, messages.Over.LEFT, now=now, by=current_person().id
    ):
        noted("delegated.withdrawn", member, tasks=tasks)
    providers.revoke_invites(db.session(), provider_id, member.person_id, now=now)
    if member.ended is None:
        noted("person.archived", member)
    db.session.commit()
    flash(f"{member.name} has left. Their record stays. A mistake? Bring them back below.", "done")
    return redirect(url_for("manager.person", person=person))


@bp.post("/<uuid:person>/return")
@allows(Role.MANAGER)
def bring_back(person: UUID) -> ResponseReturnValue:
    """Give somebody who left their place back, with the roles they had."""
    member = member_or_404(person)
    if member.ended is not None:
        provider_id = current_membership().provider.id
        providers.add_membership(db.session(), provider_id, member.person_id, member.roles, now=utc_now())
        noted("person.restored", member)
        db.session.commit()
        flash(f"{member.name} is back.", "done")
    return redirect(url_for("manager.person", person=person))
