"""The blueprint of the practice pages."""

from __future__ import annotations

from flask import Blueprint, request

bp = Blueprint("practice", __name__, url_prefix="/staff/practice")


def typed(field: str) -> str:
    """Return what was typed into a field, with plain line ends."""
    return request.form.get(field, "").replace("\r\n", "\n").strip()
