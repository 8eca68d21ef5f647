"""Codes at the door: looking one up, using it up, and saying what is wrong with it."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, abort, current_app, render_template
from flask.typing import ResponseReturnValue

from app import audit, identity, providers
from app.extensions import db
from app.kernel import begin_write, utc_now
from app.providers import InviteTrouble, InviteView, Role
from app.web import access

bp = Blueprint("join", __name__, url_prefix="/join")

STATUS = {"throttled": 429, "wrong": 404, "used": 410, "expired": 410}


def invite_secret() -> bytes:
    """Return the secret that codes are stored under."""
    key: str = current_app.config["SECRET_KEY"]
    return key.encode()


def look_up(typed: str) -> InviteView | InviteTrouble:
    """Look at a code. Wrong ones are counted for the address they come from, so this commits, also for a GET."""
    begin_write(db.session())
    found = providers.look_up_invite(
        db.session(), typed, secret=invite_secret(), address=access.address(), now=utc_now()
    )
    db.session.commit()
    return found


def let_in(code: str, found: InviteView, *, pin: str | None = None, with_codes: Sequence[str] = ()) -> None:
    """Use the code up, set the PIN if there is one, and sign in: all of it or nothing.

    `with_codes`: codes of other places of theirs, used up with it. Raises InviteRefused or IdentityError.
    """
    session, now = db.session(), utc_now()
    begin_write(session)
    used = [providers.accept_invite(session, each, secret=invite_secret(), now=now) for each in (code, *with_codes)]
    if pin is not None:
        identity.set_pin(session, found.person_id, pin)
        # What was tried at the PIN before says nothing of this one.
        identity.clear_tries(session, f"pin:{found.person_uuid}")
    provider = providers.find_provider(session, found.provider_id)
    if provider is None:
        abort(404)
    for each in used:
        place = providers.find_provider(session, each.provider_id)
        uuid = place.uuid if place else None
        for action in ("code.used",) if pin is None else ("code.used", "pin.set"):
            audit.note(session, action, actor=audit.by_person(found.person_uuid), now=now, provider=uuid)
    session.commit()
    person = identity.find_person(session, found.person_id)
    if person is None:
        abort(404)
    access.sign_in(person, provider=provider.uuid, by_code=True, proved=False)


def trouble(found: InviteTrouble, typed: str) -> ResponseReturnValue:
    """Return the page that says what is wrong with a code and what to do."""
    page = render_template("public/join-trouble.html", trouble=found, code=typed[:20], carry_on=first_name_here())
    headers = {"Retry-After": str(found.retry_after)} if found.retry_after else {}
    return page, STATUS[found.problem], headers


def first_name_here() -> str:
    """Return the first name of the carer this browser is signed in as, or an empty text.

    An app put on an iPhone's home screen gets the browser's cookie but not what the browser keeps; its first page leads
    here, and the used code must not be the end of it.
    """
    place = access.chosen_membership(frozenset({Role.LEARNER}))
    return access.current_person().name.split()[0] if place else ""
