"""Names of a provider's people, for "held by" and "with"."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy.orm import Session

from app import providers


def names_of(session: Session, provider_id: int, people: Iterable[int | None]) -> Mapping[int, str]:
    """Return internal id → name of those of these people who are here or were. Two statements, of nobody none."""
    wanted = {each for each in people if each is not None}
    members = providers.list_members(session, provider_id, with_ended=True, people=wanted) if wanted else ()
    return {member.person_id: member.name for member in members}
