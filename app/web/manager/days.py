"""Days as they are typed in forms."""

from __future__ import annotations

from datetime import date

from app.web.forms import Problems


def typed_day(typed: str, field: str, problems: Problems, *, needed: bool = True) -> date | None:
    """Return the day that was typed, such as 2026-12-12; None when there is none, or `problems` say why."""
    typed = typed.strip()
    if not typed:
        if needed:
            problems.add(field, "Type the day.")
        return None
    try:
        return date.fromisoformat(typed)
    except ValueError:
        problems.add(field, "There is no such day. Type it as year, month, day, such as 2026-12-12.")
        return None
