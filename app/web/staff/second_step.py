"""The second step: a code from an app, a recovery code, or a passkey. Works with scripts off but for the passkey."""

from __future__ import annotations

from datetime import timedelta

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import identity
from app.extensions import db
from app.identity import PasskeyRefused, PersonView
from app.kernel import begin_write, utc_now
from app.web import access, words
from app.web.access import allows_anyone
from app.web.forms import Problems
from app.web.noting import note_own, note_refused
from app.web.staff import steps
from app.web.staff.blueprint import bp, server_secret, too_many

STEP = "second step"
# Somebody with the password alone gets 5 tries in a quarter of an hour, and no more than 20 a day.
TRIES_PER_DAY = 20
TRIES_PER_ADDRESS = 50
DAY = timedelta(days=1)
WRONG = "That code does not fit. Wait for the app's next code, or look at it again."


@bp.route("/second-step", methods=["GET", "POST"])
@allows_anyone
def second_step() -> ResponseReturnValue:
    """Ask for a code from somebody who has given their password."""
    person = steps.half_signed_in()
    if person is None:
        return _start_again()
    if request.method == "GET":
        return _page(person, Problems())
    problems = Problems()
    typed = request.form.get("code", "")
    if not typed.strip():
        problems.add("code", "Type the 6 digits from your app, or a recovery code.")
        return _page(person, problems), 400
    try:
        by_app = _check(person, typed)
    except identity.Throttled as error:
        problems.add("code", str(error))
        return too_many(_page(person, problems), error)
    if by_app is None:
        problems.add("code", WRONG)
        return _page(person, problems), 400
    reply = steps.finish(person)
    if not by_app:
        left = identity.recovery_codes_left(db.session(), person.id)
        flash(
            f"You used a recovery code. {words.count(left, 'code is', 'codes are')} left. "
            "Lost your phone or key? Take it away under Security.",
            "note",
        )
        note_own("second-step.code-used")
    note_own("sign-in.done")
    db.session.commit()
    return reply


def _page(person: PersonView, problems: Problems) -> str:
    has = identity.second_steps(db.session(), person.id)
    return render_template("staff/second-step.html", problems=problems, has=has, name=person.name.split()[0])


def _check(person: PersonView, typed: str) -> bool | None:
    """Return whether the code is the app's (True) or a recovery code (False); None when neither. Raises Throttled."""
    database, now = db.session(), utc_now()
    keys = (f"second-step:{person.uuid}", f"second-step-day:{person.uuid}")
    identity.take_try(database, f"second-step-address:{access.address()}", now=now, tries=TRIES_PER_ADDRESS)
    identity.take_try(database, keys[1], now=now, tries=TRIES_PER_DAY, window=DAY)
    left = identity.take_try(database, keys[0], now=now)
    # Counted before it is judged: of many sent at once, five are judged.
    database.commit()
    begin_write(database)
    by_app = identity.clean_totp(typed) is not None
    check = identity.check_totp if by_app else identity.use_recovery_code
    if check(database, person.id, typed, secret=server_secret(), now=now):
        for key in keys:
            identity.clear_tries(database, key)
        return by_app
    if left == 0:
        note_refused(person, now=now, action="second-step.refused")
    database.commit()
    return None


@bp.post("/second-step/passkey/options")
@allows_anyone
def second_step_options() -> ResponseReturnValue:
    """Say what this person's passkey has to answer."""
    person = steps.half_signed_in()
    if person is None:
        abort(401)
    challenge = steps.offer_challenge(STEP, person.uuid)
    options = identity.options_to_sign_in(db.session(), person.id, access.passkey_site(), challenge)
    return Response(options, mimetype="application/json")


@bp.post("/second-step/passkey")
@allows_anyone
def second_step_by_passkey() -> ResponseReturnValue:
    """Take a passkey as the second step."""
    person = steps.half_signed_in()
    if person is None:
        return _start_again()
    database, now = db.session(), utc_now()
    problems = Problems()
    try:
        identity.take_try(database, f"passkey-address:{access.address()}", now=now, tries=TRIES_PER_ADDRESS)
        challenge = steps.take_challenge(STEP, person.uuid)
        if challenge is None:
            raise PasskeyRefused("That took too long. Try your passkey again.")
        identity.check_passkey(
            database,
            request.form.get("credential", ""),
            site=access.passkey_site(),
            challenge=challenge,
            now=now,
            person_id=person.id,
        )
    except identity.Throttled as error:
        problems.add("code", str(error))
        return too_many(_page(person, problems), error)
    except PasskeyRefused as error:
        database.commit()
        problems.add("code", str(error))
        return _page(person, problems), 400
    reply = steps.finish(person)
    note_own("sign-in.done")
    database.commit()
    return reply


def _start_again() -> ResponseReturnValue:
    if access.is_signed_in():
        return redirect(url_for("staff.home"))
    flash("That took too long. Sign in again.", "note")
    return redirect(url_for("staff.sign_in"))
