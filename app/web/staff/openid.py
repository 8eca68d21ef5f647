"""Signing in with an OpenID provider: going there, and coming back.

Both are plain links and redirects: a form may only lead to our own pages, and browsers hold its redirects to that too.
"""

from __future__ import annotations

from datetime import datetime

from flask import current_app, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app import identity, providers
from app.extensions import db
from app.identity import PersonView
from app.interop.openid import Client, OpenIdError, Outside, ProviderAway, SignInStopped
from app.kernel import begin_write, utc_now
from app.web import access
from app.web.access import STAFF, allows_anyone
from app.web.noting import note_own
from app.web.staff import outside, steps
from app.web.staff.blueprint import bp
from app.web.staff.outside import Claim, Trip

# Coming back costs a question to the provider; one office has one address.
TRIES_PER_ADDRESS = 50
TOO_LATE = "That took too long, or was begun in another window. Try again."
AWAY = "{name} does not answer just now. Sign in with your password or passkey, or try again later."
REFUSED = (
    "What {name} answered proves nothing, so nobody was signed in. Sign in with your password or passkey, and tell the "
    "person who runs this server."
)
STOPPED = "{name} did not sign you in. Try again, or use your password or passkey."
UNKNOWN = (
    "That account of {name} signs nobody in here yet. Sign in with your password or passkey, then add it under "
    "Security."
)
NO_PLACE = "You have no place on the staff pages now. Ask a manager."


@bp.get("/sign-in/openid")
@allows_anyone
def openid_start() -> ResponseReturnValue:
    """Send somebody who wants to sign in to the provider."""
    target = access.safe_next(request.args.get("next"))
    if request.headers.get("Sec-Fetch-Site", "none") not in ("same-origin", "none"):
        # Another site must not sign anybody in, not even with their own account.
        return redirect(url_for("staff.sign_in", next=target))
    return set_off(target=target)


def set_off(*, who: PersonView | None = None, target: str | None = None) -> ResponseReturnValue:
    """Send this browser to the provider; `who` is signed in and wants to add an account."""
    client = outside.client_or_404()
    try:
        identity.take_try(db.session(), f"openid-address:{access.address()}", now=utc_now(), tries=TRIES_PER_ADDRESS)
        db.session.commit()
        begun = client.begin(now=utc_now())
    except identity.Throttled as error:
        flash(str(error), "note")
        return redirect(_where_from(who is not None))
    except OpenIdError as error:
        return _in_words(client, error, adding=who is not None)
    outside.set_off(begun, who=None if who is None else who.uuid, target=target)
    return redirect(begun.address)


@bp.get("/sign-in/openid/back")
@allows_anyone
def openid_back() -> ResponseReturnValue:
    """Take in what a browser brings back from the provider. The address is left at once: there is a code in it."""
    client, now = outside.client_or_404(), utc_now()
    begin_write(db.session())
    trip = outside.come_back()
    db.session.commit()
    if trip is None:
        flash(TOO_LATE, "note")
        return redirect(_where_from(access.is_signed_in()))
    try:
        brought = {name: values[0] for name, values in request.args.lists() if len(values) == 1}
        found = client.finish(brought, trip.begun, now=now)
        if trip.who is not None:
            return _add(client.with_email(found, now=now), trip)
        return _come_in(client, found, trip, now)
    except OpenIdError as error:
        return _in_words(client, error, adding=trip.who is not None)


def _add(found: Outside, trip: Trip) -> ResponseReturnValue:
    """Hold the account until its person says on our own page that they want it. Another site cannot say it for them."""
    if not access.is_signed_in() or str(access.current_person().uuid) != trip.who:
        flash(TOO_LATE, "note")
        return redirect(url_for("staff.sign_in"))
    outside.hold(Claim.of(found, access.current_person()))
    return redirect(url_for("staff.openid_add"))


def _come_in(client: Client, found: Outside, trip: Trip, now: datetime) -> ResponseReturnValue:
    database = db.session()
    begin_write(database)
    person_id = identity.use_link(database, issuer=found.issuer, subject=found.subject, now=now)
    if person_id is None:
        # The provider may have to be asked for the e-mail address; nobody waits for the database meanwhile.
        database.commit()
        return _first_time(client, client.with_email(found, now=now), trip, now)
    person = identity.find_person(database, person_id)
    if person is None or not _works_here(person, now):
        database.commit()
        flash(NO_PLACE, "note")
        return redirect(url_for("staff.sign_in"))
    strong = bool(found.methods & client.settings.strong)
    if not strong and identity.has_second_step(database, person.id):
        database.commit()
        steps.begin_half(person, trip.target, by_openid=True)
        return redirect(url_for(access.SECOND_STEP_PAGE))
    access.sign_in(person, second_step=strong, proved=False)
    steps.note_openid()
    note_own("sign-in.done")
    database.commit()
    return redirect(access.safe_next(trip.target) or url_for("staff.home"))


def _first_time(client: Client, found: Outside, trip: Trip, now: datetime) -> ResponseReturnValue:
    """Ask for the password of the one member of staff with this verified e-mail address, if there is one."""
    database = db.session()
    people = providers.people_with_email(database, found.email, STAFF, now=now) if found.email else ()
    person = identity.find_person(database, people[0]) if len(people) == 1 else None
    if person is None or person.sign_in_name is None or not person.has_password or person.password_is_temporary:
        flash(UNKNOWN.format(name=client.settings.name), "note")
        return redirect(url_for("staff.sign_in"))
    outside.hold(Claim.of(found, person, trip.target))
    return redirect(url_for("staff.openid_first"))


def _works_here(person: PersonView, now: datetime) -> bool:
    places = providers.memberships_of(db.session(), person.id, now=now)
    return person.archived_at is None and any(place.roles & set(STAFF) for place in places)


def _in_words(client: Client, error: OpenIdError, *, adding: bool) -> ResponseReturnValue:
    """Say what happened, and leave the reason in the log: it names nobody."""
    stopped, away = isinstance(error, SignInStopped), isinstance(error, ProviderAway)
    if not stopped:
        current_app.logger.warning("OpenID provider: %s", error.code if not away else f"{error.code} ({error})")
    said = STOPPED if stopped else AWAY if away else REFUSED
    flash(said.format(name=client.settings.name), "note")
    return redirect(_where_from(adding))


def _where_from(adding: bool) -> str:
    return url_for("staff.security" if adding else "staff.sign_in")
