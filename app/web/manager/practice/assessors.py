"""Naming assessors: who, for which standards, on which days, and why they are competent."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import assessment, audit, providers
from app.assessment import AssessmentError
from app.extensions import db
from app.kernel import day_of, utc_now
from app.providers import MemberView, Role
from app.web.access import actor, allows, current_membership, current_person
from app.web.forms import Problems
from app.web.manager.days import typed, typed_day
from app.web.manager.practice.blueprint import bp
from app.web.manager.practice.pages import AssessorRow
from app.web.manager.practice.words import standards_of


@bp.route("/assessors", methods=["GET", "POST"])
@allows(Role.MANAGER)
def assessors() -> ResponseReturnValue:
    """Show who may assess what, and name somebody."""
    session, provider = db.session(), current_membership().provider
    problems = Problems()
    members = [m for m in providers.list_members(session, provider.id) if Role.ASSESSOR in m.roles]
    if request.method == "POST":
        try:
            member = _name(members, problems)
        except AssessmentError as error:
            session.rollback()
            problems.add_error(error, "person")
        else:
            if member is not None:
                session.commit()
                flash(f"{member.name} may now decide about practice, on their own phone.", "done")
                return redirect(url_for("practice.assessors"))
    today = day_of(utc_now())
    with_role = [member.person_uuid for member in members]
    rows = [
        AssessorRow.of(each, today=today, assessors=with_role) for each in assessment.appointments(session, provider.id)
    ]
    page = render_template(
        "manager/practice/assessors.html",
        current=[row for row in rows if not row.ended],
        over=[row for row in rows if row.ended],
        members=members,
        standards=[s for s in assessment.practice_standards(session) if s.criteria],
        problems=problems,
        form=request.form,
        chosen=request.form.getlist("standards"),
        today=today.isoformat(),
    )
    return page, 400 if problems else 200


def _name(members: list[MemberView], problems: Problems) -> MemberView | None:
    """Name whom the form says; None, with problems, when something has to be mended first."""
    member = next((m for m in members if str(m.person_uuid) == typed("person")), None)
    if member is None:
        problems.add("person", "Pick somebody.")
    standards: list[int] | None = None
    if request.form.get("scope", "all") != "all":
        known = {standard.number for standard in assessment.practice_standards(db.session())}
        sent = [number for number in request.form.getlist("standards") if number.isdecimal()]
        standards = [int(number) for number in sent if len(number) < 4 and int(number) in known]
        if not standards:
            problems.add("standards", "Tick at least one standard, or pick all of them.")
    if not typed("basis"):
        problems.add("basis", "Say why they are competent, such as a qualification and years of work.")
    since = typed_day(typed("since"), "since", problems)
    until = typed_day(typed("until"), "until", problems, needed=False)
    if problems or member is None or since is None:
        return None
    now = utc_now()
    assessment.name_assessor(
        db.session(),
        member.provider_id,
        member.person_id,
        standards=standards,
        basis=typed("basis"),
        since=since,
        until=until,
        now=now,
        by=current_person().id,
    )
    audit.note(
        db.session(),
        "assessor.named",
        actor=actor(),
        now=now,
        provider=current_membership().provider.uuid,
        subject=member.person_uuid,
        details={
            "standards": "all" if standards is None else ",".join(map(str, sorted(standards))),
            "since": since.isoformat(),
            "until": until.isoformat() if until else None,
        },
    )
    return member


@bp.post("/assessors/<uuid:appointment>/end")
@allows(Role.MANAGER)
def end(appointment: UUID) -> ResponseReturnValue:
    """End an appointment from today on. What was seen before goes on counting."""
    session, provider, now = db.session(), current_membership().provider, utc_now()
    found = next((a for a in assessment.appointments(session, provider.id) if a.uuid == appointment), None)
    ended = assessment.end_appointment(session, provider.id, appointment, now=now, by=current_person().id)
    if found is not None and ended is not None:
        audit.note(session, "assessor.ended", actor=actor(), now=now, provider=provider.uuid, subject=found.assessor)
    session.commit()
    if found is not None and ended is not None:
        flash(
            f"{found.name} is not an assessor for {standards_of(found.standards).lower()} any more. "
            "What they saw until today counts. Name them again below if that was a mistake.",
            "done",
        )
    return redirect(url_for("practice.assessors"))
