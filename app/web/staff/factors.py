"""Adding a second step and taking one away: an authenticator app, passkeys."""

from __future__ import annotations

import io
from uuid import UUID

import segno
from flask import Response, abort, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from app import identity
from app.extensions import db
from app.identity import LastFactor, PasskeyRefused
from app.kernel import utc_now
from app.web import access
from app.web.access import STAFF, allows
from app.web.forms import Problems
from app.web.noting import note_own
from app.web.staff import steps
from app.web.staff.blueprint import bp, server_secret, too_many
from app.web.staff.security import codes_page

ADD = "add a passkey"
OFFERED = "offered_app"


@bp.route("/security/app", methods=["GET", "POST"])
@allows(*STAFF, at_the_door=True)
@steps.recently
def add_app() -> ResponseReturnValue:
    """Show a secret for an authenticator app, and keep it once a code shows that the app has it."""
    person, database, now = access.current_person(), db.session(), utc_now()
    base32 = _offered()
    problems = Problems()
    if request.method == "GET" or base32 is None:
        if request.method == "POST":
            problems.add("code", "That took too long. Add this new one to your app.")
        session[OFFERED] = identity.new_totp(person.uuid, secret=server_secret())
        base32 = _offered()
    else:
        key = f"new-app:{person.uuid}"
        try:
            identity.take_try(database, key, now=now)
        except identity.Throttled as error:
            problems.add("code", str(error))
            return too_many(_app_page(base32, problems), error)
        if identity.keep_totp(
            database, person.id, base32, request.form.get("code", ""), secret=server_secret(), now=now
        ):
            identity.clear_tries(database, key)
            session.pop(OFFERED, None)
            return _added("Your app is added.")
        database.commit()
        problems.add("code", "That code does not fit. Wait for the app's next code, then type it.")
    return _app_page(base32 or "", problems), 400 if problems else 200


def _offered() -> str | None:
    sealed = session.get(OFFERED)
    person = access.current_person()
    return identity.offered_totp(sealed, person.uuid, secret=server_secret()) if sealed else None


def _app_page(base32: str, problems: Problems) -> str:
    groups = " ".join(base32[i : i + 4] for i in range(0, len(base32), 4))
    has = identity.second_steps(db.session(), access.current_person().id)
    return render_template("staff/app.html", typed=groups, problems=problems, again=has.app_added_at is not None)


@bp.get("/security/app.svg")
@allows(*STAFF, at_the_door=True)
@steps.recently
def app_qr() -> ResponseReturnValue:
    """Draw the QR code of the secret this browser was just offered."""
    base32 = _offered()
    if base32 is None:
        abort(404)
    person = access.current_person()
    account = person.sign_in_name or person.name
    out = io.BytesIO()
    qr = segno.make(identity.totp_address(base32, account=account, issuer="Between Visits"), error="m", micro=False)
    # Dark on white with its quiet zone, also in dark mode: cameras need it.
    qr.save(out, kind="svg", scale=6, border=4, light="#fff", dark="#000", xmldecl=False, svgns=True)
    return Response(out.getvalue(), mimetype="image/svg+xml")


@bp.route("/security/passkey", methods=["GET", "POST"])
@allows(*STAFF, at_the_door=True)
@steps.recently
def add_passkey() -> ResponseReturnValue:
    """Add a passkey. The page's script asks the browser for it and sends what it answers with this form."""
    problems = Problems()
    name = request.form.get("name", "")
    if request.method == "POST":
        person, database = access.current_person(), db.session()
        try:
            challenge = steps.take_challenge(ADD, person.uuid)
            if challenge is None:
                raise PasskeyRefused("That took too long. Try again.")
            identity.add_passkey(
                database,
                person.id,
                request.form.get("credential", ""),
                site=access.passkey_site(),
                challenge=challenge,
                name=name,
                now=utc_now(),
            )
        except PasskeyRefused as error:
            database.commit()
            problems.add("name", str(error))
        else:
            return _added("Your passkey is added.")
    return render_template("staff/passkey.html", problems=problems, name=name), 400 if problems else 200


@bp.post("/security/passkey/options")
@allows(*STAFF, at_the_door=True)
@steps.recently
def add_passkey_options() -> ResponseReturnValue:
    """Say what the browser is to make."""
    person = access.current_person()
    challenge = steps.offer_challenge(ADD, person.uuid)
    options = identity.options_to_add(db.session(), person.id, access.passkey_site(), challenge)
    return Response(options, mimetype="application/json")


def _added(done: str) -> ResponseReturnValue:
    """Commit a new second step. The first comes with recovery codes; other browsers then have to show it too."""
    person = access.current_person()
    note_own("second-step.added")
    first = not access.has_shown_second_step()
    place = session.get("provider")
    access.sign_in_again(person, provider=place, second_step=True)
    flash(done, "done")
    if first or not identity.recovery_codes_left(db.session(), person.id):
        return codes_page()
    db.session.commit()
    return redirect(url_for("staff.security"))


@bp.post("/security/app/remove")
@allows(*STAFF)
@steps.recently
def remove_app() -> ResponseReturnValue:
    """Take the authenticator app away."""
    person = access.current_person()
    try:
        gone = identity.remove_app(db.session(), person.id, needs_one=access.needs_second_step())
    except LastFactor as error:
        return _kept(error)
    return _removed("Your app is taken away." if gone else "")


@bp.post("/security/passkey/<uuid:passkey>/remove")
@allows(*STAFF)
@steps.recently
def remove_passkey(passkey: UUID) -> ResponseReturnValue:
    """Take one of the signed-in person's passkeys away."""
    person = access.current_person()
    try:
        gone = identity.remove_passkey(db.session(), person.id, passkey, needs_one=access.needs_second_step())
    except LastFactor as error:
        return _kept(error)
    return _removed("That passkey is taken away." if gone else "")


def _kept(error: LastFactor) -> ResponseReturnValue:
    db.session.rollback()
    flash(str(error), "note")
    return redirect(url_for("staff.security"))


def _removed(done: str) -> ResponseReturnValue:
    if done:
        note_own("second-step.removed")
        db.session.commit()
        flash(done, "done")
    return redirect(url_for("staff.security"))
