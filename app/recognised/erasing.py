"""Removing a person."""

from __future__ import annotations

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.recognised.models import Recognition, RecognitionDecision


def erase(session: Session, person_id: int, provider_id: int | None) -> None:
    """Remove what was recognised of a person; only at one provider when it is given.

    What they decided about others stays decided, by nobody.
    """
    mine = select(Recognition.id).where(Recognition.person_id == person_id)
    if provider_id is not None:
        mine = mine.where(Recognition.provider_id == provider_id)
    found = list(session.scalars(mine))
    session.execute(delete(RecognitionDecision).where(RecognitionDecision.recognition_id.in_(found)))
    session.execute(delete(Recognition).where(Recognition.id.in_(found)))
    if provider_id is None:
        for column in (Recognition.by, RecognitionDecision.by):
            session.execute(update(column.class_).where(column == person_id).values({column.key: None}))
    session.expire_all()
