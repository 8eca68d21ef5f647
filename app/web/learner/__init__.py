"""A learner's pages, the same bytes for everybody, and what the worker needs to show them with no signal."""

from __future__ import annotations

from flask import Flask

from app.web.learner.gallery import bp as gallery
from app.web.learner.pages import bp
from app.web.learner.phone import bp as phone


def init_app(app: Flask) -> None:
    """Register the pages; the gallery of components only during development."""
    app.register_blueprint(bp)
    app.register_blueprint(phone)
    if not app.extensions["bv.settings"].production:
        app.register_blueprint(gallery)
