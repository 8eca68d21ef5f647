"""Signing in through an OpenID provider: what a browser carries on the way there and back, and keeping a new account.

All of it is in the signed cookie, gives no access and ends after ten minutes. That a state is used once is kept in the
database: a cookie could be played again.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import timedelta
from uuid import UUID

from flask import Flask, abort, current_app, flash, session

from app import identity
from app.config import Settings
from app.extensions import db
from app.identity import IdentityError, PersonView
from app.interop.openid import Begun, Client, Outside
from app.kernel import utc_now
from app.web.noting import note_own

BACK = "/staff/sign-in/openid/back"
LASTS = timedelta(minutes=10)
ON_THE_WAY, CLAIM, CAME_BY = "openid", "outside", "by_openid"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trip:
    """A browser on its way to the provider. `who`: the signed-in person who wants to add an account, by uuid."""

    begun: Begun
    who: str | None
    target: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """An account somebody has shown to be theirs, and whom of ours it is to sign in once they have shown that too."""

    issuer: str
    subject: str
    shown: str
    who: str
    target: str | None = None

    @classmethod
    def of(cls, outside: Outside, person: PersonView, target: str | None = None) -> Claim:
        """Return the claim that this account is this person's."""
        return cls(
            issuer=outside.issuer, subject=outside.subject, shown=outside.shown, who=str(person.uuid), target=target
        )


def init_app(app: Flask) -> None:
    """Make the one client of this process, where the settings name a provider."""
    settings: Settings = app.extensions["bv.settings"]
    if settings.openid is not None:
        app.extensions["bv.openid"] = Client(settings.openid, settings.origin + BACK)


def provider_name() -> str | None:
    """Return what the provider is called on the button, or None where there is none."""
    client: Client | None = current_app.extensions.get("bv.openid")
    return None if client is None else client.settings.name


def client_or_404() -> Client:
    """Return the client; without one these pages are not there."""
    client: Client | None = current_app.extensions.get("bv.openid")
    if client is None:
        abort(404)
    return client


def set_off(begun: Begun, *, who: UUID | None, target: str | None) -> None:
    """Note where this browser goes. What it was on before is forgotten."""
    carried = {"state": begun.state, "nonce": begun.nonce, "verifier": begun.verifier, "at": _now()}
    session[ON_THE_WAY] = {**carried, "who": None if who is None else str(who), "target": target}


def come_back() -> Trip | None:
    """Return what this browser set off with, and forget it; None when that was never, too long ago, or used before.

    Flushes; the caller commits.
    """
    carried = session.pop(ON_THE_WAY, None)
    if carried is None or not _is_fresh(carried["at"]):
        return None
    if not identity.spend(db.session(), f"openid {carried['state']}".encode(), now=utc_now()):
        return None
    begun = Begun(address="", state=carried["state"], nonce=carried["nonce"], verifier=carried["verifier"])
    return Trip(begun=begun, who=carried["who"], target=carried["target"])


def hold(claim: Claim) -> None:
    """Note which account this browser has shown to be its person's."""
    session[CLAIM] = {**asdict(claim), "at": _now()}


def held() -> tuple[Claim, PersonView] | None:
    """Return the claim this browser holds, with the person it is about; None when there is none or it is too old."""
    carried = session.get(CLAIM)
    if carried is None or not _is_fresh(carried["at"]):
        return None
    person = identity.find_person(db.session(), UUID(carried["who"]))
    if person is None or person.archived_at is not None:
        return None
    return Claim(**{name: carried[name] for name in carried if name != "at"}), person


def keep(claim: Claim, person: PersonView) -> None:
    """Let the account sign the signed-in person in from now on, and say so. The caller commits."""
    session.pop(CLAIM, None)
    session[CAME_BY] = True
    try:
        identity.add_link(
            db.session(), person.id, issuer=claim.issuer, subject=claim.subject, shown=claim.shown, now=utc_now()
        )
    except IdentityError as error:
        flash(str(error), "note")
        return
    note_own("openid.linked")
    flash(f"From now on {provider_name()} signs you in too.", "done")


def _now() -> int:
    return int(utc_now().timestamp())


def _is_fresh(moment: int) -> bool:
    return 0 <= _now() - moment <= LASTS.total_seconds()
