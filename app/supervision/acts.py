"""What this package makes of records: a carer's own goals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from app.learning import Act, StudiedEdition
from app.supervision.models import GoalSaved

# Kind of record → whether it is about an edition.
ACT_KINDS = {"goal.saved": False}
LONGEST_GOAL = 500


def _day(value: Any) -> date | None:
    if value is None:
        return None
    if not isinstance(value, str) or len(value) != 10:
        raise ValueError("not a day")
    return date.fromisoformat(value)


class GoalData(BaseModel):
    """A goal as its carer wants it from now on. Empty words take it off the plan."""

    model_config = ConfigDict(strict=True, extra="ignore", frozen=True)

    goal: Annotated[str, Field(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]
    text: Annotated[str, Field(max_length=LONGEST_GOAL)]
    by: Annotated[date | None, BeforeValidator(_day)] = None
    done: bool


def understand(kind: str, data: Mapping[str, Any], edition: StudiedEdition | None) -> GoalData | None:  # noqa: ARG001  # every package's has the same shape
    """Return a goal as a record has it, or None when it has not its shape."""
    try:
        return GoalData.model_validate(data)
    except ValidationError:
        return None


def apply(session: Session, acts: Iterable[Act], editions: Mapping[str, StudiedEdition]) -> None:  # noqa: ARG001
    """Add what these acts say of goals, in one statement. Each act is applied once: the log says which are new."""
    rows: list[dict[str, Any]] = [
        {
            "record": act.record,
            "person_id": act.person_id,
            "provider_id": act.provider_id,
            "goal": UUID(act.data.goal),
            "text": act.data.text.strip(),
            "wanted_by": act.data.by,
            "done": act.data.done,
            "at": act.at,
        }
        for act in acts
    ]
    if rows:
        session.execute(insert(GoalSaved), rows)


def forget_everything_worked_out(session: Session) -> None:
    """Empty the table that `apply` fills, for it to be filled again from the log."""
    session.execute(delete(GoalSaved))
