"""A person's details: name, e-mail, staff number, first day, roles, teams. And a manager who gives care themselves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import assessment, messages, providers
from app.extensions import db
from app.kernel import DomainError, day_of, utc_now
from app.providers import MemberView, Role
from app.providers.names import set_name
from app.providers.staff_list import EARLIEST, date_of
from app.web import words
from app.web.access import allows, current_membership, current_person
from app.web.forms import Problems
from app.web.manager import invites
from app.web.manager.blueprint import bp, member_or_404, noted


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """What stands on a person's page of their details. Empty texts where nothing is known."""

    reference: str
    email: str
    teams: str
    registered: bool


def details_of(member: MemberView) -> Details:
    """Return a person's details in words. Three statements, however many people there are."""
    teams = providers.teams_of(db.session(), member.provider_id).get(member.person_id, ())
    named = providers.registered_manager(db.session(), member.provider_id)
    return Details(
        reference=member.reference or "",
        email=member.email or "",
        teams=words.listed([team.name for team in teams]),
        registered=named is not None and named.person_id == member.person_id,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What stands in the form: as it is, or as it was typed."""

    name: str
    email: str
    reference: str
    started: str
    roles: frozenset[str]
    teams: frozenset[str]
    registered: bool

    @classmethod
    def of(cls, member: MemberView) -> Typed:
        """Return the form of somebody as they are."""
        teams = providers.teams_of(db.session(), member.provider_id).get(member.person_id, ())
        return cls(
            name=member.name,
            email=member.email or "",
            reference=member.reference or "",
            started=day_of(member.started).isoformat(),
            roles=frozenset(role.value for role in member.roles),
            teams=frozenset(str(team.uuid) for team in teams),
            registered=details_of(member).registered,
        )

    @classmethod
    def from_form(cls) -> Typed:
        """Return the form as it was sent."""
        return cls(
            name=request.form.get("name", ""),
            email=request.form.get("email", ""),
            reference=request.form.get("reference", ""),
            started=request.form.get("started", "").strip(),
            roles=frozenset(request.form.getlist("roles")),
            teams=frozenset(request.form.getlist("teams")),
            registered="registered" in request.form,
        )


@bp.get("/<uuid:person>/edit")
@allows(Role.MANAGER)
def edit_person(person: UUID) -> ResponseReturnValue:
    """Show the form of a person's details."""
    member = member_or_404(person)
    if member.ended is not None:
        flash(f"{member.name} has left. Bring them back first.", "note")
        return redirect(url_for("manager.person", person=person))
    return _form(member, Typed.of(member), Problems())


@bp.post("/<uuid:person>/edit")
@allows(Role.MANAGER)
def save_person(person: UUID) -> ResponseReturnValue:
    """Keep a person's details. All of it or nothing; each thing that changed is noted."""
    member = member_or_404(person)
    typed, problems = Typed.from_form(), Problems()
    if member.ended is not None:
        return edit_person(person)
    started = date_of(typed.started)
    if typed.started and (started is None or not EARLIEST <= started <= day_of(utc_now())):
        problems.add("started", "Type a day that has been, such as 31/12/2025. Or leave it as it was.")
    if not problems:
        try:
            changed = _keep(member, typed, started)
        except DomainError as error:
            db.session.rollback()
            problems.add_error(error, "name")
    if problems:
        return _form(member, typed, problems), 400
    for action in changed:
        more = {"roles": ",".join(sorted(typed.roles))} if action == "person.roles-changed" else {}
        noted(action, member, **more)
    db.session.commit()
    return _after(member, typed)


def _keep(member: MemberView, typed: Typed, started: date | None) -> list[str]:
    """Change what is new; return the actions to note. Raises DomainError with the field to mend."""
    session, place, person_id, now = db.session(), member.provider_id, member.person_id, utc_now()
    wanted = Typed.of(member)
    changed = []
    if set_name(session, place, person_id, typed.name):
        changed.append("person.renamed")
    after = providers.set_details(session, place, person_id, reference=typed.reference, email=typed.email)
    moved = started is not None and started.isoformat() != wanted.started
    if moved and started is not None:
        providers.set_started(session, place, person_id, started)
    if moved or (after.reference, after.email) != (member.reference, member.email):
        changed.append("person.details-changed")
    if wanted.registered and not typed.registered:
        providers.set_registered_manager(session, place, None, now=now)
        changed.append("registered-manager.ended")
    if typed.roles != wanted.roles:
        roles = [role for role in Role if role in typed.roles]
        providers.change_roles(session, place, person_id, roles)
        changed.append("person.roles-changed")
        if Role.ASSESSOR not in roles and assessment.end_appointments_of(
            session, place, person_id, now=now, by=current_person().id
        ):
            changed.append("assessor.ended")
        if Role.LEARNER not in roles:
            _end_tasks(member)
    if typed.registered and not wanted.registered:
        providers.set_registered_manager(session, place, person_id, now=now)
        changed.append("registered-manager.named")
    teams = [team.uuid for team in providers.list_teams(session, place) if str(team.uuid) in typed.teams]
    if providers.set_teams(session, place, person_id, teams, now=now):
        changed.append("person.teams-changed")
    return changed


def _end_tasks(member: MemberView) -> None:
    """Withdraw the delegated tasks of somebody who is no carer any more. The caller commits."""
    by = current_person().id
    no_carer = messages.Over.NO_CARER
    if tasks := messages.end_delegated(
        db.session(), member.provider_id, member.person_id, no_carer, now=utc_now(), by=by
    ):
        noted("delegated.withdrawn", member, tasks=tasks)


def _after(member: MemberView, typed: Typed) -> ResponseReturnValue:
    if member.person_id == current_person().id and Role.MANAGER not in typed.roles:
        flash("You are no longer manager here. It is kept.", "done")
        return redirect(url_for("staff.home" if typed.roles - {Role.LEARNER} else "public.front"))
    name = " ".join(typed.name.split())
    needs_code = Role.LEARNER in typed.roles and not member.has_pin
    more = " Now make a code for their phone." if needs_code and Role.LEARNER not in member.roles else ""
    flash(f"The details of {name} are kept.{more}", "done")
    return redirect(url_for("manager.person", person=member.person_uuid))


def _form(member: MemberView, typed: Typed, problems: Problems) -> str:
    return render_template(
        "manager/edit-person.html",
        member=member,
        typed=typed,
        problems=problems,
        roles=list(Role),
        teams=providers.list_teams(db.session(), member.provider_id),
        own=member.person_id == current_person().id,
    )


@bp.post("/learn-too")
@allows(Role.MANAGER)
def learn_too() -> ResponseReturnValue:
    """Make a manager who gives care themselves a carer too, and give them a code for their own phone."""
    place = current_membership()
    member = member_or_404(current_person().uuid)
    if Role.LEARNER not in member.roles:
        roles = place.roles | {Role.LEARNER}
        providers.change_roles(db.session(), place.provider.id, member.person_id, roles)
        noted("person.roles-changed", member, roles=",".join(sorted(roles)))
    invites.make(place.provider.id, member)
    db.session.commit()
    return redirect(url_for("manager.invite", person=member.person_uuid))
