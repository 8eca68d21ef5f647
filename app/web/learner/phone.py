"""What the phone's worker fetches: itself, the shell documents, and the manifest for the home screen."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, current_app
from flask.typing import ResponseReturnValue

from app.web import shell
from app.web.access import allows_anyone
from app.web.learner.replies import public
from app.web.security import HEADERS

bp = Blueprint("phone", __name__)
# While a file of this name lies in the instance folder, phones are told to do without the worker (docs/offline.md).
SWITCH = "worker-off"


@bp.get("/sw.js")
@allows_anyone
def worker() -> ResponseReturnValue:
    """Send the worker with the list of its files in front, or the one that removes it when the operator has it off."""
    switched_off = Path(current_app.instance_path, SWITCH).exists()
    text = shell.switched_off() if switched_off else shell.current().worker()
    # The newest worker is how a mistake in an older one is mended, so nothing on the way may keep it: `public` says so.
    return public(text, "text/javascript")


@bp.get(shell.DOCUMENTS)
@allows_anyone
def documents() -> ResponseReturnValue:
    """Send the shell documents, their tokens not filled."""
    response = public(shell.current().documents(), "application/json")
    # The worker makes pages of them, and a page has the headers its document came with.
    response.headers.update(HEADERS)
    return response


@bp.get("/manifest.webmanifest")
@allows_anyone
def manifest() -> ResponseReturnValue:
    """Send the name, colours and icons for the home screen."""
    # Every page names it, and it hardly changes; the worker checks its own copy by hash.
    return public(shell.current().webmanifest, "application/manifest+json", keep=3600)
