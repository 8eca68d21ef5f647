"""What other systems are sent of where people stand."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated, Literal

from pydantic import Field, PlainSerializer

from app.web.api.payloads import Uuid, Wire

Status = Literal["not-started", "under-way", "in-date", "due-soon", "overdue", "needs-watching", "not-needed", "booked"]


def exact_time(moment: datetime) -> str:
    """Return a moment as a later question repeats it: UTC, microseconds, Z."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


Exact = Annotated[
    datetime,
    PlainSerializer(exact_time, return_type=str),
    Field(json_schema_extra={"format": "date-time"}),
]


class FeedTraining(Wire):
    """A training that is needed of the person, and where they stand with it. Dates are days in England."""

    id: Uuid
    title: str
    status: Status
    due: date | None = None
    valid_until: date | None = None
    booked: date | None = None


class FeedSignOffs(Wire):
    """What of the Care Certificate was signed off, with the days. `standards`: by number."""

    certificate: date | None = None
    standards: dict[str, date]


class FeedPerson(Wire):
    """One person, with what the token opens. `here` false: they have left, or nothing is asked of them any more."""

    id: Uuid
    here: bool
    changed_at: Exact
    reference: str | None = None
    name: str | None = None
    roles: list[str] | None = None
    jobs: list[str] | None = None
    teams: list[str] | None = None
    started: date | None = None
    trainings: list[FeedTraining] | None = None
    sign_offs: FeedSignOffs | None = None


class FeedPeople(Wire):
    """A page of people. Without `next` it is the last; ask next time with `updated_since` set to `as_of`."""

    as_of: Exact
    people: list[FeedPerson]
    next: str | None = None
