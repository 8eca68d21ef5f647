"""Somebody who has another uuid by now: what assessors' phones saw of the earlier one was seen of them."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.assessment.models import Observation


def follow(session: Session, earlier: UUID, now_is: UUID) -> None:
    """Let what was seen of `earlier` be seen of `now_is`. What comes later follows by itself (projection.py)."""
    session.execute(
        update(Observation)
        .where(Observation.learner == earlier)
        .values(learner=now_is)
        .execution_options(synchronize_session=False)
    )
    session.expire_all()
