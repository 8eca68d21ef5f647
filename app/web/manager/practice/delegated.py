"""Delegated tasks: who may do which task for whom, noting a clinician's paper, withdrawing at once."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import messages, providers
from app.assessment import AssessmentError, delegation
from app.assessment.delegation import DelegationView, NewDelegation
from app.extensions import db
from app.kernel import day_of, utc_now
from app.providers import MemberView, Role
from app.web import words
from app.web.access import allows, current_membership, current_person
from app.web.forms import Problems
from app.web.manager.blueprint import member_or_404, noted
from app.web.manager.days import typed, typed_day
from app.web.manager.practice.blueprint import bp
from app.web.manager.practice.delegated_pages import GROUPS, Overview, rows_of

DAYS = ("seen_on", "valid_until")
WORDS = ("task", "alias", "limits", "clinician", "profession", "organisation", "reach", "rests_on")
STOP = (
    "Stop. Do not do this task any more: {task}, for {alias}. Why: {reason}. "
    "Not sure? Ring the office before the visit."
)
AGAIN = "You may do this task again, until {until}: {task}, for {alias}. Look at its limits under My plan first."


@bp.get("/delegated")
@allows(Role.MANAGER)
def delegated() -> ResponseReturnValue:
    """Show who may do what, for whom and until when; what ends soon, has ended, or was withdrawn."""
    provider_id = current_membership().provider.id
    members = {each.person_id: each for each in providers.list_members(db.session(), provider_id)}
    search, state = request.args.get("q", "").strip()[:100], request.args.get("state", "")
    everything = "all" in request.args
    return render_template(
        "manager/delegation/overview.html",
        page=Overview.of(rows_of(provider_id, members, newest=True), search=search, state=state, everything=everything),
        search=search,
        state=state,
        states=[(key, title) for key, (title, _) in GROUPS.items()],
        carers=any(Role.LEARNER in each.roles for each in members.values()),
        today=words.day(day_of(utc_now())),
    )


@bp.get("/delegated/<uuid:person>")
@allows(Role.MANAGER)
def delegated_person(person: UUID) -> ResponseReturnValue:
    """Show all that was delegated to one person, with what ended, was renewed or withdrawn."""
    return _person_page(member_or_404(person), Problems())


def _person_page(member: MemberView, problems: Problems) -> ResponseReturnValue:
    pairs = rows_of(member.provider_id, {member.person_id: member})
    page = render_template(
        "manager/delegation/person.html",
        member=member,
        current=[row for view, row in pairs if not view.replaced],
        earlier=[row for view, row in pairs if view.replaced],
        problems=problems,
        form=request.form,
    )
    return page, 400 if problems else 200


@bp.route("/delegated/new", methods=["GET", "POST"])
@allows(Role.MANAGER)
def delegate() -> ResponseReturnValue:
    """Note a clinician's signed paper. `?person=` picks the carer, `again=` the paper whose words it begins with."""
    session, provider_id, problems, now = db.session(), current_membership().provider.id, Problems(), utc_now()
    learners = [each for each in providers.list_members(session, provider_id) if Role.LEARNER in each.roles]
    form = dict(request.form) if request.method == "POST" else _begun(provider_id)
    if request.method == "POST":
        member = next((each for each in learners if str(each.person_uuid) == typed("person")), None)
        if member is None:
            problems.add("person", "Pick the carer.")
        elif why_not := providers.why_not_own(session, provider_id, member.person_id, current_person().id):
            problems.add("person", why_not)
        new = _new(day_of(now), problems)
        if member is not None and new is not None:
            try:
                return _give(member, new)
            except AssessmentError as error:
                db.session.rollback()
                problems.add_error(error, "seen_on")
    page = render_template(
        "manager/delegation/form.html",
        learners=[(str(each.person_uuid), each.name) for each in learners],
        problems=problems,
        form=form,
        months=delegation.LONGEST_MONTHS,
    )
    return page, 400 if problems else 200


def _begun(provider_id: int) -> dict[str, str]:
    """Return what a form begins with: never the days, which the clinician sets anew."""
    person, again = _uuid(request.args.get("person", "")), _uuid(request.args.get("again", ""))
    if person is None:
        return {}
    member = member_or_404(person)
    found = delegation.of(db.session(), provider_id, [member.person_id], day_of(utc_now()))
    before = next((each for each in found if each.uuid == again), None)
    return {"person": str(person)} | ({field: getattr(before, field) for field in WORDS} if before else {})


def _new(today: date, problems: Problems) -> NewDelegation | None:
    """Read the form; None, with every problem noted, when something has to be mended."""
    days = Problems()
    seen_on = typed_day(typed("seen_on"), "seen_on", days)
    # Left empty, it is the longest there may be.
    until = typed_day(typed("valid_until"), "valid_until", days, needed=False)
    new = NewDelegation(
        **{field: typed(field) for field in WORDS},
        seen_on=seen_on or today,
        valid_until=until or delegation.last_day(seen_on or today),
        paper=typed("paper") == "yes",
    )
    wrong = [(each.field or "task", str(each)) for each in delegation.problems_of(new, today=today)]
    # Of days that could not be read nothing more is said.
    unread = {field for field, _ in days.lines}
    judged = [line for line in wrong if not (unread and line[0] in DAYS)] + days.lines
    order = (*WORDS[:-1], *DAYS, "rests_on", "paper")
    for field, said in sorted(judged, key=lambda line: order.index(line[0])):
        problems.add(field, said)
    return None if problems else new


def _give(member: MemberView, new: NewDelegation) -> ResponseReturnValue:
    session, now, me = db.session(), utc_now(), current_person().id
    before = delegation.in_force(session, member.provider_id, [member.person_id], day_of(now))
    view = delegation.give(session, member.provider_id, member.person_id, new, now=now, by=me)
    # Whoever was told to stop, and perhaps has not read it yet, is told that it is different now.
    if any(each.withdrawn and each.thread == view.thread for each in before):
        _tell(member, view, AGAIN.format(task=view.task, alias=view.alias, until=words.day(view.valid_until)))
    noted("delegated.noted", member, until=view.valid_until.isoformat(), own=member.person_id == me)
    session.commit()
    flash(f"Noted. {member.name}'s phone shows it the next time it has signal.", "done")
    return redirect(url_for("practice.delegated_person", person=member.person_uuid))


@bp.post("/delegated/<uuid:person>/<uuid:task>/withdraw")
@allows(Role.MANAGER)
def withdraw_delegated(person: UUID, task: UUID) -> ResponseReturnValue:
    """Withdraw a task at once. The carer's phone says so above all else the next time it has signal."""
    member, problems, now = member_or_404(person), Problems(), utc_now()
    session, field = db.session(), f"reason-{task}"
    if not any(view.uuid == task for view, _ in rows_of(member.provider_id, {member.person_id: member})):
        abort(404)
    try:
        view = delegation.withdraw(
            session,
            member.provider_id,
            member.person_id,
            task,
            reason=typed(field),
            now=now,
            by=current_person().id,
        )
    except AssessmentError as error:
        problems.add(field, str(error))
        return _person_page(member, problems)
    if view is None:
        flash("It had ended already, or a newer paper counts. Look below.", "note")
    else:
        _tell(member, view, STOP.format(task=view.task, alias=view.alias, reason=typed(field).rstrip(".")))
        noted("delegated.withdrawn", member, tasks=1)
        session.commit()
        flash(
            f"Withdrawn. {member.name}'s phone says so the next time it has signal. Ring them if a visit is near. "
            "A mistake? Undo it below.",
            "done",
        )
    return redirect(url_for("practice.delegated_person", person=person, _anchor=f"task-{task}"))


@bp.post("/delegated/<uuid:person>/<uuid:task>/bring-back")
@allows(Role.MANAGER)
def bring_back_delegated(person: UUID, task: UUID) -> ResponseReturnValue:
    """Undo a withdrawal that was a mistake. The carer is told, in place of what they were told before."""
    member, now, me = member_or_404(person), utc_now(), current_person().id
    session, provider_id = db.session(), member.provider_id
    if why_not := providers.why_not_own(session, provider_id, member.person_id, me):
        flash(why_not, "note")
        return redirect(url_for("practice.delegated_person", person=person))
    found = None
    if member.ended is None:
        found = delegation.bring_back(session, provider_id, member.person_id, task, now=now, by=me)
    if found is not None:
        _tell(member, found, AGAIN.format(task=found.task, alias=found.alias, until=words.day(found.valid_until)))
        noted("delegated.brought-back", member, own=member.person_id == me)
        session.commit()
        flash(f"Undone. {member.name} may do it again, and their phone says so when it has signal.", "done")
    else:
        flash("There is no withdrawal to undo.", "note")
    return redirect(url_for("practice.delegated_person", person=person, _anchor=f"task-{task}" if found else None))


def _tell(member: MemberView, view: DelegationView, text: str) -> None:
    messages.send(
        db.session(),
        member.provider_id,
        member.person_id,
        text=text,
        kind=messages.Kind.SAFETY,
        by=current_person().id,
        now=utc_now(),
        subject=(messages.subject_of(view),),
    )


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
