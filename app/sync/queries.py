"""Questions asked of the record log. Each starts from a person."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.sync.models import HeldRecord, RecordVariant


def count_held(session: Session, person_id: int) -> int:
    """Return how many of a person's records wait for somebody to look at them."""
    held = select(func.count()).select_from(HeldRecord).where(HeldRecord.person_id == person_id).scalar_subquery()
    variants = (
        select(func.count()).select_from(RecordVariant).where(RecordVariant.person_id == person_id).scalar_subquery()
    )
    count: int = session.scalars(select(held + variants)).one()
    return count
