"""Names of a provider's people, for "held by" and "with"."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy.orm import Session

from app import providers


def names_of(session: Session, provider_id: int, *, with_ended: bool) -> Mapping[int, str]:
    """Return internal id → name, of those who are here now or of all there ever were. One statement or two."""
    members = providers.list_members(session, provider_id, with_ended=with_ended)
    return {member.person_id: member.name for member in members}
