"""Gives the application its screens. They are most of what starting takes, so a command that shows none leaves them."""

from __future__ import annotations

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from app.config import Settings
from app.extensions import csrf
from app.web import (
    access,
    addresses,
    api,
    assets,
    errors,
    learner,
    manager,
    preview,
    public,
    security,
    staff,
    trainer,
    writing,
)


def add_screens(app: Flask) -> None:
    """Let `app` answer requests."""
    settings: Settings = app.extensions["bv.settings"]
    app.config["MAX_CONTENT_LENGTH"] = api.LARGEST_BODY
    # The headers are put on outside the built files, as those need them too.
    assets.init_app(app, production=settings.production)
    security.init_app(app, settings)
    writing.init_app(app)
    csrf.init_app(app)
    access.init_app(app)
    addresses.init_app(app)
    errors.init_app(app)
    for screens in (public, staff, manager, trainer, learner, api, preview):
        screens.init_app(app)
    if settings.proxies:
        hops = settings.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
