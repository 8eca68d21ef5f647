"""Practice observed on the staff pages: what waits, assessors, a learner's practice, sign-off."""

from __future__ import annotations

from app.web.manager.practice import assessors, deciding, delegated, delegated_file, learner, overview
from app.web.manager.practice.blueprint import bp
from app.web.manager.practice.section import practice_of

__all__ = [
    "assessors",
    "bp",
    "deciding",
    "delegated",
    "delegated_file",
    "learner",
    "overview",
    "practice_of",
]
