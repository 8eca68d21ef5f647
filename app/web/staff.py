"""The door to the staff pages: sign in and out, choose a password, choose a provider."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, Flask, abort, flash, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app import identity
from app.extensions import db
from app.identity import IdentityError, PersonView
from app.kernel import begin_write, utc_now
from app.providers import Role
from app.web import access
from app.web.access import STAFF, allows, allows_anyone
from app.web.forms import Problems

bp = Blueprint("staff", __name__, url_prefix="/staff")

# One office behind one address may have several managers mistyping on a Monday morning.
TRIES_PER_ADDRESS = 25
WRONG = "That name and password do not match. Look at both again."


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of the staff pages' menu."""

    href: str
    words: str
    here: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffFrame:
    """What stands around every staff page."""

    signed_in: bool
    person: str = ""
    provider: str = ""
    others: bool = False
    entries: tuple[Entry, ...] = ()


# Address name, words, who sees it.
MENU: tuple[tuple[str, str, tuple[Role, ...]], ...] = (
    ("manager.people", "People", (Role.MANAGER,)),
    ("trainer.modules", "Modules", STAFF),
)


def frame() -> dict[str, StaffFrame]:
    """Give staff templates their frame. Empty for somebody signed out, and for a person without a staff role."""
    if not request.path.startswith("/staff") or g.get("no_frame"):
        return {}
    user = current_user._get_current_object()
    membership = access.chosen_membership(frozenset(STAFF)) if isinstance(user, access.SignedIn) else None
    if membership is None:
        return {"staff_frame": StaffFrame(signed_in=False)}
    entries = tuple(
        Entry(href=url_for(name), words=words, here=(request.endpoint or "").startswith(name.partition(".")[0] + "."))
        for name, words, roles in MENU
        if membership.roles & set(roles)
    )
    places = [m for m in user.memberships if m.roles & set(STAFF)]
    return {
        "staff_frame": StaffFrame(
            signed_in=True,
            person=user.person.name,
            provider=membership.provider.name,
            others=len(places) > 1,
            entries=entries,
        )
    }


@bp.get("/")
@allows(*STAFF)
def home() -> ResponseReturnValue:
    """Send people to the page they most often want."""
    manager = Role.MANAGER in access.current_membership().roles
    return redirect(url_for("manager.people" if manager else "trainer.modules"))


@bp.route("/sign-in", methods=["GET", "POST"])
@allows_anyone
def sign_in() -> ResponseReturnValue:
    """Ask for name and password. Tries are counted for the name and for the address."""
    target = access.safe_next(request.values.get("next"))
    if request.method == "GET":
        return render_template("manager/sign-in.html", problems=Problems(), name="", next=target)
    name, password = request.form.get("name", "").strip(), request.form.get("password", "")
    problems = Problems()
    if not name:
        problems.add("name", "Type your sign-in name or e-mail address.")
    if not password:
        problems.add("password", "Type your password.")
    status = 400
    if not problems:
        try:
            person = _check(name, password)
        except identity.Throttled as error:
            problems.add("name", str(error))
            status = 429
        else:
            if person is not None:
                access.sign_in(person)
                return redirect(target or url_for("staff.home"))
            problems.add("name", WRONG)
    page = render_template("manager/sign-in.html", problems=problems, name=name, next=target)
    return page, status


def _check(name: str, password: str) -> PersonView | None:
    """Return the person whose name and password these are, or None. Commits the counts. Raises Throttled."""
    database, now = db.session(), utc_now()
    key = f"staff-name:{identity.clean_sign_in_name(name)}"
    identity.take_try(database, f"staff-address:{request.remote_addr}", now=now, tries=TRIES_PER_ADDRESS)
    identity.take_try(database, key, now=now)
    # The tries are counted before the slow check, and the database is free for others meanwhile.
    database.commit()
    person = identity.find_person_by_sign_in_name(database, name)
    if not identity.check_password(database, person.id if person else None, password):
        return None
    begin_write(database)
    # Only the name's: somebody with a password of their own could else try every other name from their address.
    identity.clear_tries(database, key)
    database.commit()
    return person


@bp.post("/sign-out")
@allows_anyone
def sign_out() -> ResponseReturnValue:
    """Sign this browser out."""
    access.sign_out()
    flash("You are signed out.", "done")
    return redirect(url_for("staff.sign_in"))


@bp.route("/password", methods=["GET", "POST"])
@allows(*STAFF)
def password() -> ResponseReturnValue:
    """Choose a password: after a first sign-in with somebody else's, after an invite, or because it is time."""
    person = access.current_person()
    ask_old = person.has_password and (access.came_by_code() or not person.password_is_temporary)
    ask_name = person.sign_in_name is None
    name = request.form.get("sign_in_name", "")
    problems = Problems()
    if request.method == "POST":
        if ask_old and not _old_password_is_right(person, problems):
            db.session.commit()
        elif request.form.get("password", "") != request.form.get("again", ""):
            problems.add("again", "The two passwords differ. Type the new one twice.")
        elif person.has_password and identity.check_password(db.session(), person.id, request.form.get("password", "")):
            problems.add("password", "This is the password you have now. Choose another one.")
        elif _store(person, name if ask_name else None, problems):
            return redirect(url_for("staff.home"))
    page = render_template(
        "manager/password.html", problems=problems, ask_old=ask_old, ask_name=ask_name, sign_in_name=name, person=person
    )
    return page, 400 if problems else 200


def _old_password_is_right(person: PersonView, problems: Problems) -> bool:
    key = f"staff-old:{person.uuid}"
    try:
        identity.take_try(db.session(), key, now=utc_now())
    except identity.Throttled as error:
        problems.add("old", str(error))
        return False
    if identity.check_password(db.session(), person.id, request.form.get("old", "")):
        identity.clear_tries(db.session(), key)
        return True
    problems.add("old", "That is not your password of now. Look at it again.")
    return False


def _store(person: PersonView, sign_in_name: str | None, problems: Problems) -> bool:
    try:
        if sign_in_name is not None:
            identity.set_sign_in_name(db.session(), person.id, sign_in_name)
        identity.set_password(db.session(), person.id, request.form.get("password", ""))
    except IdentityError as error:
        db.session.rollback()
        problems.add_error(error, "password")
        return False
    db.session.commit()
    fresh = identity.find_person(db.session(), person.id)
    if fresh is None:  # pragma: no cover - it was stored a line above
        abort(403)
    place = session.get("provider")
    access.sign_in(fresh, provider=UUID(place) if place else None, by_code=access.came_by_code())
    flash("Your new password is set. Other browsers are signed out.", "done")
    return True


@bp.route("/provider", methods=["GET", "POST"])
@allows(*STAFF)
def choose_provider() -> ResponseReturnValue:
    """Let somebody with places at several providers say which one they are working for now."""
    places = [m for m in access.current_memberships() if m.roles & set(STAFF)]
    if request.method == "POST":
        wanted = request.form.get("provider")
        if wanted not in {str(m.provider.uuid) for m in places}:
            abort(404)
        session["provider"] = wanted
        return redirect(url_for("staff.home"))
    here = access.current_membership()
    return render_template("manager/choose-provider.html", places=places, here=here)


def init_app(app: Flask) -> None:
    """Register the door, and give staff templates their frame."""
    app.register_blueprint(bp)
    app.context_processor(frame)
