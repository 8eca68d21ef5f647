"""Profiles: what a job needs, and giving it to people: one, a team, many at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import providers, requirements
from app.extensions import db
from app.kernel import begin_write, utc_now
from app.providers import MemberView, Role
from app.requirements import ProfileView, RequirementError
from app.web import words
from app.web.access import allows, current_membership, current_person
from app.web.forms import Problems
from app.web.manager import concerns
from app.web.manager.blueprint import bp as people_bp
from app.web.manager.blueprint import member_or_404, noted
from app.web.manager.concerns import EDIT, SAVE, Done, bp
from app.web.manager.needed_pages import Choice
from app.web.manager.trainings import usual_folder


@bp.get("/profiles")
@allows(Role.MANAGER)
def profiles() -> ResponseReturnValue:
    """Show the jobs there are, and how many people have each."""
    session, provider_id = db.session(), current_membership().provider.id
    theirs = requirements.profiles_of(session, provider_id)
    here = providers.list_members(session, provider_id)
    counted = Counter(each.uuid for member in here for each in theirs.get(member.person_id, ()))
    names = _categories()
    rows = [
        {
            "uuid": each.uuid,
            "title": each.title,
            "category": names.get(each.category or "", ""),
            "trainings": words.count(len(each.trainings), "training", "trainings"),
            "people": words.count(counted[each.uuid], "person has it", "people have it"),
        }
        for each in requirements.profiles(session, provider_id)
    ]
    without = [member for member in here if Role.LEARNER in member.roles and not theirs.get(member.person_id)]
    return render_template("manager/profiles.html", rows=rows, without=without[:10], more=max(0, len(without) - 10))


@bp.route("/profiles/new", methods=["GET", "POST"])
@allows(Role.MANAGER)
def add_profile() -> ResponseReturnValue:
    """Add a profile: nobody has it yet, so it concerns nobody."""
    return _form(None)


@bp.route("/profiles/<uuid:profile>", methods=["GET", "POST"])
@allows(Role.MANAGER)
def profile(profile: UUID) -> ResponseReturnValue:
    """Change what a profile needs: the form, whom it concerns, saved."""
    return _form(_profile_or_404(profile))


@bp.post("/profiles/<uuid:profile>/end")
@allows(Role.MANAGER)
def end_profile(profile: UUID) -> ResponseReturnValue:
    """End a profile, once it was shown whom that concerns."""
    view, provider_id, by = _profile_or_404(profile), current_membership().provider.id, current_person().id

    def change() -> None:
        requirements.end_profile(db.session(), provider_id, view.uuid, now=utc_now(), by=by)

    return concerns.end(
        f"Take the job {view.title} off the list?",
        "Take it off",
        change,
        form=url_for("needed.profile", profile=profile),
        done=Done(
            action="profile.ended",
            details={"profile": str(view.uuid)},
            words=f"The job {view.title} is off the list. That people had it stays known.",
            goes_to=url_for("needed.profiles"),
        ),
    )


@bp.route("/profiles/<uuid:profile>/people", methods=["GET", "POST"])
@allows(Role.MANAGER)
def people(profile: UUID) -> ResponseReturnValue:
    """Give a profile to people and take it from others: ticks, whom it concerns, saved. A team shows only its own."""
    view, provider_id = _profile_or_404(profile), current_membership().provider.id
    session = db.session()
    shown, team = _shown_people(provider_id)
    have = {
        person for person, theirs in requirements.profiles_of(session, provider_id).items() if view.uuid in
        {each.uuid for each in theirs}
    }  # fmt: skip
    ticked = {member.person_id for member in shown if str(member.person_uuid) in request.form.getlist("people")}
    if request.method == "POST" and concerns.step() != EDIT:
        change = _ticks(view, shown, ticked)
        if concerns.step() != SAVE:
            found = concerns.concerned_by(change)
            return concerns.look_page(f"{view.title}: who has it", "Save", found, back="Go on choosing")
        begin_write(session)
        given, taken = change()
        concerns.carry_out([*given, *taken])
        by_id = {member.person_id: member for member in shown}
        for person in given:
            noted("profile.given", by_id[person], profile=str(view.uuid))
        for person in taken:
            noted("profile.taken", by_id[person], profile=str(view.uuid))
        db.session.commit()
        flash(f"{view.title}: {len(given)} more, {len(taken)} fewer.", "done")
        return redirect(url_for("needed.people", profile=profile))
    wanted = ticked if request.method == "POST" else have
    choices = [
        Choice(
            id=f"person-{member.person_uuid}",
            value=str(member.person_uuid),
            label=member.name,
            hint=words.roles(member.roles),
            chosen=member.person_id in wanted,
        )
        for member in shown
    ]
    teams = providers.list_teams(session, provider_id)
    return render_template("manager/profile-people.html", view=view, choices=choices, teams=teams, team=team)


@people_bp.post("/<uuid:person>/profiles")
@allows(Role.MANAGER)
def set_profiles(person: UUID) -> ResponseReturnValue:
    """Say which profiles one person has. It concerns them alone; ticking it again undoes it."""
    member = member_or_404(person)
    session, provider_id, by, now = db.session(), member.provider_id, current_person().id, utc_now()
    if member.ended is not None:
        flash(f"{member.name} has left. Bring them back first.", "note")
        return redirect(url_for("manager.person", person=person))
    chosen = set(request.form.getlist("profiles"))
    begin_write(session)
    for each in requirements.profiles(session, provider_id):
        if str(each.uuid) in chosen:
            if requirements.give(session, provider_id, each.uuid, [member.person_id], now=now, by=by):
                noted("profile.given", member, profile=str(each.uuid))
        elif requirements.take(session, provider_id, each.uuid, [member.person_id], now=now, by=by):
            noted("profile.taken", member, profile=str(each.uuid))
    concerns.carry_out([member.person_id])
    db.session.commit()
    flash(f"The jobs of {member.name} are saved.", "done")
    return redirect(url_for("manager.person", person=person) + "#needed")


def _ticks(
    view: ProfileView, shown: tuple[MemberView, ...], ticked: set[int]
) -> Callable[[], tuple[tuple[int, ...], tuple[int, ...]]]:
    """Return what gives the profile to the ticked and takes it from the others that were shown."""
    provider_id, by, now = current_membership().provider.id, current_person().id, utc_now()

    def change() -> tuple[tuple[int, ...], tuple[int, ...]]:
        others = {member.person_id for member in shown} - ticked
        given = requirements.give(db.session(), provider_id, view.uuid, ticked, now=now, by=by)
        return given, requirements.take(db.session(), provider_id, view.uuid, others, now=now, by=by)

    return change


def _shown_people(provider_id: int) -> tuple[tuple[MemberView, ...], str]:
    """Return the people the page is about: all, or those of the team its address names."""
    members = providers.list_members(db.session(), provider_id)
    team = request.values.get("team", "")
    if not team:
        return members, ""
    teams = providers.teams_of(db.session(), provider_id)
    inside = tuple(m for m in members if team in {str(each.uuid) for each in teams.get(m.person_id, ())})
    return inside, team


def _profile_or_404(uuid: UUID) -> ProfileView:
    known = requirements.profiles(db.session(), current_membership().provider.id)
    found = next((each for each in known if each.uuid == uuid), None)
    if found is None:
        abort(404)
    return found


def _categories() -> dict[str, str]:
    return {each.key: each.name for each in requirements.read_usual(usual_folder()).categories}


def _form(view: ProfileView | None) -> ResponseReturnValue:
    provider_id, by = current_membership().provider.id, current_person().id
    names, problems = _categories(), Problems()
    if request.method == "GET":
        title, category = (view.title, view.category or "") if view else ("", "")
        return _show(view, title, category, {str(each) for each in view.trainings} if view else set(), problems)
    title, category = request.form.get("title", ""), request.form.get("category", "")
    chosen = set(request.form.getlist("trainings"))
    if category and category not in names:
        problems.add("category", "Pick one from the list.")
    wanted = [each.uuid for each in requirements.trainings(db.session(), provider_id) if str(each.uuid) in chosen]

    def change() -> UUID:
        if view is None:
            return requirements.add_profile(
                db.session(), provider_id, title, category or None, wanted, now=utc_now(), by=by
            )
        requirements.change_profile(
            db.session(), provider_id, view.uuid, title, category or None, wanted, now=utc_now(), by=by
        )
        return view.uuid

    if problems or concerns.step() == EDIT:
        return _show(view, title, category, chosen, problems)
    try:
        if view is not None and concerns.step() != SAVE:
            found = concerns.concerned_by(change)
            return concerns.look_page(f"Save {view.title}?", "Save", found, back="Go on changing it")
        begin_write(db.session())
        uuid = change()
    except RequirementError as error:
        db.session.rollback()
        problems.add_error(error, "title")
        return _show(view, title, category, chosen, problems)
    concerns.carry_out()
    noted("profile.changed" if view else "profile.added", profile=str(uuid))
    db.session.commit()
    flash("Saved." if view else "Saved. Next: who has this job?", "done")
    return redirect(url_for("needed.profiles") if view else url_for("needed.people", profile=uuid))


def _show(
    view: ProfileView | None, title: str, category: str, chosen: set[str], problems: Problems
) -> ResponseReturnValue:
    choices = [
        Choice(
            id=f"training-{each.uuid}",
            value=str(each.uuid),
            label=each.title,
            chosen=str(each.uuid) in chosen,
        )
        for each in requirements.trainings(db.session(), current_membership().provider.id)
    ]
    page = render_template(
        "manager/profile.html",
        view=view,
        typed={"title": title, "category": category},
        categories=list(_categories().items()),
        choices=choices,
        problems=problems,
    )
    return page, 400 if problems else 200
