"""Pages for anybody: the front page, joining with a code, help, and what the words mean."""

from __future__ import annotations

from flask import Flask

from app.web.public import front, join


def init_app(app: Flask) -> None:
    """Register these pages."""
    app.register_blueprint(front.bp)
    app.register_blueprint(join.bp)
