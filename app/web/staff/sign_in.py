"""Signing in and out: name and password, or a passkey alone."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app import identity
from app.extensions import db
from app.identity import PasskeyRefused, PersonView
from app.kernel import begin_write, utc_now
from app.web import access
from app.web.access import allows_anyone
from app.web.forms import Problems
from app.web.noting import note_own, note_refused
from app.web.staff import outside, steps
from app.web.staff.blueprint import bp, too_many

# One office behind one address may have several managers mistyping on a Monday morning.
TRIES_PER_ADDRESS = 25
WRONG = "That name and password do not match. Look at both again."
ALONE = "passkey alone"


@bp.route("/sign-in", methods=["GET", "POST"])
@allows_anyone
def sign_in() -> ResponseReturnValue:
    """Ask for name and password. Tries are counted for the name and for the address."""
    target = access.safe_next(request.values.get("next"))
    if request.method == "GET":
        return _page(Problems(), "", target)
    name, password = request.form.get("name", "").strip(), request.form.get("password", "")
    problems = Problems()
    if not name:
        problems.add("name", "Type your sign-in name or e-mail address.")
    if not password:
        problems.add("password", "Type your password.")
    if not problems:
        try:
            person = check_password(name, password)
        except identity.Throttled as error:
            problems.add("name", str(error))
            return too_many(_page(problems, name, target), error)
        if person is not None:
            if identity.has_second_step(db.session(), person.id):
                steps.begin_half(person, target)
                return redirect(url_for(access.SECOND_STEP_PAGE))
            begin_write(db.session())
            access.sign_in(person)
            note_own("sign-in.done")
            db.session.commit()
            return redirect(target or url_for("staff.home"))
        problems.add("name", WRONG)
    return _page(problems, name, target), 400


def _page(problems: Problems, name: str, target: str | None) -> str:
    openid = outside.provider_name()
    return render_template("manager/sign-in.html", problems=problems, name=name, next=target, openid=openid)


def check_password(name: str, password: str) -> PersonView | None:
    """Return the person whose name and password these are, or None. Commits the counts. Raises Throttled."""
    database, now = db.session(), utc_now()
    key = f"staff-name:{identity.clean_sign_in_name(name)}"
    identity.take_try(database, f"staff-address:{access.address()}", now=now, tries=TRIES_PER_ADDRESS)
    left = identity.take_try(database, key, now=now)
    # The tries are counted before the slow check, and the database is free for others meanwhile.
    database.commit()
    person = identity.find_person_by_sign_in_name(database, name)
    if not identity.check_password(database, person.id if person else None, password):
        if person is not None and left == 0:
            begin_write(database)
            note_refused(person, now=now)
            database.commit()
        return None
    begin_write(database)
    # Only the name's: somebody with a password of their own could else try every other name from their address.
    identity.clear_tries(database, key)
    database.commit()
    return person


@bp.post("/sign-in/passkey/options")
@allows_anyone
def passkey_options() -> ResponseReturnValue:
    """Say what a passkey has to answer. The same for everybody: nobody has said yet who they are."""
    challenge = steps.offer_challenge(ALONE, None)
    options = identity.options_to_sign_in(db.session(), None, access.passkey_site(), challenge)
    return Response(options, mimetype="application/json")


@bp.post("/sign-in/passkey")
@allows_anyone
def sign_in_by_passkey() -> ResponseReturnValue:
    """Sign in whoever's passkey answered: it asked for a finger, a face or its own PIN, so it counts as both steps."""
    target = access.safe_next(request.form.get("next"))
    problems = Problems()
    try:
        person = person_of_passkey()
    except identity.Throttled as error:
        problems.add("name", str(error))
        return too_many(_page(problems, "", target), error)
    except PasskeyRefused as error:
        problems.add("name", str(error))
        return _page(problems, "", target), 400
    access.sign_in(person, second_step=True)
    note_own("sign-in.done")
    db.session.commit()
    return redirect(target or url_for("staff.home"))


def person_of_passkey() -> PersonView:
    """Return whose passkey answered the challenge this browser was given. Raises Throttled or PasskeyRefused.

    The caller commits; what is refused is committed here.
    """
    database, now = db.session(), utc_now()
    identity.take_try(database, f"passkey-address:{access.address()}", now=now, tries=access.PASSKEYS_PER_ADDRESS)
    try:
        challenge = steps.take_challenge(ALONE, None)
        if challenge is None:
            raise PasskeyRefused("That took too long. Try your passkey again.")
        passkey = identity.check_passkey(
            database, request.form.get("credential", ""), site=access.passkey_site(), challenge=challenge, now=now
        )
    except PasskeyRefused:
        # The challenge is used up, and the try is counted.
        database.commit()
        raise
    person = identity.find_person(database, passkey.person_id)
    if person is None:  # pragma: no cover - the passkey's row names them
        raise PasskeyRefused("We do not know this person.")
    return person


@bp.post("/sign-out")
@allows_anyone
def sign_out() -> ResponseReturnValue:
    """Sign this browser out."""
    if current_user.is_authenticated:
        access.end_sign_in()
        note_own("sign-in.ended")
        db.session.commit()
    by_openid = access.came_by_openid()
    access.sign_out()
    flash("You are signed out.", "done")
    if by_openid and (name := outside.provider_name()):
        flash(f"{name} may still know you in this browser. On a computer others use, sign out there too.", "note")
    return redirect(url_for("staff.sign_in"))
