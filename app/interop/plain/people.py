"""People as a list that can be taken in again, here or elsewhere, with nothing lost."""

from __future__ import annotations

from collections.abc import Iterable

from app.compliance.tables import Cell
from app.kernel import day_of
from app.providers import MemberView, Role

COLUMNS = ("name", "email", "role", "start_date", "asc_wds_establishment", "asc_wds_worker")
# As the list that is taken in has them.
ROLE_WORDS = {Role.LEARNER: "carer", Role.ASSESSOR: "assessor", Role.TRAINER: "trainer", Role.MANAGER: "manager"}


def people(members: Iterable[MemberView], workplace: str) -> list[list[Cell]]:
    """Return a row of each person. `workplace`: what it is called in ASC-WDS; empty where nobody said."""
    return [
        [
            member.name,
            member.email or "",
            roles(member.roles),
            day_of(member.started),
            workplace,
            member.reference or "",
        ]
        for member in members
    ]


def roles(held: frozenset[Role]) -> str:
    """Return somebody's roles with semicolons between."""
    return "; ".join(words for role, words in ROLE_WORDS.items() if role in held)
