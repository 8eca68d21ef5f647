"""The PIN page of somebody with a place at another provider too: a code from here must not change the PIN for there.

They type the PIN they have. Who forgot it brings a code from every place where they use the app: no provider alone can
set another PIN, and none is named to the holder of another's code.
"""

from __future__ import annotations

import re

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import identity, providers
from app.extensions import db
from app.identity import PersonView
from app.kernel import DomainError, utc_now
from app.providers import InviteRefused, InviteTrouble, InviteView, Role
from app.web.access import allows_anyone
from app.web.api.pins import PinWrong, show_pin
from app.web.forms import Problems
from app.web.public import codes
from app.web.public.codes import bp
from app.web.public.first_page import first_page

# More places at once than anybody has.
MOST_CODES = 10


def pin_of_elsewhere(found: InviteView) -> PersonView | None:
    """Return whose code it is, when they have a PIN that other places of theirs go by; None for everybody else."""
    person = identity.find_person(db.session(), found.person_id)
    return person if person is not None and person.has_pin and _others(found) else None


def ask_for_pin(code: str, found: InviteView, person: PersonView) -> ResponseReturnValue:
    """Ask for the PIN they have, and let them in with it. Its tries are counted as everywhere."""
    problems, headers, status = Problems(), {}, 200
    if request.method == "POST":
        try:
            show_pin(person.uuid, request.form.get("pin", "").replace(" ", ""), placed=True, at=found.provider_id)
            codes.let_in(code, found)
        except InviteRefused as error:
            db.session.rollback()
            return codes.trouble(error.trouble, code)
        except identity.Throttled as error:
            db.session.rollback()
            problems.add("pin", str(error))
            headers, status = {"Retry-After": str(error.retry_after)}, 429
        except PinWrong as error:
            db.session.rollback()
            problems.add("pin", error.tries)
            status = 400
        else:
            return first_page(learner=_learns(found))
    return _page("public/show-pin.html", code, found, problems), status, headers


@bp.route("/<code>/forgot", methods=["GET", "POST"])
@allows_anyone
def forgot(code: str) -> ResponseReturnValue:
    """Take a new PIN with the codes of every other place, and use all of them up together."""
    found = codes.look_up(code)
    if isinstance(found, InviteTrouble):
        return codes.trouble(found, code)
    if pin_of_elsewhere(found) is None:
        return redirect(url_for("join.choose_pin", code=providers.clean_code(code)))
    problems, typed = Problems(), request.form.get("codes", "")
    if request.method == "POST":
        pin = request.form.get("pin", "").replace(" ", "")
        brought = _brought(typed, found, problems)
        if isinstance(brought, InviteTrouble):
            return codes.trouble(brought, code)
        if pin != request.form.get("again", "").replace(" ", ""):
            problems.add("again", "The two PINs differ. Type the same 6 digits twice.")
        if not problems:
            try:
                codes.let_in(code, found, pin=pin, with_codes=brought)
            except DomainError as error:
                # The rollback gives every code back: a simple PIN must not cost anybody a walk to the office.
                db.session.rollback()
                problems.add_error(error, "pin")
            else:
                return first_page(learner=_learns(found))
    page = _page("public/forgot-pin.html", code, found, problems, typed=typed[:500])
    return page, 400 if problems else 200


def _brought(typed: str, found: InviteView, problems: Problems) -> tuple[str, ...] | InviteTrouble:
    """Return the codes that were typed, one of each other place; else note what is wrong with them.

    Wrong ones are counted for the address they come from.
    """
    lines = [line.strip() for line in re.split(r"[\n,;]", typed) if line.strip()]
    by_place: dict[int, str] = {}
    for line in lines[:MOST_CODES]:
        other = codes.look_up(line)
        if isinstance(other, InviteTrouble):
            if other.retry_after:
                return other
            problems.add("codes", f"{line[:20]}: {other.message}")
            return ()
        if other.person_id != found.person_id:
            problems.add("codes", f"{line[:20]}: this code was not made for you. Ask for one of your own.")
            return ()
        by_place[other.provider_id] = line
    by_place.pop(found.provider_id, None)
    if not lines or _others(found) - by_place.keys():
        problems.add("codes", "A code is missing. Ask for one at every place where you use this app.")
    return tuple(by_place.values())


def _others(found: InviteView) -> set[int]:
    """Return the internal ids of the other providers where they have a place now."""
    places = providers.memberships_of(db.session(), found.person_id, now=utc_now())
    return {place.provider.id for place in places} - {found.provider_id}


def _learns(found: InviteView) -> bool:
    member = providers.find_member(db.session(), found.provider_id, found.person_id)
    if member is None:  # pragma: no cover - their code was taken a moment ago
        abort(404)
    return Role.LEARNER in member.roles


def _page(template: str, code: str, found: InviteView, problems: Problems, **more: str) -> str:
    return render_template(
        template,
        problems=problems,
        code=providers.clean_code(code),
        name=found.person_name.split()[0],
        username=found.person_name,
        **more,
    )
