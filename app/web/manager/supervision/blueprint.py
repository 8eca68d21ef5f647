"""The blueprint of the supervision pages, and what they share."""

from __future__ import annotations

from datetime import date

from flask import Blueprint

from app.kernel import day_of, utc_now

bp = Blueprint("supervision", __name__, url_prefix="/staff/supervision")


def today() -> date:
    """Return the day it is in England."""
    return day_of(utc_now())
