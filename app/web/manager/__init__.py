"""What a manager sees and does: people, one person, invites, assignments."""

from __future__ import annotations

from flask import Flask

from app.web.manager import copies, corrections, data, invites, people, person, phones, trail
from app.web.manager.blueprint import bp

__all__ = ["bp", "copies", "corrections", "data", "init_app", "invites", "people", "person", "phones", "trail"]


def init_app(app: Flask) -> None:
    """Register these pages."""
    app.register_blueprint(bp)
    app.register_blueprint(trail.bp)
