"""What a provider's workplace is called in ASC-WDS."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.interop.asc_wds.errors import AscWdsError
from app.interop.asc_wds.models import Workplace
from app.interop.asc_wds.rules import LONGEST_ID, one_line


def workplace_of(session: Session, provider_id: int) -> str:
    """Return the local id of a provider's workplace, empty where none was typed. One statement."""
    query = select(Workplace.local_id).where(Workplace.provider_id == provider_id).order_by(Workplace.id.desc())
    return session.scalar(query.limit(1)) or ""


def set_workplace(session: Session, provider_id: int, typed: str, *, now: datetime) -> bool:
    """Keep what the workplace is called from now on, and say whether that is new. Raises AscWdsError."""
    local_id = one_line(typed)
    if len(local_id) > LONGEST_ID:
        raise AscWdsError(f"Use at most {LONGEST_ID} letters.", code="workplace-too-long", field="workplace")
    if local_id == workplace_of(session, provider_id):
        return False
    session.add(Workplace(provider_id=provider_id, local_id=local_id, since=now))
    session.flush()
    return True
