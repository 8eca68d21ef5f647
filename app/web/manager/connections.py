"""Other systems: who may read where people stand, who is told of changes, and where statements are forwarded."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, abort, current_app, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.config import Settings
from app.extensions import db
from app.interop import feed, telling, webhooks, xapi
from app.kernel import DomainError, begin_write, day_of, utc_now
from app.providers import Role
from app.web.access import allows, current_membership
from app.web.forms import Problems
from app.web.manager.blueprint import noted
from app.web.manager.connections_page import ConnectionsPage, event_choices, field_choices, tells_choices

bp = Blueprint("connections", __name__, url_prefix="/staff/connections")


@bp.get("")
@allows(Role.MANAGER)
def page() -> ResponseReturnValue:
    """Show every other system, and how it goes."""
    session, provider = db.session(), current_membership().provider
    shown = ConnectionsPage.of(
        feed.tokens(session, provider),
        webhooks.webhooks(session, provider.id),
        xapi.stores(session, provider.id),
        now=utc_now(),
    )
    return render_template("manager/connections/connections.html", page=shown)


@bp.get("/token")
@allows(Role.MANAGER)
def new_token() -> ResponseReturnValue:
    """Ask which system is to read what."""
    return _token_form(Problems(), None)


@bp.post("/token")
@allows(Role.MANAGER)
def make_token() -> ResponseReturnValue:
    """Make a token, and show it this once."""
    session, provider, fields = db.session(), current_membership().provider, request.form.getlist("fields")
    begin_write(session)
    try:
        token, text = feed.make_token(session, provider, request.form.get("name", ""), fields, now=utc_now())
    except DomainError as refused:
        return _refused(refused, lambda problems: _token_form(problems, fields))
    noted("feed.token-made", system=str(token.uuid), fields=",".join(token.fields))
    session.commit()
    addresses = {
        "The address to read": _here("/api/v1/feed/people"),
        "How it is read": _here("/api/v1/feed/openapi.json"),
    }
    return _shown_once(token.name, "The token", text, addresses)


@bp.post("/token/<uuid:token>/end")
@allows(Role.MANAGER)
def end_token(token: UUID) -> ResponseReturnValue:
    """Let a token open nothing from now on."""
    session, provider = db.session(), current_membership().provider
    begin_write(session)
    name = next((each.name for each in feed.tokens(session, provider) if each.uuid == token), "")
    changed = feed.end_token(session, provider.id, token, now=utc_now())
    return _did(changed, "feed.token-ended", token, f"{name} reads nothing any more.")


@bp.get("/webhook")
@allows(Role.MANAGER)
def new_webhook() -> ResponseReturnValue:
    """Ask which system is to be told of what."""
    return _webhook_form(Problems(), None, None)


@bp.post("/webhook")
@allows(Role.MANAGER)
def add_webhook() -> ResponseReturnValue:
    """Tell a system from now on, and show its secret this once."""
    session, provider, now = db.session(), current_membership().provider, utc_now()
    events, tells = request.form.getlist("events"), request.form.getlist("tells")
    # What was so before is not told: from here on it is known where everybody stands.
    seen = feed.see(session, provider, now=now)
    begin_write(session)
    if seen is not None:
        telling.keep(session, seen)
    try:
        uuid, secret = webhooks.add(
            session,
            provider.id,
            name=request.form.get("name", ""),
            address=request.form.get("address", ""),
            events=events,
            tells=tells,
            anywhere=_settings().follow == "any",
            key=_settings().secret_key.encode(),
            now=now,
        )
    except DomainError as refused:
        return _refused(refused, lambda problems: _webhook_form(problems, events, tells))
    name = _webhook(uuid)
    noted("webhook.added", system=str(uuid), events=",".join(each for each in webhooks.TO_PICK if each in events))
    session.commit()
    return _shown_once(name, "The secret it checks our messages with", secret, {})


@bp.post("/webhook/<uuid:webhook>/end")
@allows(Role.MANAGER)
def end_webhook(webhook: UUID) -> ResponseReturnValue:
    """Tell a system nothing more."""
    begin_write(db.session())
    name, here = _webhook(webhook), current_membership().provider.id
    changed = webhooks.end(db.session(), here, webhook, now=utc_now())
    return _did(changed, "webhook.ended", webhook, f"{name} is told nothing any more.")


@bp.post("/webhook/<uuid:webhook>/again")
@allows(Role.MANAGER)
def send_webhook_again(webhook: UUID) -> ResponseReturnValue:
    """Try at once what did not go through."""
    begin_write(db.session())
    name, here = _webhook(webhook), current_membership().provider.id
    changed = webhooks.send_again(db.session(), here, webhook)
    return _did(changed, "webhook.sent-again", webhook, f"{name} is told within half a minute. Look again then.")


@bp.post("/webhook/<uuid:webhook>/try")
@allows(Role.MANAGER)
def try_webhook(webhook: UUID) -> ResponseReturnValue:
    """Send a test, which is about nobody."""
    begin_write(db.session())
    name, here = _webhook(webhook), current_membership().provider.id
    asked = webhooks.try_it(db.session(), here, webhook, now=utc_now()) or None
    return _did(asked, "webhook.tried", webhook, f"A test goes to {name} within half a minute. Look again then.")


@bp.get("/store")
@allows(Role.MANAGER)
def new_store() -> ResponseReturnValue:
    """Ask which learning record store is to be given statements."""
    return _store_form(Problems())


@bp.post("/store")
@allows(Role.MANAGER)
def add_store() -> ResponseReturnValue:
    """Forward statements to a store from now on."""
    session, now, given = db.session(), utc_now(), request.form.get("from_day", "")
    begin_write(session)
    try:
        from_day = _day(given)
        uuid = xapi.add_store(
            session,
            current_membership().provider.id,
            name=request.form.get("name", ""),
            address=request.form.get("address", ""),
            user=request.form.get("user", ""),
            password=request.form.get("password", ""),
            from_day=from_day,
            anywhere=_settings().follow == "any",
            key=_settings().secret_key.encode(),
            now=now,
        )
    except DomainError as refused:
        return _refused(refused, _store_form)
    noted("store.added", system=str(uuid), day=from_day.isoformat())
    session.commit()
    flash(f"Statements go to {_store(uuid)} within a few minutes.", "done")
    return redirect(url_for("connections.page"))


@bp.post("/store/<uuid:store>/end")
@allows(Role.MANAGER)
def end_store(store: UUID) -> ResponseReturnValue:
    """Forward nothing to a store any more. What it has stays there."""
    begin_write(db.session())
    name, here = _store(store), current_membership().provider.id
    changed = xapi.end_store(db.session(), here, store, now=utc_now())
    return _did(changed, "store.ended", store, f"{name} is given nothing any more. What it has stays there.")


@bp.post("/store/<uuid:store>/again")
@allows(Role.MANAGER)
def send_store_again(store: UUID) -> ResponseReturnValue:
    """Try at once what did not go through."""
    begin_write(db.session())
    name = _store(store)
    changed = xapi.go_on(db.session(), current_membership().provider.id, store)
    return _did(changed, "store.sent-again", store, f"{name} is tried again within a few minutes. Look again then.")


def _did(changed: bool | None, action: str, system: UUID, said: str) -> ResponseReturnValue:
    """End a request: 404 where there is no such system, noted where something changed."""
    if changed is None:
        abort(404)
    if changed:
        noted(action, system=str(system))
        flash(said, "done")
    db.session.commit()
    return redirect(url_for("connections.page"))


def _refused(refused: DomainError, form: Callable[[Problems], str]) -> ResponseReturnValue:
    db.session.rollback()
    problems = Problems()
    problems.add_error(refused, "name")
    return form(problems), 400


def _shown_once(name: str, what: str, secret: str, addresses: dict[str, str]) -> ResponseReturnValue:
    html = render_template("manager/connections/made.html", name=name, what=what, secret=secret, addresses=addresses)
    reply = make_response(html)
    reply.headers["Cache-Control"] = "no-store"
    return reply


def _token_form(problems: Problems, fields: list[str] | None) -> str:
    return _form("token", problems, choices=field_choices(fields))


def _webhook_form(problems: Problems, events: list[str] | None, tells: list[str] | None) -> str:
    return _form("webhook", problems, events=event_choices(events), tells=tells_choices(tells))


def _store_form(problems: Problems) -> str:
    return _form("store", problems, today=day_of(utc_now()).isoformat())


def _form(name: str, problems: Problems, **more: Any) -> str:
    return render_template(f"manager/connections/{name}.html", problems=problems, typed=request.form, **more)


def _webhook(uuid: UUID) -> str:
    """Return what a webhook of this provider is called. 404 where there is none."""
    found = webhooks.webhooks(db.session(), current_membership().provider.id)
    return next((each.name for each in found if each.uuid == uuid), "") or abort(404)


def _store(uuid: UUID) -> str:
    """Return what a store of this provider is called. 404 where there is none."""
    found = xapi.stores(db.session(), current_membership().provider.id)
    return next((each.name for each in found if each.uuid == uuid), "") or abort(404)


def _day(given: str) -> date:
    try:
        return date.fromisoformat(given.strip())
    except ValueError:
        raise xapi.StoreError("Pick a day.", field="from_day") from None


def _settings() -> Settings:
    settings: Settings = current_app.extensions["bv.settings"]
    return settings


def _here(path: str) -> str:
    return f"{_settings().origin}{path}"
