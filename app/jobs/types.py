"""What crosses the seam of this package."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID


class JobState(StrEnum):
    """How far a job is. One that failed or was cancelled can be asked for again."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class JobView:
    """One job. `done` of `of` steps; `words` say what it is at, or why it failed. `asked_by` is a person's id."""

    id: int
    uuid: UUID
    provider_id: int
    kind: str
    asked_by: int | None
    asked_at: datetime
    arguments: Mapping[str, Any]
    state: JobState
    done: int
    of: int
    words: str
    claimed_at: datetime | None
    ended_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A job that is this worker's for as long as it says so: every step names the `token`."""

    job: JobView
    token: UUID
