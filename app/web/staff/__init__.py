"""The door to the staff pages: signing in and out, the second step, a password, which provider."""

from __future__ import annotations

from flask import Flask

from app.web.staff import (
    factors,
    home,
    openid,
    openid_first,
    openid_link,
    outside,
    password,
    second_step,
    security,
    sign_in,
)
from app.web.staff.blueprint import bp
from app.web.staff.frame import MENU, frame

__all__ = [
    "MENU",
    "factors",
    "home",
    "init_app",
    "openid",
    "openid_first",
    "openid_link",
    "password",
    "second_step",
    "security",
    "sign_in",
]


def init_app(app: Flask) -> None:
    """Register the door, and give staff templates their frame."""
    outside.init_app(app)
    app.register_blueprint(bp)
    app.context_processor(frame)
