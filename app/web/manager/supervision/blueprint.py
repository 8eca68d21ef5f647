"""The blueprint of the supervision pages, and what they share."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, request

from app.kernel import day_of, utc_now
from app.web.forms import Problems

bp = Blueprint("supervision", __name__, url_prefix="/staff/supervision")


def today() -> date:
    """Return the day it is in England."""
    return day_of(utc_now())


def typed(field: str) -> str:
    """Return what was typed into a field, its edges and line ends made plain."""
    return request.form.get(field, "").replace("\r\n", "\n").strip()


def typed_day(field: str, problems: Problems, *, needed: bool = False) -> date | None:
    """Return the day typed into a field, or None; what is no day is noted in `problems`."""
    text = typed(field)
    if not text:
        if needed:
            problems.add(field, "Say which day it was.")
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        problems.add(field, "Type the date as year, month, day, such as 2026-12-12.")
        return None
