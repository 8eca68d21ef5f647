"""What is typed in forms: words and days."""

from __future__ import annotations

from datetime import date

from flask import request

from app.web.forms import Problems


def typed(field: str) -> str:
    """Return what was typed into a field, its edges and line ends made plain."""
    return request.form.get(field, "").replace("\r\n", "\n").strip()


def typed_day(text: str, field: str, problems: Problems, *, needed: bool = True) -> date | None:
    """Return the day that was typed, such as 2026-12-12; None when there is none, or `problems` say why."""
    text = text.strip()
    if not text:
        if needed:
            problems.add(field, "Type the day.")
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        words = "There is no such day. Type it as year, month, day, such as 2026-12-12."
        problems.add(field, words if needed else f"{words} Or leave it empty.")
        return None
