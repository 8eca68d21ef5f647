"""Supervision on the staff pages: what is due, meetings, development plans, induction."""

from __future__ import annotations

from app.web.manager.supervision import induction, meetings, overview, person, plan
from app.web.manager.supervision.blueprint import bp
from app.web.manager.supervision.section import section_of

__all__ = ["bp", "induction", "meetings", "overview", "person", "plan", "section_of"]
