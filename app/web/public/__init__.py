"""Pages for anybody: the front page, joining with a code, the catalogue, help, and what the words mean."""

from __future__ import annotations

from flask import Flask

from app.extensions import csrf
from app.web.public import catalogue, check, codes, credentials, front, health, join, passport, suggestions

__all__ = ["check", "init_app", "join"]


def init_app(app: Flask) -> None:
    """Register these pages."""
    app.register_blueprint(front.bp)
    app.register_blueprint(codes.bp)
    app.register_blueprint(health.bp)
    app.register_blueprint(catalogue.bp)
    # Other servers send there; a cookie says nothing to it.
    csrf.exempt(suggestions.bp)
    app.register_blueprint(suggestions.bp)
    app.register_blueprint(credentials.bp)
    app.register_blueprint(passport.bp)
