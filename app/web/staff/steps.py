"""What a browser carries between the steps of signing in: who gave a password, which challenge it may answer, when.

All of it is in the signed cookie and gives no access. It ends by its time, and with the person's sign-in generation.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import asdict
from datetime import timedelta
from typing import Any, ParamSpec
from uuid import UUID

from flask import redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app import identity
from app.extensions import db
from app.identity import PersonView
from app.kernel import utc_now
from app.web import access
from app.web.noting import note_own
from app.web.staff import outside
from app.web.staff.outside import Claim

Arguments = ParamSpec("Arguments")
View = Callable[Arguments, ResponseReturnValue]

HALF_LASTS = timedelta(minutes=10)
# Whoever finds a signed-in browser must not be able to make themselves a key to it.
RECENT = timedelta(minutes=10)
HALF, CHALLENGE = "half", "challenge"


def begin_half(person: PersonView, target: str | None, *, by_openid: bool = False, claim: Claim | None = None) -> None:
    """Note that this browser gave the person's password, or came as them from the OpenID provider; nothing more yet.

    `claim`: the account to keep once they have shown the second step too.
    """
    session.clear()
    session.permanent = True
    generation = identity.sign_in_generation(db.session(), person.id)
    session[HALF] = {"person": str(person.uuid), "generation": generation, "at": _now(), "next": target}
    if by_openid:
        session[HALF]["openid"] = True
    if claim is not None:
        session[HALF]["claim"] = asdict(claim)


def half_signed_in() -> PersonView | None:
    """Return who still has to show a second step on this browser, or None: too late, or nobody."""
    user = current_user._get_current_object()
    if isinstance(user, access.SignedIn):
        # Somebody let in by a code, who has a second step from before.
        done = access.has_shown_second_step() or not identity.has_second_step(db.session(), user.person.id)
        return None if done else user.person
    half: dict[str, Any] | None = session.get(HALF)
    if half is None or not _is_within(half["at"], HALF_LASTS):
        return None
    person = identity.find_person(db.session(), UUID(half["person"]))
    if person is None or person.archived_at is not None:
        return None
    return person if identity.sign_in_generation(db.session(), person.id) == half["generation"] else None


def finish(person: PersonView) -> ResponseReturnValue:
    """Sign the person in for good and send them where they wanted to go. The caller notes it and commits."""
    half: dict[str, Any] = session.get(HALF) or {}
    target, by_openid, claim = access.safe_next(half.get("next")), half.get("openid", False), half.get("claim")
    place = session.get("provider")
    by_code = access.came_by_code()
    access.sign_in(
        person,
        provider=UUID(place) if place else None,
        by_code=by_code,
        second_step=True,
        # Whoever finds a browser the provider still knows has not typed the password.
        proved=not (by_code or by_openid),
    )
    if by_openid:
        note_openid()
    if claim is not None:
        outside.keep(Claim(**claim), person)
    return redirect(target or url_for("staff.home"))


def note_openid() -> None:
    """Note that the person just signed in came from the OpenID provider. The caller commits."""
    session[outside.CAME_BY] = True
    note_own("openid.used")


def offer_challenge(purpose: str, who: UUID | None) -> bytes:
    """Return a challenge that only this browser may answer, once and soon, for this purpose and person."""
    challenge = identity.new_challenge()
    asked = {"for": purpose, "who": str(who), "at": _now(), "challenge": identity.challenge_as_text(challenge)}
    session[CHALLENGE] = asked
    return challenge


def take_challenge(purpose: str, who: UUID | None) -> bytes | None:
    """Return the challenge this browser was given for the purpose, and forget it; None when there is no such one."""
    asked: dict[str, Any] | None = session.pop(CHALLENGE, None)
    if asked is None or (asked["for"], asked["who"]) != (purpose, str(who)):
        return None
    return identity.challenge_of(asked["challenge"]) if _is_within(asked["at"], identity.CHALLENGE_LASTS) else None


def prove() -> None:
    """Note that the signed-in person has just shown again who they are."""
    session["proved"] = _now()


def is_proved() -> bool:
    """Say whether the signed-in person has shown who they are in the last ten minutes."""
    return _is_within(session.get("proved", 0), RECENT)


def recently(view: View[Arguments]) -> View[Arguments]:
    """Ask for the password again first, if it was given more than ten minutes ago. Stands under `allows`."""

    @functools.wraps(view)
    def guarded(*args: Arguments.args, **kwargs: Arguments.kwargs) -> ResponseReturnValue:
        if not access.current_person().has_password:
            return redirect(url_for("staff.password"))
        if not is_proved():
            back = request.path if request.method == "GET" else url_for("staff.security")
            return redirect(url_for("staff.confirm", next=back))
        return view(*args, **kwargs)

    return guarded


def _now() -> int:
    return int(utc_now().timestamp())


def _is_within(moment: int, lasts: timedelta) -> bool:
    return 0 <= _now() - moment <= lasts.total_seconds()
