"""The data of each kind of record about practice, as far as the server uses it.

What it does not use it does not demand. Words are kept as they came: the phone asked before it kept a name.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from app.learning import StudiedEdition
from app.providers import CODE_ALPHABET

MADE, CONFIRMED, WITHDRAWN = "observation.made", "observation.confirmed", "observation.withdrawn"
# Kind of record → whether it is about an edition. None of these is: practice is seen of a person, not of a lesson.
ACT_KINDS = {MADE: False, CONFIRMED: False, WITHDRAWN: False}
MOST_CRITERIA = 100


def _uuid(value: Any) -> UUID:
    if not isinstance(value, str) or len(value) != 36:
        raise ValueError("not a uuid")
    return UUID(value)


def _day(value: Any) -> date:
    if not isinstance(value, str) or len(value) != 10:
        raise ValueError("not a day")
    return date.fromisoformat(value)


Uuid = Annotated[UUID, BeforeValidator(_uuid)]
Day = Annotated[date, BeforeValidator(_day)]
Short = Annotated[str, Field(pattern=rf"^[{CODE_ALPHABET}]{{8}}$")]
Words = Annotated[str, Field(max_length=4_000)]
Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class _Data(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore", frozen=True)


class DecisionData(_Data):
    """What was decided about one criterion, and what the assessor saw."""

    code: Annotated[str, Field(min_length=1, max_length=20)]
    decision: Literal["yes", "not-yet", "not-seen"]
    saw: Words | None = None


class MadeData(_Data):
    """An assessor saw a learner's practice. One record may hold several criteria of one standard."""

    learner: Uuid
    framework: Annotated[str, Field(min_length=1, max_length=60)]
    standard: Annotated[int, Field(ge=1, le=99)]
    method: Literal["observation", "discussion", "product", "simulation"]
    seen_on: Day
    decisions: Annotated[list[DecisionData], Field(min_length=1, max_length=MOST_CRITERIA)]
    next_step: Words | None = None
    next_on: Day | None = None
    short: Short


class ConfirmedData(_Data):
    """The learner's word on an observation, named by its uuid or by the short code they read off the other phone."""

    observation: Uuid | None = None
    short: Short | None = None
    agrees: bool
    comment: Words | None = None
    # What was on the screen (saw.py); earlier phones, and those that had no words to show, say nothing.
    saw: Digest | None = None

    @model_validator(mode="after")
    def _names_one(self) -> ConfirmedData:
        if self.observation is None and self.short is None:
            raise ValueError("names no observation")
        return self


class WithdrawnData(_Data):
    """An assessor takes an observation of theirs back."""

    observation: Uuid
    reason: Words


_SHAPES: dict[str, type[_Data]] = {MADE: MadeData, CONFIRMED: ConfirmedData, WITHDRAWN: WithdrawnData}


def parse(kind: str, data: Any) -> _Data | None:
    """Return the data of a record of this kind, or None when it does not fit."""
    try:
        return _SHAPES[kind].model_validate(data)
    except (ValidationError, KeyError):
        return None


def understand(kind: str, data: Mapping[str, Any], edition: StudiedEdition | None) -> _Data | None:  # noqa: ARG001 - as every part has it
    """Return the data of a record, or None when it has not its kind's shape. No edition is asked for."""
    return parse(kind, data)
