"""What crosses the seam of this package."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID


class MeetingKind(StrEnum):
    """What a manager and a carer meet for. The wire words."""

    SUPERVISION = "supervision"
    APPRAISAL = "appraisal"
    SPOT_CHECK = "spot-check"
    TEAM = "team-meeting"


class Unit(StrEnum):
    """What a period is counted in."""

    WEEKS = "weeks"
    MONTHS = "months"


class Origin(StrEnum):
    """Who put a goal on the plan. The wire words."""

    ME = "me"
    MANAGER = "manager"


class Standing(StrEnum):
    """Where a person stands with one kind of meeting."""

    OVERDUE = "overdue"
    SOON = "soon"
    LATER = "later"
    NOT_ASKED = "not-asked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """How often a provider's own policy asks for a meeting. `every` None: it does not."""

    every: int | None
    unit: Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A meeting that was held, as working out the next one needs it."""

    on: date
    next_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """The last and the next meeting of one kind. `agreed`: the next day was agreed at the last one."""

    kind: MeetingKind
    last: date | None
    next: date | None
    agreed: bool
    standing: Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAction:
    """Something agreed at a meeting: who does what stands in the words. `due` may be open."""

    text: str
    due: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMeeting:
    """What a manager writes down of a meeting. `led_by` is a person's internal id, or `led_by_other` a name."""

    kind: MeetingKind
    held_on: date
    led_by: int | None
    led_by_other: str
    shared: str
    private: str
    next_on: date | None
    actions: tuple[NewAction, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionView:
    """Something agreed. `done_on` is None while it is open."""

    uuid: UUID
    text: str
    due: date | None
    done_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingView:
    """A meeting as it was written down. `private` is for managers only; `led_by` is a name; `taken_out` a reason."""

    uuid: UUID
    person_id: int
    kind: MeetingKind
    held_on: date
    led_by: str
    shared: str
    private: str
    next_on: date | None
    written_at: datetime
    taken_out: str | None
    actions: tuple[ActionView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One saying of a goal, by the carer's phone or by a manager. `order` makes two of one moment comparable."""

    goal: UUID
    text: str
    wanted_by: date | None
    done: bool
    origin: Origin
    at: datetime
    order: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """What a manager said about a goal. `by` is a name."""

    uuid: UUID
    goal: UUID
    text: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalView:
    """A goal of a development plan as it stands. `comments` oldest first."""

    goal: UUID
    text: str
    wanted_by: date | None
    done: bool
    origin: Origin
    changed_at: datetime
    comments: tuple[Comment, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemView:
    """A line of the provider's induction checklist. `fixed`: the first visit alone, which figures are made of."""

    uuid: UUID
    title: str
    fixed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class InductionLine:
    """A line of the checklist for one person. `on` is None while it is open; `with_whom` is a name or empty."""

    item: ItemView
    on: date | None
    with_whom: str
    on_list: bool = True
