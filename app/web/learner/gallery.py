"""Every component in its states, for those who build and check them."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.web.access import allows_anyone

bp = Blueprint("gallery", __name__)


@bp.get("/gallery")
@allows_anyone
def gallery() -> ResponseReturnValue:
    """Show them all on one page."""
    return render_template("learner/gallery.html")
