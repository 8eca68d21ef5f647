"""Statuses in the words every screen has (design: the words and signs for states)."""

from __future__ import annotations

WORDS = {
    "not-started": "Not started",
    "under-way": "Under way",
    "in-date": "In date",
    "due-soon": "Due soon",
    "overdue": "Overdue",
    "needs-watching": "Needs watching",
    "not-needed": "Not needed",
    "booked": "Booked",
}
