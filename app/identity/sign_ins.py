"""Browsers that were signed out. A copy of a cookie cannot be called back, so the server remembers which ones ended."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.identity.models import EndedSignIn
from app.kernel import insert_if_new

# However long a browser may be signed in, its cookie is no good after this.
KEPT = timedelta(hours=48)


def end_sign_in(session: Session, sign_in: str, *, now: datetime) -> None:
    """End one browser's sign-in, by the random text its cookie carries. Flushes; safe to repeat."""
    session.execute(delete(EndedSignIn).where(EndedSignIn.at < now - KEPT))
    session.execute(insert_if_new(session, EndedSignIn).values(hash=_hashed(sign_in), at=now))


def sign_in_has_ended(session: Session, sign_in: str) -> bool:
    """Say whether this browser's sign-in was ended."""
    return session.get(EndedSignIn, _hashed(sign_in)) is not None


def _hashed(sign_in: str) -> str:
    return hashlib.sha256(sign_in.encode()).hexdigest()
