"""The teams page: adding, naming, putting away, and who is in each."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import providers
from app.extensions import db
from app.kernel import utc_now
from app.providers import MemberView, ProviderError, Role, TeamView
from app.web.access import allows, current_membership
from app.web.forms import Problems
from app.web.manager.blueprint import bp, noted


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamCard:
    """One team with who is in it."""

    team: TeamView
    people: tuple[MemberView, ...]


@bp.get("/teams")
@allows(Role.MANAGER)
def teams() -> ResponseReturnValue:
    """Show every team and who is in it."""
    return _page(Problems())


@bp.post("/teams")
@allows(Role.MANAGER)
def add_team() -> ResponseReturnValue:
    """Add a team."""
    name, problems = request.form.get("name", ""), Problems()
    try:
        team = providers.add_team(db.session(), current_membership().provider.id, name, now=utc_now())
    except ProviderError as error:
        db.session.rollback()
        problems.add_error(error, "name")
        return _page(problems, name=name)
    noted("team.added", team=str(team.uuid))
    db.session.commit()
    flash(f"{team.name} is a team now. Put people into it on their pages, or with a list.", "done")
    return redirect(url_for("manager.teams"))


@bp.post("/teams/<uuid:team>/name")
@allows(Role.MANAGER)
def rename_team(team: UUID) -> ResponseReturnValue:
    """Give a team another name."""
    before, name, problems = _team_or_404(team), request.form.get("name", ""), Problems()
    try:
        after = providers.rename_team(db.session(), current_membership().provider.id, team, name)
    except ProviderError as error:
        db.session.rollback()
        problems.add(f"name-{team}", str(error))
        return _page(problems, name=name)
    if after.name != before.name:
        noted("team.renamed", team=str(team))
        flash(f"{before.name} is called {after.name} now.", "done")
    db.session.commit()
    return redirect(url_for("manager.teams"))


@bp.post("/teams/<uuid:team>/put-away")
@allows(Role.MANAGER)
def put_team_away(team: UUID) -> ResponseReturnValue:
    """Put a team away. Nobody leaves; the page offers to bring it back."""
    found = _team_or_404(team)
    providers.put_team_away(db.session(), current_membership().provider.id, team, now=utc_now())
    noted("team.put-away", team=str(team))
    db.session.commit()
    flash(f"{found.name} is put away. A mistake? Bring it back below.", "done")
    return redirect(url_for("manager.teams"))


@bp.post("/teams/<uuid:team>/bring-back")
@allows(Role.MANAGER)
def bring_team_back(team: UUID) -> ResponseReturnValue:
    """Take a team up again, with who was in it."""
    found, problems = _team_or_404(team), Problems()
    try:
        providers.bring_team_back(db.session(), current_membership().provider.id, team, now=utc_now())
    except ProviderError as error:
        db.session.rollback()
        problems.add(f"away-{team}", str(error))
        return _page(problems)
    noted("team.brought-back", team=str(team))
    db.session.commit()
    flash(f"{found.name} is back, with those who were in it and work here now.", "done")
    return redirect(url_for("manager.teams"))


def _team_or_404(team: UUID) -> TeamView:
    found = providers.find_team(db.session(), current_membership().provider.id, team)
    if found is None:
        abort(404)
    return found


def _page(problems: Problems, *, name: str = "") -> ResponseReturnValue:
    provider_id = current_membership().provider.id
    inside: dict[int, list[MemberView]] = defaultdict(list)
    held = providers.teams_of(db.session(), provider_id)
    people = providers.list_members(db.session(), provider_id)
    for member in people:
        for team in held.get(member.person_id, ()):
            inside[team.id].append(member)
    current = providers.list_teams(db.session(), provider_id)
    page = render_template(
        "manager/teams.html",
        problems=problems,
        name=name,
        cards=[TeamCard(team=team, people=tuple(inside[team.id])) for team in current],
        without=sum(member.person_id not in held for member in people),
        away=providers.list_teams(db.session(), provider_id, put_away=True),
    )
    return page, 400 if problems else 200
