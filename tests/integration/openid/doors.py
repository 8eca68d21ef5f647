"""Steps the tests of this folder share."""

from __future__ import annotations

from app import audit, identity
from app.extensions import db
from app.kernel import utc_now
from tests.support.openid import START
from tests.support.openid_made_up import MadeUpProvider
from tests.support.website import Browser, Page, Place

REFUSED = "What Bramble Office answered proves nothing, so nobody was signed in."


def set_off(browser: Browser, start: str = START) -> str:
    """Go to the provider; return the address our server sent the browser to."""
    reply = browser.send("GET", start)
    assert reply.status_code == 302, reply.headers.get("Location")
    there: str = reply.headers["Location"]
    return there


def through(browser: Browser, office: MadeUpProvider, start: str = START, **claims: object) -> Page:
    """Go to the provider, sign in there, and come back."""
    return browser.get(office.back(set_off(browser, start), **claims))


def linked(place: Place, office: MadeUpProvider, subject: str = "dawn-1") -> None:
    """Let an account sign the place's manager in; committed."""
    identity.add_link(
        db.session(), place.manager.person_id, issuer=office.issuer, subject=subject, shown="dawn@work", now=utc_now()
    )
    db.session.commit()


def accounts_of(place: Place) -> list[str]:
    """What the accounts that sign the place's manager in are called."""
    db.session.rollback()
    return [each.shown for each in identity.links_of(db.session(), place.manager.person_id)]


def actions() -> list[str]:
    """What is noted in the trail, the newest first."""
    db.session.rollback()
    return [entry.action for entry in audit.entries(db.session())]


def is_signed_in(browser: Browser) -> bool:
    """Whether the staff pages are open to this browser."""
    return browser.get("/staff/people").heading == "People"
