"""Training from elsewhere: noting it, booking it, accepting or refusing it, and its file."""

from __future__ import annotations

from uuid import UUID

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import requirements
from app.extensions import db
from app.kernel import begin_write, utc_now
from app.providers import MemberView, Role
from app.requirements import LARGEST_FILE, CheckedFile, Had, OutsideState, RequirementError
from app.web import words
from app.web.access import allows, current_person
from app.web.forms import Problems
from app.web.manager import concerns
from app.web.manager.blueprint import bp, member_or_404, noted
from app.web.manager.days import typed_day

FIELDS = ("kind", "training", "title", "taught_by", "taken_on", "valid_until", "booked_for", "reason", "decision")
# Nothing in it may run, load or be shown inside another page, whatever it is.
FILE_POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'"
DECIDED = {
    OutsideState.ACCEPTED: ("outside.accepted", "is accepted"),
    OutsideState.REFUSED: ("outside.refused", "is refused"),
    OutsideState.CALLED_OFF: ("outside.called-off", "is called off"),
}


@bp.route("/<uuid:person>/outside", methods=["GET", "POST"])
@allows(Role.MANAGER)
def note_outside(person: UUID) -> ResponseReturnValue:
    """Note a training somebody had elsewhere, with its certificate, or that they are booked on one."""
    member = member_or_404(person)
    problems = Problems()
    typed = {name: request.values.get(name, "") for name in FIELDS}
    typed["kind"] = typed["kind"] if typed["kind"] in ("taken", "booked") else "taken"
    if request.method == "POST":
        try:
            had = _read(member, typed, problems)
            if had is not None and not problems:
                return _keep(member, had, typed)
        except RequirementError as error:
            db.session.rollback()
            problems.add_error(error, "title")
        if request.files.get("file"):
            problems.add("file", "Pick the file again: a browser does not keep it.")
    known = requirements.trainings(db.session(), member.provider_id)
    offered = [each for each in known if each.elsewhere is not requirements.Elsewhere.NO]
    page = render_template("manager/outside.html", member=member, typed=typed, known=offered, problems=problems)
    return page, 400 if problems else 200


@bp.post("/<uuid:person>/outside/<uuid:outside>/decide")
@allows(Role.MANAGER)
def decide_outside(person: UUID, outside: UUID) -> ResponseReturnValue:
    """Accept or refuse a training from elsewhere with a reason, or call a booking off. The latest decision counts."""
    member = member_or_404(person)
    view = _view_or_404(member, outside)
    try:
        decision = OutsideState(request.form.get("decision", ""))
        action, said = DECIDED[decision]
    except (ValueError, KeyError):
        abort(400)
    begin_write(db.session())
    try:
        done = requirements.decide_outside(
            db.session(),
            member.provider_id,
            member.person_id,
            outside,
            decision,
            request.form.get("reason", ""),
            now=utc_now(),
            by=current_person().id,
        )
    except RequirementError as error:
        db.session.rollback()
        problems = Problems()
        problems.add_error(error, "reason")
        page = render_template(
            "manager/outside-decide.html",
            member=member,
            view=view,
            decision=decision.value,
            reason=request.form.get("reason", ""),
            problems=problems,
        )
        return page, 400
    if not done:
        abort(404)
    concerns.carry_out([member.person_id])
    noted(action, member, training=str(view.uuid))
    db.session.commit()
    flash(f"{view.title} {said}. A mistake? Decide again below: the latest counts.", "done")
    return redirect(url_for("manager.person", person=person) + "#outside")


@bp.get("/<uuid:person>/outside/<uuid:outside>/file")
@allows(Role.MANAGER)
def outside_file(person: UUID, outside: UUID) -> ResponseReturnValue:
    """Hand out a certificate's file, to be saved: never shown or run as a page of ours."""
    member = member_or_404(person)
    found = requirements.outside_file(db.session(), member.provider_id, member.person_id, outside)
    if found is None:
        abort(404)
    file, body = found
    reply = current_app.response_class(body, mimetype=file.type)
    reply.headers.set("Content-Disposition", "attachment", filename=file.name)
    reply.headers["Content-Security-Policy"] = FILE_POLICY
    reply.headers["Cache-Control"] = "no-store"
    return reply


def _view_or_404(member: MemberView, uuid: UUID) -> requirements.OutsideView:
    theirs = requirements.outside(db.session(), member.provider_id, people=[member.person_id])
    found = next((each for each in theirs if each.uuid == uuid), None)
    if found is None:
        abort(404)
    return found


def _read(member: MemberView, typed: dict[str, str], problems: Problems) -> Had | None:
    """Read the form. What cannot be read stands in `problems`. Raises RequirementError for the file."""
    known = {str(each.uuid): each for each in requirements.trainings(db.session(), member.provider_id)}
    training = known.get(typed["training"])
    if typed["training"] and training is None:
        problems.add("training", "Pick one from the list, or none of them.")
    title = typed["title"] or (training.title if training else "")
    if typed["kind"] == "booked":
        day = typed_day(typed["booked_for"], "booked_for", problems)
        return Had(
            training=training.uuid if training else None, title=title, taught_by=typed["taught_by"], booked_for=day
        )
    taken = typed_day(typed["taken_on"], "taken_on", problems)
    ends = typed_day(typed["valid_until"], "valid_until", problems, needed=False)
    if typed["decision"] == "accepted" and len(typed["reason"].strip()) < 5:
        problems.add("reason", "Say why you accept it, such as: I have seen the certificate.")
    return Had(
        training=training.uuid if training else None,
        title=title,
        taught_by=typed["taught_by"],
        taken_on=taken,
        valid_until=ends,
        file=_file(),
    )


def _file() -> CheckedFile | None:
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        return None
    with sent.stream as stream:
        return requirements.checked_file(sent.filename, stream.read(LARGEST_FILE + 1))


def _keep(member: MemberView, had: Had, typed: dict[str, str]) -> ResponseReturnValue:
    session, now, by = db.session(), utc_now(), current_person().id
    begin_write(session)
    uuid = requirements.note_outside(session, member.provider_id, member.person_id, had, now=now, by=by)
    if had.booked_for is not None:
        noted("outside.booked", member, training=str(uuid), day=had.booked_for.isoformat())
        told = f"{member.name} is booked on {had.title} for {words.day(had.booked_for)}."
    else:
        noted("outside.noted", member, training=str(uuid))
        told = f"{had.title} is noted. It counts once it is accepted."
        if typed["decision"] == "accepted":
            requirements.decide_outside(
                session,
                member.provider_id,
                member.person_id,
                uuid,
                OutsideState.ACCEPTED,
                typed["reason"],
                now=now,
                by=by,
            )
            noted("outside.accepted", member, training=str(uuid))
            told = f"{had.title} is noted and accepted."
    concerns.carry_out([member.person_id])
    db.session.commit()
    flash(told, "done")
    return redirect(url_for("manager.person", person=member.person_uuid) + "#outside")
