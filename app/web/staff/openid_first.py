"""The first sign-in with an account of the OpenID provider: whose e-mail it has shows once who they are here.

An e-mail address alone opens nothing: addresses are given to others when somebody leaves, and providers get them wrong.
"""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import identity
from app.extensions import db
from app.identity import PasskeyRefused, PersonView
from app.kernel import begin_write
from app.web import access
from app.web.access import allows_anyone
from app.web.forms import Problems
from app.web.noting import note_own
from app.web.staff import outside, steps
from app.web.staff.blueprint import bp, too_many
from app.web.staff.outside import Claim
from app.web.staff.sign_in import check_password, person_of_passkey

WRONG = "That is not the password of that person here. Look at it again."
OTHERS = "That passkey is somebody else’s. Use your own, or type your password."


@bp.route("/sign-in/openid/first", methods=["GET", "POST"])
@allows_anyone
def openid_first() -> ResponseReturnValue:
    """Ask for the password once, and for the second step if there is one. Then the account is kept."""
    found = outside.held() if outside.client_or_404() else None
    if found is None:
        return _too_late()
    claim, person = found
    if request.method == "GET":
        return _page(claim, person, Problems())
    problems = Problems()
    password = request.form.get("password", "")
    if not password:
        problems.add("password", "Type your password.")
        return _page(claim, person, problems), 400
    try:
        known = check_password(person.sign_in_name or "", password)
    except identity.Throttled as error:
        problems.add("password", str(error))
        return too_many(_page(claim, person, problems), error)
    if known is None or known.uuid != person.uuid:
        problems.add("password", WRONG)
        return _page(claim, person, problems), 400
    if identity.has_second_step(db.session(), person.id):
        steps.begin_half(person, claim.target, claim=claim)
        return redirect(url_for(access.SECOND_STEP_PAGE))
    begin_write(db.session())
    return _come_in(claim, person, second_step=False)


@bp.post("/sign-in/openid/first/passkey")
@allows_anyone
def openid_first_by_passkey() -> ResponseReturnValue:
    """Take a passkey instead: it counts as both steps."""
    found = outside.held() if outside.client_or_404() else None
    if found is None:
        return _too_late()
    claim, person = found
    problems = Problems()
    try:
        known = person_of_passkey()
    except identity.Throttled as error:
        problems.add("password", str(error))
        return too_many(_page(claim, person, problems), error)
    except PasskeyRefused as error:
        problems.add("password", str(error))
        return _page(claim, person, problems), 400
    if known.uuid != person.uuid:
        db.session.commit()
        problems.add("password", OTHERS)
        return _page(claim, person, problems), 400
    return _come_in(claim, person, second_step=True)


def _come_in(claim: Claim, person: PersonView, *, second_step: bool) -> ResponseReturnValue:
    access.sign_in(person, second_step=second_step)
    outside.keep(claim, person)
    note_own("sign-in.done")
    db.session.commit()
    return redirect(access.safe_next(claim.target) or url_for("staff.home"))


def _page(claim: Claim, person: PersonView, problems: Problems) -> str:
    return render_template(
        "staff/openid-first.html",
        problems=problems,
        provider=outside.provider_name(),
        shown=claim.shown,
        username=person.sign_in_name,
    )


def _too_late() -> ResponseReturnValue:
    flash("That took too long. Sign in again.", "note")
    return redirect(url_for("staff.sign_in"))
