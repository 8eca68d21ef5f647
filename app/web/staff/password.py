"""Choosing a password."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from app import identity
from app.extensions import db
from app.identity import IdentityError, PersonView
from app.kernel import begin_write, utc_now
from app.web import access
from app.web.access import STAFF, allows
from app.web.forms import Problems
from app.web.noting import note_own, note_refused
from app.web.staff.blueprint import bp, too_many


@bp.route("/password", methods=["GET", "POST"])
@allows(*STAFF, at_the_door=True)
def password() -> ResponseReturnValue:
    """Choose a password: after a first sign-in with somebody else's, after an invite, or because it is time."""
    person = access.current_person()
    typed_none = access.came_by_code() or access.came_by_openid()
    ask_old = person.has_password and (typed_none or not person.password_is_temporary)
    ask_name = person.sign_in_name is None
    name = request.form.get("sign_in_name", "")
    problems = Problems()
    if request.method == "POST":
        try:
            old_is_right = not ask_old or old_password_is_right(person, problems)
            db.session.commit()
        except identity.Throttled as error:
            problems.add("old", str(error))
            page = _page(person, problems, ask_old=ask_old, ask_name=ask_name, name=name)
            return too_many(page, error)
        begin_write(db.session())
        if old_is_right and _store(person, name if ask_name else None, problems):
            return redirect(url_for("staff.home"))
    return _page(person, problems, ask_old=ask_old, ask_name=ask_name, name=name), 400 if problems else 200


def _page(person: PersonView, problems: Problems, *, ask_old: bool, ask_name: bool, name: str) -> str:
    return render_template(
        "manager/password.html", problems=problems, ask_old=ask_old, ask_name=ask_name, sign_in_name=name, person=person
    )


def old_password_is_right(person: PersonView, problems: Problems) -> bool:
    """Check the password somebody signed in has typed again, as `old`. Commits the count. Raises Throttled."""
    database, key = db.session(), f"staff-old:{person.uuid}"
    left = identity.take_try(database, key, now=utc_now())
    database.commit()
    good = identity.check_password(database, person.id, request.form.get("old", ""))
    begin_write(database)
    if good:
        identity.clear_tries(database, key)
        return True
    if left == 0:
        note_refused(person, now=utc_now())
    problems.add("old", "That is not your password of now. Look at it again.")
    return False


def _store(person: PersonView, sign_in_name: str | None, problems: Problems) -> bool:
    new = request.form.get("password", "")
    if new != request.form.get("again", ""):
        problems.add("again", "The two passwords differ. Type the new one twice.")
        return False
    if person.has_password and identity.check_password(db.session(), person.id, new):
        problems.add("password", "This is the password you have now. Choose another one.")
        return False
    try:
        if sign_in_name is not None:
            identity.set_sign_in_name(db.session(), person.id, sign_in_name)
        at = [place.provider.name for place in access.current_memberships()]
        identity.set_password(db.session(), person.id, new, names=at)
    except IdentityError as error:
        db.session.rollback()
        problems.add_error(error, "password")
        return False
    note_own("password.set")
    db.session.commit()
    fresh = identity.find_person(db.session(), person.id)
    if fresh is None:  # pragma: no cover - it was stored a line above
        abort(403)
    access.sign_in_again(fresh, provider=session.get("provider"), proved=True)
    flash("Your new password is set. Other browsers are signed out.", "done")
    return True
