"""Security: what a member of staff signs in with, what happened lately, signing out everywhere."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from app import audit, identity
from app.audit import Kind
from app.extensions import db
from app.kernel import utc_now
from app.web import access, words
from app.web.access import STAFF, allows
from app.web.forms import Problems
from app.web.noting import note_own
from app.web.staff import outside, steps
from app.web.staff.blueprint import bp, server_secret, too_many
from app.web.staff.password import old_password_is_right

SHOWN = 10
# What the signed-in person is told of their own trail.
HAPPENED = {
    "sign-in.done": "You signed in",
    "sign-in.ended": "You signed out",
    "sign-in.refused": "Somebody typed a wrong password too often",
    "password.set": "You chose a password",
    "password.given": "You were given a password for one sign-in",
    "second-step.added": "You added a second step",
    "second-step.removed": "A second step was taken away",
    "second-step.codes-made": "You made recovery codes",
    "second-step.code-used": "You used a recovery code",
    "second-step.refused": "Somebody gave a wrong second step too often",
    "sign-in.ended-everywhere": "You were signed out everywhere",
    "openid.linked": "You added an account to sign in with",
    "openid.used": "You came in with an account from elsewhere",
    "openid.ended": "An account to sign in with was taken away",
}


@bp.get("/security")
@allows(*STAFF)
def security() -> ResponseReturnValue:
    """Show how the signed-in person signs in."""
    person, now = access.current_person(), utc_now()
    trail = audit.entries(db.session(), person=person.uuid, kind=Kind.SIGN_IN, limit=5 * SHOWN)
    mine = [
        (words.moment(entry.at, now), HAPPENED[entry.action])
        for entry in trail
        if entry.action in HAPPENED and person.uuid == (entry.subject or entry.actor.person)
    ]
    return render_template(
        "staff/security.html",
        has=identity.second_steps(db.session(), person.id),
        needed=access.needs_second_step(),
        day=words.on,
        happened=mine[:SHOWN],
        openid=outside.provider_name(),
        accounts=identity.links_of(db.session(), person.id),
    )


@bp.get("/security/set-up")
@allows(*STAFF, at_the_door=True)
@steps.recently
def set_up() -> ResponseReturnValue:
    """Offer the two ways of signing in with more than a password."""
    has = identity.second_steps(db.session(), access.current_person().id)
    return render_template("staff/set-up.html", needed=access.needs_second_step(), has=has)


@bp.route("/security/confirm", methods=["GET", "POST"])
@allows(*STAFF, at_the_door=True)
def confirm() -> ResponseReturnValue:
    """Ask for the password again, before anything that could lock somebody else in or out."""
    person = access.current_person()
    target = access.safe_next(request.values.get("next"))
    if not person.has_password:
        return redirect(url_for("staff.password"))
    problems = Problems()
    if request.method == "POST":
        try:
            right = old_password_is_right(person, problems)
            db.session.commit()
        except identity.Throttled as error:
            problems.add("old", str(error))
            return too_many(_confirm_page(problems, target), error)
        if right:
            steps.prove()
            return redirect(target or url_for("staff.security"))
    return _confirm_page(problems, target), 400 if problems else 200


def _confirm_page(problems: Problems, target: str | None) -> str:
    name = access.current_person().sign_in_name
    return render_template("staff/confirm.html", problems=problems, next=target, username=name)


@bp.post("/security/codes")
@allows(*STAFF, at_the_door=True)
@steps.recently
def new_codes() -> ResponseReturnValue:
    """Make recovery codes and show them, this once."""
    if not identity.has_second_step(db.session(), access.current_person().id):
        return redirect(url_for("staff.set_up"))
    return codes_page()


def codes_page() -> ResponseReturnValue:
    """Make ten recovery codes, show them, and commit. What was made before stops working."""
    person = access.current_person()
    codes = identity.make_recovery_codes(db.session(), person.id, secret=server_secret(), now=utc_now())
    note_own("second-step.codes-made")
    db.session.commit()
    return render_template("staff/codes.html", codes=codes, name=person.name)


@bp.post("/security/sign-out-everywhere")
@allows(*STAFF)
def sign_out_everywhere() -> ResponseReturnValue:
    """End every browser's sign-in of this person; this one stays when they ask for it."""
    person, place = access.current_person(), session.get("provider")
    identity.end_sign_ins(db.session(), person.id)
    note_own("sign-in.ended-everywhere")
    db.session.commit()
    if request.form.get("stay"):
        access.sign_in_again(person, provider=place)
        flash("Every other browser is signed out.", "done")
        return redirect(url_for("staff.security"))
    access.sign_out()
    flash("You are signed out everywhere.", "done")
    return redirect(url_for("staff.sign_in"))
