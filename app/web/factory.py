"""Joins settings, extensions and screens into one Flask application."""

from __future__ import annotations

import gc

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from app.config import Settings
from app.extensions import csrf
from app.files import Bucket
from app.web import (
    access,
    addresses,
    api,
    assets,
    database,
    errors,
    learner,
    logs,
    manager,
    preview,
    public,
    security,
    staff,
    trainer,
)

# Python looks for unused cycles after every 700 new objects; a page about a thousand people makes some hundred
# thousand, and then half its time went into looking.
OBJECTS_BETWEEN_LOOKS = 50_000


def build_app(settings: Settings | None = None) -> Flask:
    """Return the application for `settings` (the environment's when none are given). Raises SettingsError."""
    settings = settings or Settings.from_environment()
    gc.set_threshold(OBJECTS_BETWEEN_LOOKS, 20, 20)
    settings.instance.mkdir(parents=True, exist_ok=True)
    app = Flask("app", instance_path=str(settings.instance), static_folder=None)
    app.extensions["bv.settings"] = settings
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=database.engine_options(
            settings.database_url, settings.threads, pooled=settings.database_direct_url is not None
        ),
        MAX_CONTENT_LENGTH=api.LARGEST_BODY,
        # Another name than ours is refused, so that no link or redirect can be made to point elsewhere. During
        # development a phone reaches this machine by whatever address the network gave it.
        TRUSTED_HOSTS=[settings.hostname] if settings.production else None,
    )
    # The headers are put on outside the built files, as those need them too.
    assets.init_app(app, production=settings.production)
    security.init_app(app, settings)
    logs.init_app(app, settings)
    database.init_app(app, Bucket(settings.files) if settings.files else None)
    csrf.init_app(app)
    access.init_app(app)
    addresses.init_app(app)
    errors.init_app(app)
    for screens in (public, staff, manager, trainer, learner, api, preview):
        screens.init_app(app)
    if settings.proxies:
        hops = settings.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    return app
