"""The page after the PIN: this phone is enrolled, lessons come onto it, and it can go on the home screen."""

from __future__ import annotations

from flask import abort, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import OperationalError

from app import identity
from app.extensions import db
from app.identity import TokenKind
from app.kernel import begin_write, utc_now
from app.providers import MembershipView, Role
from app.web import access
from app.web.access import allows
from app.web.api.devices import new_phone
from app.web.api.news import news
from app.web.api.payloads import Enrolled
from app.web.api.replies import server_id
from app.web.public.codes import bp
from app.web.public.phones import inside_another_app, phone_of

# What a form says in its field "phone" when the phone knows no server yet; else it names the one it knows.
NEW_PHONE = "new"


@bp.get("/home-screen")
@allows(Role.LEARNER)
def home_screen() -> ResponseReturnValue:
    """Show how to put it on this phone, while the page's script enrols the phone and gets the lessons."""
    return _page(access.current_membership())


def first_page(*, learner: bool) -> ResponseReturnValue:
    """Answer the PIN that let somebody in.

    A phone that has shown that it can keep things is enrolled at once, and finds its tokens in the page, and what is
    news to it: on a slow line that is three requests less before the first lesson. Any other browser is sent to the
    page, and its script asks.
    """
    if not learner:
        return redirect(url_for("staff.password"))
    if request.form.get("phone", "") not in (NEW_PHONE, server_id()):
        return redirect(url_for("join.home_screen"))
    place = access.chosen_membership(frozenset({Role.LEARNER}))
    if place is None:  # pragma: no cover - let in a moment ago, and ended since
        abort(403)
    try:
        # Using the code up ended the transaction the request began with; one that began by looking may fail to write.
        begin_write(db.session())
        enrolled = new_phone(access.current_person(), place.provider)
    except OperationalError:
        # Their code is gone and their PIN stands, so the sign-in has to reach them: the page's script tries again.
        db.session.rollback()
        return redirect(url_for("join.home_screen"))
    return _page(place, enrolled, _news(enrolled, place))


def _news(enrolled: Enrolled, place: MembershipView) -> bytes | None:
    """Return what is news to a phone just enrolled; None where anything is wrong, and then its script asks.

    It asks too for somebody with results: years of them would stand before the page's first word. An error page would
    take back the sign-in, and leave them without their tokens: with a used-up code and no way on.
    """
    try:
        who = identity.bearer(db.session(), enrolled.read, TokenKind.READ, now=utc_now(), move_on=False)
        found = news(who, place)
        return None if found is None or found.any_results else found.written
    except Exception as error:
        db.session.rollback()
        current_app.logger.error("%s on %s", type(error).__name__, request.endpoint, exc_info=error)
        return None


def _page(place: MembershipView, enrolled: Enrolled | None = None, known: bytes | None = None) -> str:
    agent = request.headers.get("User-Agent", "")
    return render_template(
        "public/home-screen.html",
        phone=phone_of(agent).value,
        inside=inside_another_app(agent),
        name=access.current_person().name.split()[0],
        contact=place.provider.contact,
        staff=bool(place.roles & set(access.STAFF)),
        enrolled=enrolled.model_dump_json(by_alias=True) if enrolled else "",
        news=known.decode() if known else "",
        now=utc_now().isoformat(),
    )
