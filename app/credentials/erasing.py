"""Removing a person: their credentials go from this server. Their own copies stay valid, and so do their places on the
status lists, which name nobody.
"""

from __future__ import annotations

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from app.credentials import passport
from app.credentials.models import Credential


def erase(session: Session, person_id: int, provider_id: int | None) -> None:
    """Remove what was issued to a person, at one provider when it is given; what they revoked is revoked by nobody."""
    passport.erase(session, person_id, provider_id)
    here = [] if provider_id is None else [Credential.provider_id == provider_id]
    session.execute(delete(Credential).where(Credential.person_id == person_id, *here))
    session.execute(update(Credential).where(Credential.revoked_by == person_id, *here).values(revoked_by=None))
    session.expire_all()
