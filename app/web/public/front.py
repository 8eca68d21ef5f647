"""The front page, help, and the glossary."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.web.access import allows_anyone

bp = Blueprint("public", __name__)


@bp.get("/")
@allows_anyone
def front() -> ResponseReturnValue:
    """Say what this is, and show the two doors."""
    return render_template("public/front.html")


@bp.get("/help")
@allows_anyone
def get_help() -> ResponseReturnValue:
    """Answer what people ask, for carers and for managers."""
    return render_template("public/help.html")
