"""The rows of tables, as comparable values."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.assessment import Observation, ObservationConfirmation, ObservationWithdrawal
from app.learning import AttemptResult, Completed, LessonRead, Reflection, Remark
from app.messages.models import MessageMark
from app.supervision.models import GoalSaved
from app.sync import HeldRecord

PRACTICE = (Observation, ObservationConfirmation, ObservationWithdrawal)
WORKED_OUT = (AttemptResult, Completed, LessonRead, Reflection, Remark, GoalSaved, MessageMark, HeldRecord, *PRACTICE)


def worked_out(session: Session) -> dict[str, list[tuple[object, ...]]]:
    """Everything that is worked out from the record log, each table in the order of its key."""
    return {
        model.__tablename__: [
            tuple(map(repr, row))
            for row in session.execute(select(model.__table__).order_by(*model.__table__.primary_key.columns))
        ]
        for model in WORKED_OUT
    }
