"""The blueprint of the door to the staff pages, and what its pages share."""

from __future__ import annotations

from flask import Blueprint, current_app
from flask.typing import ResponseReturnValue

from app import identity
from app.config import Settings

bp = Blueprint("staff", __name__, url_prefix="/staff")


def server_secret() -> bytes:
    """Return the secret that recovery codes and app secrets are kept under."""
    settings: Settings = current_app.extensions["bv.settings"]
    return settings.secret_key.encode()


def too_many(page: str, error: identity.Throttled) -> ResponseReturnValue:
    """Return a page that says how long to wait, and tells programs too."""
    return page, 429, {"Retry-After": str(error.retry_after)}
