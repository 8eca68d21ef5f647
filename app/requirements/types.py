"""What crosses the seam of this package."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from app.providers import MemberView
from app.recognised import Recognised


class Basis(StrEnum):
    """Why a training is asked for: the law, guidance or the organisation, the role, people's needs, an own idea."""

    STATUTORY = "statutory"
    MANDATORY = "mandatory"
    ROLE = "role"
    NEED = "need"
    OWN = "own"


class Elsewhere(StrEnum):
    """Whether a certificate from elsewhere counts: never, instead of the modules here, or it must be there."""

    NO = "no"
    INSTEAD = "instead"
    NEEDED = "needed"


class How(StrEnum):
    """What a training is met by."""

    MODULES = "modules"
    ELSEWHERE = "elsewhere"
    OBSERVED = "observed"
    RECOGNISED = "recognised"
    EXCEPTION = "exception"


class CellStatus(StrEnum):
    """Where a person stands with a training: the seven words of `learning.Status`, and booked."""

    NOT_STARTED = "not-started"
    UNDER_WAY = "under-way"
    IN_DATE = "in-date"
    DUE_SOON = "due-soon"
    OVERDUE = "overdue"
    NEEDS_WATCHING = "needs-watching"
    NOT_NEEDED = "not-needed"
    BOOKED = "booked"


class OutsideState(StrEnum):
    """Where a training from elsewhere stands. `called-off`: a booking that will not happen."""

    BOOKED = "booked"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    CALLED_OFF = "called-off"


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """What a training's dates were worked out from, since the day the manager said so."""

    since: date
    refresh_months: int | None
    first_due_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingView:
    """A line of what a provider asks of its people.

    `driver` is the law or guidance, `source` where the period comes from, both short texts. `modules` (keys) are all
    needed, and so are `practice` (criterion codes that must have been seen). `refresh_months` None: the provider asks
    for no period, and what a module or certificate says of itself counts. `window_days`: how long before it runs out
    the refresher may be taken. `grace_days`: after the due day, before it is overdue. `first_due_days`: from the start.
    `periods`: the periods there were, oldest first, this one last; they decide how much notice a shorter one gives.
    `usual` is the key of the usual list's line it came from, or None.
    """

    id: int
    uuid: UUID
    title: str
    basis: Basis
    driver: str
    modules: tuple[str, ...]
    practice: tuple[str, ...]
    elsewhere: Elsewhere
    refresh_months: int | None
    window_days: int = 90
    grace_days: int = 0
    first_due_days: int = 84
    source: str = ""
    usual: str | None = None
    periods: tuple[Period, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileView:
    """A job with the trainings it needs, by uuid. `category` is a Care Workforce Pathway key, or None."""

    id: int
    uuid: UUID
    title: str
    category: str | None
    trainings: tuple[UUID, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Met:
    """Something that meets a training, or a part of it, from a day on. `valid_until` is its own last day, if any."""

    on: date
    valid_until: date | None
    how: How


@dataclass(frozen=True, slots=True, kw_only=True)
class Dates:
    """The separate dates of one part of a training, and where they leave a person today.

    `counts`: something meets it today. `due`: the day to have it done (again) by; None: never again. `recognised`: what
    meets it though it was shown elsewhere; `here`: some of it was learned or seen here.
    """

    status: CellStatus
    starts: date
    due: date | None
    valid_until: date | None
    refresh_from: date | None
    counts: bool
    recognised: tuple[Recognised, ...] = ()
    here: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """Where one person stands with one training they need. `how`: what meets it today; `reason`: of an exception.

    `own`: the person themselves decided on the exception, or accepted a certificate of theirs; nobody else could.
    `recognised`: what of it was shown elsewhere, and counts because a manager recognised it.
    """

    person_id: int
    training: UUID
    status: CellStatus
    starts: date | None
    due: date | None
    valid_until: date | None
    refresh_from: date | None
    booked: date | None
    how: tuple[How, ...]
    reason: str
    own: bool = False
    recognised: tuple[Recognised, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """People by trainings. `cells`: by person id and a training's uuid; none where it is not needed of the person."""

    trainings: tuple[TrainingView, ...]
    people: tuple[MemberView, ...]
    cells: Mapping[int, Mapping[UUID, Cell]]

    def cell(self, person_id: int, training: UUID) -> Cell | None:
        """Return where a person stands with a training, or None when it is not needed of them."""
        return self.cells.get(person_id, {}).get(training)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExceptionView:
    """A training is not needed of a person, from a moment on and to the end of the day `until` (None: open)."""

    uuid: UUID
    person_id: int
    training: UUID
    reason: str
    since: datetime
    until: date | None
    by: int | None

    @property
    def own(self) -> bool:
        """Whether the person themselves decided it."""
        return self.by == self.person_id


@dataclass(frozen=True, slots=True, kw_only=True)
class FileView:
    """A certificate's file. `type` is what its bytes say it is; `size` in bytes."""

    name: str
    type: str
    size: int
    sha: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsideView:
    """A training from elsewhere, taken or booked. `reason`, `decided_by` and `decided_at` are of the last decision."""

    uuid: UUID
    person_id: int
    training: UUID | None
    title: str
    taught_by: str
    taken_on: date | None
    valid_until: date | None
    booked_for: date | None
    file: FileView | None
    at: datetime
    by: int | None
    state: OutsideState
    reason: str = ""
    decided_by: int | None = None
    decided_at: datetime | None = None

    @property
    def own(self) -> bool:
        """Whether the person themselves accepted it."""
        return self.state is OutsideState.ACCEPTED and self.decided_by == self.person_id
