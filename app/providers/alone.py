"""Nobody decides about themselves while somebody else can."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.providers.queries import list_members
from app.providers.types import Role

NAMED = 3


def others_who_manage(session: Session, provider_id: int, person_id: int) -> tuple[str, ...]:
    """Return the names of a provider's managers here now, but for this person."""
    return tuple(
        member.name
        for member in list_members(session, provider_id)
        if Role.MANAGER in member.roles and member.person_id != person_id
    )


def why_not_own(session: Session, provider_id: int, person_id: int, by: int | None) -> str:
    """Say why somebody may not decide this about themselves, and who can; empty when they may, or it is about another.

    The only manager of a provider may: nobody else could. What they decide is marked wherever it is shown.
    """
    others = others_who_manage(session, provider_id, person_id) if by == person_id else ()
    if not others:
        return ""
    named = [*others[:NAMED], *([f"{len(others) - NAMED} more"] if len(others) > NAMED else [])]
    listed = named[0] if len(named) == 1 else f"{', '.join(named[:-1])} or {named[-1]}"
    return f"Another manager has to decide this, as it is about you. Ask {listed}."
