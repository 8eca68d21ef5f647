"""Who is signed in, at which provider, and which views they may open.

Every view says who may use it with one of the decorators here; a test walks the address map and fails for one that does
not. A view for a role is given only what hangs below the signed-in person's own provider.
"""

from __future__ import annotations

import functools
import secrets
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_address, ip_network
from typing import Any, ParamSpec
from urllib.parse import urlsplit
from uuid import UUID

from flask import Flask, abort, current_app, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import UserMixin, current_user, login_user, logout_user

from app import audit, identity, providers
from app.config import Settings
from app.extensions import db, login_manager
from app.identity import Bearer, PasskeySite, PersonView, TokenKind
from app.interop import feed
from app.interop.feed import TokenView
from app.kernel import begin_write, look_before_writing, utc_now, write_if_free
from app.providers import MembershipView, Role
from app.web.writing import READS_ONLY, takes_the_lock

Arguments = ParamSpec("Arguments")
View = Callable[Arguments, ResponseReturnValue]

STAFF = (Role.MANAGER, Role.ASSESSOR, Role.TRAINER)
BEARER = "Bearer "
# However busy a browser is, a day after signing in somebody shows again who they are.
LONGEST = timedelta(hours=24)
# A passkey cannot be guessed; looking at many answers is work all the same.
PASSKEYS_PER_ADDRESS = 50
CHOOSE_PAGE = "staff.password"
SECOND_STEP_PAGE = "staff.second_step"
SET_UP_PAGE = "staff.set_up"
# What a renewed sign-in keeps of the one before, unless its person has just shown again who they are.
KEPT = ("since", "proved", "by_openid")


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """Who may use a view: `anyone`, people with one of `roles`, a phone with a token of kind `bearer`.

    `feed`: another system with a token of a provider's feed.
    """

    anyone: bool = False
    roles: frozenset[Role] = frozenset()
    bearer: TokenKind | None = None
    feed: bool = False


class SignedIn(UserMixin):  # type: ignore[misc]  # flask_login has no types
    """The signed-in person, as Flask-Login keeps them, with the places they have now."""

    def __init__(self, person: PersonView, generation: int, memberships: tuple[MembershipView, ...]) -> None:
        self.person = person
        self.generation = generation
        self.memberships = memberships

    def get_id(self) -> str:
        """Return what the cookie carries. The generation ends it when the PIN or password changes elsewhere."""
        return f"{self.person.uuid}.{self.generation}"


def _load(cookie_id: str) -> SignedIn | None:
    uuid, _, generation = cookie_id.partition(".")
    if identity.sign_in_has_ended(db.session(), session.get("id", "")):
        return None
    if not 0 <= utc_now().timestamp() - session.get("since", 0) < LONGEST.total_seconds():
        return None
    try:
        person = identity.find_person(db.session(), UUID(uuid))
    except ValueError:
        return None
    if person is None or person.archived_at is not None:
        return None
    now = identity.sign_in_generation(db.session(), person.id)
    if generation != str(now):
        return None
    return SignedIn(person, now, _places(person))


def _places(person: PersonView) -> tuple[MembershipView, ...]:
    """Return the places this sign-in is for: all the person has, but only the code's own when a code opened it."""
    places = providers.memberships_of(db.session(), person.id, now=utc_now())
    if not came_by_code():
        return places
    return tuple(place for place in places if str(place.provider.uuid) == session.get("provider"))


def sign_in(
    person: PersonView,
    *,
    provider: UUID | None = None,
    by_code: bool = False,
    second_step: bool = False,
    proved: bool = True,
) -> None:
    """Sign a person in on this browser. Whatever the browser carried before is dropped, so that nobody can plant it.

    `by_code`: a manager of `provider` made the code, so it opens nothing the person has at other providers.
    `second_step`: they have shown more than a password. `proved`: they have just shown who they are, and not by a code.
    """
    session.clear()
    session.permanent = True
    session["id"] = secrets.token_urlsafe(16)
    session["since"] = int(utc_now().timestamp())
    if provider is not None:
        session["provider"] = str(provider)
    if by_code:
        session["by_code"] = True
    if second_step:
        session["second_step"] = True
    if proved:
        session["proved"] = int(utc_now().timestamp())
    login_user(SignedIn(person, identity.sign_in_generation(db.session(), person.id), _places(person)))


def sign_in_again(
    person: PersonView, *, provider: str | None, second_step: bool | None = None, proved: bool = False
) -> None:
    """Renew this browser's sign-in after a step that ended or strengthened it; it keeps what it was opened with.

    Without `proved` it also keeps since when, and when its person last showed who they are: whoever finds a signed-in
    browser must not win either by pressing a button.
    """
    strong = has_shown_second_step() if second_step is None else second_step
    kept = {key: session[key] for key in (("by_openid",) if proved else KEPT) if key in session}
    sign_in(
        person, provider=UUID(provider) if provider else None, by_code=came_by_code(), second_step=strong, proved=proved
    )
    session.update(kept)


def is_signed_in() -> bool:
    """Say whether somebody is signed in on this browser."""
    return isinstance(current_user._get_current_object(), SignedIn)


def address() -> str:
    """Return where a request comes from, as tries are counted for it: one IPv6 line has 2⁶⁴ addresses to try from."""
    try:
        given = ip_address(request.remote_addr or "")
    except ValueError:
        return ""
    return str(given) if given.version == 4 else str(ip_network((given, 64), strict=False))


def passkey_site() -> PasskeySite:
    """Return whose passkeys these are: what the settings say, never what the request claims our name is."""
    settings: Settings = current_app.extensions["bv.settings"]
    return PasskeySite(name="Between Visits", host=settings.hostname, origin=settings.origin)


def came_by_code() -> bool:
    """Say whether this browser was signed in by an invite's code rather than by a password."""
    return bool(session.get("by_code"))


def came_by_openid() -> bool:
    """Say whether this browser came from the OpenID provider: there it may be signed in still."""
    return bool(session.get("by_openid"))


def has_shown_second_step() -> bool:
    """Say whether this browser's sign-in was made with more than a password or a code."""
    return bool(session.get("second_step"))


def needs_second_step() -> bool:
    """Say whether the signed-in person may not work here with a password alone: managers, where records are real."""
    settings: Settings = current_app.extensions["bv.settings"]
    return settings.production and any(Role.MANAGER in place.roles for place in current_memberships())


def end_sign_in() -> None:
    """Let a copy of this browser's cookie open nothing any more. The caller commits."""
    if "id" in session:
        identity.end_sign_in(db.session(), session["id"], now=utc_now())


def sign_out() -> None:
    """Sign this browser out. Nothing on a phone is touched: unsent records live outside the sign-in."""
    logout_user()
    session.clear()


def current_person() -> PersonView:
    """Return the signed-in person; only inside a view for roles."""
    return _signed_in().person


def actor() -> audit.Actor:
    """Return the signed-in person as the audit trail names them; only inside a view for roles."""
    return audit.by_person(_signed_in().person.uuid)


def current_membership() -> MembershipView:
    """Return the place the signed-in person is using: the one they chose, else the first that fits the view."""
    membership: MembershipView | None = g.get("membership")
    if membership is None:
        abort(403)
    return membership


def current_memberships() -> tuple[MembershipView, ...]:
    """Return every place the signed-in person has now."""
    return _signed_in().memberships


def chosen_membership(roles: frozenset[Role]) -> MembershipView | None:
    """Return the place the signed-in person uses for `roles`: the one they chose, else their newest that fits."""
    user = current_user._get_current_object()
    if not isinstance(user, SignedIn):
        return None
    fitting = [m for m in user.memberships if roles & m.roles]
    chosen = session.get("provider")
    return next((m for m in fitting if str(m.provider.uuid) == chosen), fitting[0] if fitting else None)


def _signed_in() -> SignedIn:
    user = current_user._get_current_object()
    if not isinstance(user, SignedIn):
        abort(401)
    return user


def allows(*roles: Role, at_the_door: bool = False) -> Callable[[View[Arguments]], View[Arguments]]:
    """Let in people with one of `roles` at a provider; `current_membership()` then says which.

    Somebody signed out is asked to sign in (a page) or refused (401, the API); somebody with other roles gets 403.
    Where carers have no business, a second step comes first; `at_the_door` are the pages for setting one up.
    """
    needed = frozenset(roles)
    if not needed:
        raise ValueError("Name at least one role; for everybody there is allows_anyone")

    def decorate(view: View[Arguments]) -> View[Arguments]:
        @functools.wraps(view)
        def guarded(*args: Arguments.args, **kwargs: Arguments.kwargs) -> ResponseReturnValue:
            if not current_user.is_authenticated:
                return _ask_to_sign_in()
            g.membership = chosen_membership(needed)
            if g.membership is None:
                abort(403)
            detour = None if Role.LEARNER in needed else _detour(at_the_door=at_the_door)
            if detour is not None and request.endpoint != detour:
                return redirect(url_for(detour))
            return view(*args, **kwargs)

        return _marked(guarded, Access(roles=needed))

    return decorate


def _detour(*, at_the_door: bool) -> str | None:
    """Return the page the signed-in person has to pass before any other staff page, or None. Asked at every request."""
    person = current_person()
    if not has_shown_second_step() and identity.has_second_step(db.session(), person.id):
        return SECOND_STEP_PAGE
    if person.password_is_temporary:
        return CHOOSE_PAGE
    if needs_second_step() and not has_shown_second_step() and not at_the_door:
        return SET_UP_PAGE
    return None


def allows_anyone(view: View[Arguments]) -> View[Arguments]:
    """Let everybody in, signed in or not: the view shows nothing about a person."""
    return _marked(view, Access(anyone=True))


def allows_bearer(kind: str) -> Callable[[View[Arguments]], View[Arguments]]:
    """Let in a phone whose token is of this kind ("append" or "read"); `current_bearer()` then says whose it is.

    Cookies count for nothing here. Raises identity.TokenRefused (401) otherwise.
    """
    needed = TokenKind(kind)

    def decorate(view: View[Arguments]) -> View[Arguments]:
        @functools.wraps(view)
        def guarded(*args: Arguments.args, **kwargs: Arguments.kwargs) -> ResponseReturnValue:
            token = _token()
            read_only, now = request.method in READS_ONLY or takes_the_lock(view), utc_now()
            if takes_the_lock(view):
                look_before_writing(db.session())
            g.bearer = identity.bearer(db.session(), token, needed, now=now, move_on=not read_only)
            if g.bearer.should_move_on:
                # Once a day, and if nobody else is writing: tomorrow will do.
                write_if_free(db.session(), lambda: identity.bearer(db.session(), token, needed, now=now))
            return view(*args, **kwargs)

        return _marked(guarded, Access(bearer=needed))

    return decorate


def write_as_bearer() -> Bearer:
    """Begin to write, and say anew whose token it is: it may have ended, or its person been erased, during the wait.

    Raises identity.TokenRefused.
    """
    session, who = db.session(), current_bearer()
    begin_write(session)
    if identity.still_bearer(session, _token(), who, now=utc_now()):
        return who
    return identity.bearer(session, _token(), who.kind, now=utc_now(), move_on=False)


def _token() -> str:
    header = request.headers.get("Authorization", "")
    return header.removeprefix(BEARER) if header.startswith(BEARER) else ""


def allows_feed(view: View[Arguments]) -> View[Arguments]:
    """Let in another system with a token of a provider's feed; `current_feed_token()` then says which.

    Cookies count for nothing here. Raises feed.FeedTokenRefused (401) otherwise.
    """

    @functools.wraps(view)
    def guarded(*args: Arguments.args, **kwargs: Arguments.kwargs) -> ResponseReturnValue:
        g.feed_token = feed.opened_by(db.session(), _token())
        return view(*args, **kwargs)

    return _marked(guarded, Access(feed=True))


def current_feed_token() -> TokenView:
    """Return the token the request carries; only inside a view with `allows_feed`."""
    token: TokenView = g.feed_token
    return token


def may_read(only_for: Collection[UUID] | None) -> bool:
    """Say whether whoever asks may have what is for these providers, or for everybody when it is None.

    Their phone's read token counts, and a staff sign-in that could open a page there now.
    """
    if only_for is None:
        return True
    header = request.headers.get("Authorization", "")
    if header.startswith(BEARER):
        return any(place.provider.uuid in only_for for place in _places_of_phone(header.removeprefix(BEARER)))
    user = current_user._get_current_object()
    if not isinstance(user, SignedIn) or _detour(at_the_door=False) is not None:
        return False
    return any(place.provider.uuid in only_for and place.roles & set(STAFF) for place in user.memberships)


def _places_of_phone(token: str) -> tuple[MembershipView, ...]:
    """Return the place a phone's read token is for, if it is good and its person still has the place."""
    now = utc_now()
    try:
        who = identity.bearer(db.session(), token, TokenKind.READ, now=now, move_on=False)
    except identity.TokenRefused:
        return ()
    places = providers.memberships_of(db.session(), who.person_id, now=now)
    return tuple(place for place in places if place.provider.id == who.provider_id and not who.archived)


def current_bearer() -> Bearer:
    """Return whose token the request carries; only inside a view with `allows_bearer`."""
    bearer: Bearer = g.bearer
    return bearer


def access_of(view: Callable[..., Any]) -> Access | None:
    """Return what a view's decorator said, or None when it says nothing."""
    return getattr(view, "_access", None)


def safe_next(target: str | None) -> str | None:
    """Return `target` when it is an address of ours that a signed-in member of staff may be sent to, else None."""
    if not target or "\\" in target or any(ord(c) < 33 for c in target):
        return None
    try:
        parts = urlsplit(target)
    except ValueError:  # such as brackets with no address in them
        return None
    return target if not parts.scheme and not parts.netloc and parts.path.startswith("/staff/") else None


def init_app(app: Flask) -> None:
    """Let Flask-Login find people."""
    # Its context processor would look the person up for every page, even the one that says the database is away.
    login_manager.init_app(app, add_context_processor=False)
    login_manager.user_loader(_load)


def _marked(view: View[Arguments], access: Access) -> View[Arguments]:
    view._access = access  # type: ignore[attr-defined]
    return view


def _ask_to_sign_in() -> ResponseReturnValue:
    if not _is_staff_page():
        abort(401)
    target = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("staff.sign_in", next=safe_next(target)))


def _is_staff_page() -> bool:
    return request.path.startswith("/staff/")
