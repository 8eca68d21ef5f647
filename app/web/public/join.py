"""Joining with a code: is that you, choose a PIN, put it on your home screen. No e-mail address anywhere.

Looking at an invite changes nothing, so a link preview or a reload does no harm. The code is used up in the same
transaction that sets the PIN.
"""

from __future__ import annotations

from flask import Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import providers
from app.extensions import db
from app.identity import IdentityError
from app.providers import InviteRefused, InviteTrouble, InviteView, Role
from app.web.access import allows_anyone
from app.web.forms import Problems
from app.web.packed import packed
from app.web.public.codes import bp, first_name_here, let_in, look_up, trouble
from app.web.public.first_page import first_page
from app.web.public.phones import Phone, inside_another_app, phone_of
from app.web.public.pin import ask_for_pin, pin_of_elsewhere


@bp.after_request
def pack(response: Response) -> Response:
    """Pack what went well: these are the first pages a carer pays for.

    They hold a token against forged forms, so what somebody else may have typed is sent as it is: packed beside it,
    its length would tell whether the two are alike (BREACH).
    """
    return packed(response) if response.status_code == 200 else response


@bp.get("")
@allows_anyone
def type_code() -> ResponseReturnValue:
    """Ask for a code, or look at the one that was typed."""
    typed = request.args.get("code")
    if typed is None:
        return render_template("public/join.html", problems=Problems(), code="", carry_on=first_name_here())
    problems = Problems()
    if not typed.strip():
        problems.add("code", "Type the code your manager gave you.")
        return render_template("public/join.html", problems=problems, code="", carry_on=first_name_here()), 400
    found = look_up(typed)
    if isinstance(found, InviteView):
        return redirect(url_for("join.is_that_you", code=providers.clean_code(typed)))
    return trouble(found, typed)


@bp.get("/<code>")
@allows_anyone
def is_that_you(code: str) -> ResponseReturnValue:
    """Say who was invited, by first name and initial only: the link may have been sent to the wrong person."""
    found = look_up(code)
    if isinstance(found, InviteTrouble):
        return trouble(found, code)
    agent = request.headers.get("User-Agent", "")
    member = providers.find_member(db.session(), found.provider_id, found.person_id)
    # Everybody else has another page to pass next.
    chooses = member is not None and Role.LEARNER in member.roles and not member.ended and not pin_of_elsewhere(found)
    inside = inside_another_app(agent)
    return render_template(
        "public/is-that-you.html",
        provider=found.provider_name,
        name=short_name(found.person_name),
        code=providers.clean_code(code),
        written=providers.written_code(providers.clean_code(code) or ""),
        chooses=chooses and not inside,
        problems=Problems(),
        inside=inside,
        iphone=phone_of(agent) is Phone.IPHONE,
        host=request.host,
    )


@bp.get("/<code>/not-me")
@allows_anyone
def not_me(code: str) -> ResponseReturnValue:
    """Tell somebody else what to do with a link that is not theirs. The code stays good for its owner."""
    found = look_up(code)
    if isinstance(found, InviteTrouble):
        return trouble(found, code)
    return render_template("public/not-me.html", contact=found.contact, provider=found.provider_name)


@bp.route("/<code>/pin", methods=["GET", "POST"])
@allows_anyone
def choose_pin(code: str) -> ResponseReturnValue:
    """Take the PIN, and with it the invite. Somebody who will not learn here chooses a password instead.

    Whoever has a place at another provider types the PIN they have (`pin.py`).
    """
    found = look_up(code)
    if isinstance(found, InviteTrouble):
        return trouble(found, code)
    member = providers.find_member(db.session(), found.provider_id, found.person_id)
    if member is None or member.ended is not None:
        abort(404)
    known = pin_of_elsewhere(found)
    if known is not None:
        return ask_for_pin(code, found, known)
    learner = Role.LEARNER in member.roles
    problems = Problems()
    if request.method == "POST":
        pin = request.form.get("pin", "").replace(" ", "")
        if learner and pin != request.form.get("again", "").replace(" ", ""):
            problems.add("again", "The two PINs differ. Type the same 6 digits twice.")
        else:
            try:
                let_in(code, found, pin=pin if learner else None)
            except InviteRefused as error:
                db.session.rollback()
                return trouble(error.trouble, code)
            except IdentityError as error:
                # The rollback gives the code back: a simple PIN must not cost anybody their invite.
                db.session.rollback()
                problems.add_error(error, "pin")
            else:
                return first_page(learner=learner)
    page = render_template(
        "public/choose-pin.html",
        problems=problems,
        code=providers.clean_code(code),
        learner=learner,
        name=found.person_name.split()[0],
        username=found.person_name,
    )
    return page, 400 if problems else 200


def short_name(name: str) -> str:
    """Return a first name and an initial: "Ngozi O."; a single name stays as it is."""
    first, *rest = name.split()
    return f"{first} {rest[-1][0]}." if rest else first
