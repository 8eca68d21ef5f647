"""Joins settings and extensions into one Flask application; `app.web.screens` gives it its screens."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask

from app.config import Settings
from app.files import Bucket
from app.web import database, logs


def build_app(settings: Settings | None = None) -> Flask:
    """Return the application for `settings` (the environment's when none are given), without screens.

    Raises SettingsError.
    """
    settings = settings or Settings.from_environment()
    settings.instance.mkdir(parents=True, exist_ok=True)
    app = Flask("app", instance_path=str(settings.instance), static_folder=None)
    # No view of ours is a coroutine; Flask would ask that of each function it calls, with every request.
    app.ensure_sync = _as_it_is  # type: ignore[method-assign, assignment]
    app.extensions["bv.settings"] = settings
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=database.engine_options(
            settings.database_url, settings.threads, pooled=settings.database_direct_url is not None
        ),
        # Another name than ours is refused, so that no link or redirect can be made to point elsewhere. During
        # development a phone reaches this machine by whatever address the network gave it.
        TRUSTED_HOSTS=[settings.hostname] if settings.production else None,
    )
    logs.init_app(app, settings)
    database.init_app(app, Bucket(settings.files) if settings.files else None)
    return app


def _as_it_is(function: Callable[..., Any]) -> Callable[..., Any]:
    return function
