"""Joining with a code: is that you, choose a PIN, put it on your home screen. No e-mail address anywhere.

Looking at an invite changes nothing, so a link preview or a reload does no harm. The code is used up in the same
transaction that sets the PIN.
"""

from __future__ import annotations

from flask import Blueprint, Response, abort, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import audit, identity, providers
from app.extensions import db
from app.identity import IdentityError
from app.kernel import begin_write, utc_now
from app.providers import InviteRefused, InviteTrouble, InviteView, Role
from app.web import access
from app.web.access import allows, allows_anyone
from app.web.forms import Problems
from app.web.packed import packed
from app.web.public.phones import Phone, inside_another_app, phone_of

bp = Blueprint("join", __name__, url_prefix="/join")

STATUS = {"throttled": 429, "wrong": 404, "used": 410, "expired": 410}


@bp.after_request
def pack(response: Response) -> Response:
    """Pack what went well: these are the first pages a carer pays for.

    They hold a token against forged forms, so what somebody else may have typed is sent as it is: packed beside it,
    its length would tell whether the two are alike (BREACH).
    """
    return packed(response) if response.status_code == 200 else response


def invite_secret() -> bytes:
    """Return the secret that codes are stored under."""
    key: str = current_app.config["SECRET_KEY"]
    return key.encode()


@bp.get("")
@allows_anyone
def type_code() -> ResponseReturnValue:
    """Ask for a code, or look at the one that was typed."""
    typed = request.args.get("code")
    if typed is None:
        return render_template("public/join.html", problems=Problems(), code="", carry_on=_first_name_here())
    problems = Problems()
    if not typed.strip():
        problems.add("code", "Type the code your manager gave you.")
        return render_template("public/join.html", problems=problems, code="", carry_on=_first_name_here()), 400
    found = _look_up(typed)
    if isinstance(found, InviteView):
        return redirect(url_for("join.is_that_you", code=providers.clean_code(typed)))
    return _trouble(found, typed)


@bp.get("/<code>")
@allows_anyone
def is_that_you(code: str) -> ResponseReturnValue:
    """Say who was invited, by first name and initial only: the link may have been sent to the wrong person."""
    found = _look_up(code)
    if isinstance(found, InviteTrouble):
        return _trouble(found, code)
    agent = request.headers.get("User-Agent", "")
    return render_template(
        "public/is-that-you.html",
        provider=found.provider_name,
        name=short_name(found.person_name),
        code=providers.clean_code(code),
        written=providers.written_code(providers.clean_code(code) or ""),
        inside=inside_another_app(agent),
        iphone=phone_of(agent) is Phone.IPHONE,
        host=request.host,
    )


@bp.get("/<code>/not-me")
@allows_anyone
def not_me(code: str) -> ResponseReturnValue:
    """Tell somebody else what to do with a link that is not theirs. The code stays good for its owner."""
    found = _look_up(code)
    if isinstance(found, InviteTrouble):
        return _trouble(found, code)
    return render_template("public/not-me.html", contact=found.contact, provider=found.provider_name)


@bp.route("/<code>/pin", methods=["GET", "POST"])
@allows_anyone
def choose_pin(code: str) -> ResponseReturnValue:
    """Take the PIN, and with it the invite. Somebody who will not learn here chooses a password instead."""
    found = _look_up(code)
    if isinstance(found, InviteTrouble):
        return _trouble(found, code)
    member = providers.find_member(db.session(), found.provider_id, found.person_id)
    if member is None or member.ended is not None:
        abort(404)
    learner = Role.LEARNER in member.roles
    problems = Problems()
    if request.method == "POST":
        pin = request.form.get("pin", "").replace(" ", "")
        if learner and pin != request.form.get("again", "").replace(" ", ""):
            problems.add("again", "The two PINs differ. Type the same 6 digits twice.")
        else:
            try:
                _let_in(code, found, pin if learner else None)
            except InviteRefused as error:
                db.session.rollback()
                return _trouble(error.trouble, code)
            except IdentityError as error:
                # The rollback gives the code back: a simple PIN must not cost anybody their invite.
                db.session.rollback()
                problems.add_error(error, "pin")
            else:
                return redirect(url_for("join.home_screen" if learner else "staff.password"))
    page = render_template(
        "public/choose-pin.html",
        problems=problems,
        code=providers.clean_code(code),
        learner=learner,
        name=found.person_name.split()[0],
        username=found.person_name,
    )
    return page, 400 if problems else 200


@bp.get("/home-screen")
@allows(Role.LEARNER)
def home_screen() -> ResponseReturnValue:
    """Show how to put it on this phone, while the page's script enrols the phone and gets the lessons."""
    agent = request.headers.get("User-Agent", "")
    membership = access.current_membership()
    return render_template(
        "public/home-screen.html",
        phone=phone_of(agent).value,
        inside=inside_another_app(agent),
        name=access.current_person().name.split()[0],
        contact=membership.provider.contact,
        staff=bool(membership.roles & set(access.STAFF)),
    )


def short_name(name: str) -> str:
    """Return a first name and an initial: "Ngozi O."; a single name stays as it is."""
    first, *rest = name.split()
    return f"{first} {rest[-1][0]}." if rest else first


def _first_name_here() -> str:
    """Return the first name of the carer this browser is signed in as, or an empty text.

    An app put on an iPhone's home screen gets the browser's cookie but not what the browser keeps; its first page leads
    here, and the used code must not be the end of it.
    """
    place = access.chosen_membership(frozenset({Role.LEARNER}))
    return access.current_person().name.split()[0] if place else ""


def _look_up(typed: str) -> InviteView | InviteTrouble:
    """Look at a code. Wrong ones are counted for the address they come from, so this commits, also for a GET."""
    begin_write(db.session())
    found = providers.look_up_invite(
        db.session(), typed, secret=invite_secret(), address=access.address(), now=utc_now()
    )
    db.session.commit()
    return found


def _let_in(code: str, found: InviteView, pin: str | None) -> None:
    """Use the code up, set the PIN and sign in: all of it or nothing. Raises InviteRefused or IdentityError."""
    begin_write(db.session())
    providers.accept_invite(db.session(), code, secret=invite_secret(), now=utc_now())
    if pin is not None:
        identity.set_pin(db.session(), found.person_id, pin)
    provider = providers.find_provider(db.session(), found.provider_id)
    if provider is None:
        abort(404)
    who = audit.by_person(found.person_uuid)
    audit.note(db.session(), "code.used", actor=who, now=utc_now(), provider=provider.uuid)
    db.session.commit()
    person = identity.find_person(db.session(), found.person_id)
    if person is None:
        abort(404)
    access.sign_in(person, provider=provider.uuid, by_code=True, proved=False)


def _trouble(trouble: InviteTrouble, typed: str) -> ResponseReturnValue:
    page = render_template("public/join-trouble.html", trouble=trouble, code=typed[:20], carry_on=_first_name_here())
    headers = {"Retry-After": str(trouble.retry_after)} if trouble.retry_after else {}
    return page, STATUS[trouble.problem], headers
