"""Removing a person: their credentials go from this server. Their own copies stay valid, and so do their places on the
status lists, which name nobody.
"""

from __future__ import annotations

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.credentials import passport
from app.credentials.models import Credential, CredentialEndorsement


def erase(session: Session, person_id: int, provider_id: int | None) -> None:
    """Remove what was issued to a person, at one provider when it is given; what they revoked is revoked by nobody.

    What they endorsed stays, signed, beside the credentials of others; who it was is kept nowhere else.
    """
    passport.erase(session, person_id, provider_id)
    here = [] if provider_id is None else [Credential.provider_id == provider_id]
    theirs = select(Credential.id).where(Credential.person_id == person_id, *here)
    session.execute(delete(CredentialEndorsement).where(CredentialEndorsement.credential_id.in_(theirs)))
    there = [] if provider_id is None else [CredentialEndorsement.provider_id == provider_id]
    mine = update(CredentialEndorsement).where(CredentialEndorsement.by == person_id, *there)
    session.execute(mine.values(by=None))
    session.execute(delete(Credential).where(Credential.person_id == person_id, *here))
    session.execute(update(Credential).where(Credential.revoked_by == person_id, *here).values(revoked_by=None))
    session.expire_all()
