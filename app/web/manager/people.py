"""The list of people, and adding one."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import compliance, providers
from app.extensions import db
from app.kernel import DomainError, utc_now
from app.providers import Role
from app.sync import trail
from app.web import words
from app.web.access import allows, current_membership
from app.web.forms import Problems
from app.web.manager import invites
from app.web.manager.blueprint import bp, noted
from app.web.manager.library import library_of
from app.web.manager.news import news
from app.web.manager.people_page import STATES, PeoplePage, Wanted
from app.web.manager.waiting import waiting


@bp.get("")
@allows(Role.MANAGER)
def people() -> ResponseReturnValue:
    """Show who needs the manager, and everyone else, fifty on a page."""
    provider_id, now = current_membership().provider.id, utc_now()
    library = library_of(provider_id)
    wanted = Wanted.of(request.args)
    everybody = compliance.people_overview(
        db.session(), provider_id, chains=library.chains, now=now, with_ended=wanted.with_left, news=news()
    )
    teams = providers.list_teams(db.session(), provider_id)
    held = providers.teams_of(db.session(), provider_id)
    found = wanted.sift(everybody, held)
    shown = wanted.on_page(found)
    page = PeoplePage.of(
        everybody,
        found=found,
        shown=shown,
        wanted=wanted,
        teams=held,
        titles=library.titles,
        contacts=trail.last_arrivals(db.session(), provider_id, [p.member.person_id for p in shown]),
        now=now,
    )
    return render_template(
        "manager/people.html",
        page=page,
        wanted=wanted,
        teams=teams,
        states=STATES,
        roles=words.ROLES,
        waiting=waiting(provider_id, everybody, now=now),
    )


@bp.route("/add", methods=["GET", "POST"])
@allows(Role.MANAGER)
def add_person() -> ResponseReturnValue:
    """Add a person; a name is enough. Goes on to their code."""
    name = request.form.get("name", "")
    chosen = {role for role in Role if role in request.form.getlist("roles")} or {Role.LEARNER}
    problems = Problems()
    if request.method == "POST":
        provider = current_membership().provider
        try:
            member = providers.add_person(db.session(), provider.id, name, chosen, now=utc_now())
            noted("person.added", member, roles=",".join(sorted(member.roles)))
            invites.make(provider.id, member)
        except DomainError as error:
            db.session.rollback()
            problems.add_error(error, "name")
        else:
            db.session.commit()
            return redirect(url_for("manager.invite", person=member.person_uuid))
    page = render_template("manager/add-person.html", problems=problems, name=name, chosen=chosen, roles=list(Role))
    return page, 400 if problems else 200
