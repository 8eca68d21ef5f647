"""The blueprint of the practice pages."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("practice", __name__, url_prefix="/staff/practice")
