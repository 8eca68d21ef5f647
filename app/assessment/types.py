"""What crosses the seam of this package."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from app.kernel import day_of
from app.learning import Half
from app.recognised import Recognised

FRAMEWORK = "care-certificate-2025"


class Method(StrEnum):
    """How practice was seen. The wire words; the phone has the same list."""

    OBSERVATION = "observation"
    DISCUSSION = "discussion"
    PRODUCT = "product"
    SIMULATION = "simulation"


class Decision(StrEnum):
    """What an assessor decided about one criterion. The wire words."""

    YES = "yes"
    NOT_YET = "not-yet"
    NOT_SEEN = "not-seen"


class State(StrEnum):
    """Where an observation stands. The wire words."""

    WAITING = "waiting-for-learner"
    COUNTS = "counts"
    DISAGREED = "disagreed"
    OUT_OF_SCOPE = "out-of-scope"
    OWN_PRACTICE = "own-practice"
    WITHDRAWN = "withdrawn"


class Why(StrEnum):
    """Why an observation, or one criterion of it, is outside what its assessor may decide."""

    NOT_APPOINTED = "not-appointed"
    NO_PLACE = "no-place"
    FUTURE = "future"
    OTHER_STANDARD = "other-standard"
    SIMULATION = "simulation"
    LATE = "late"


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """A practice criterion as a framework has it. `simulation`: it may be shown without a person receiving care."""

    code: str
    text: str
    standard: int
    confirmed: bool
    simulation: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A numbered outcome that has practice criteria."""

    code: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PracticeStandard:
    """A standard with what of it has to be seen at work."""

    number: int
    title: str
    outcomes: tuple[Outcome, ...]
    criteria: tuple[Criterion, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """One criterion of an observation: what was decided, and what the assessor saw."""

    code: str
    decision: Decision
    saw: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """An observation as its assessor made it. `at` is when it was noted, `seen_on` the day it was seen.

    `received_at` is when it reached the server. `assessor` is None once they were erased; `in_scope` then keeps what
    their appointments said.
    """

    record: UUID
    assessor: UUID | None
    assessor_name: str
    learner: UUID
    framework: str
    standard: int
    method: Method
    seen_on: date
    decided: tuple[Decided, ...]
    next_step: str | None
    next_on: date | None
    short: str
    at: datetime
    received_at: datetime
    in_scope: bool | None = None
    digests: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """The learner's own word on an observation, named by its uuid or, from a code typed with no signal, by that.

    `saw` is the digest of what they had on screen (saw.py), where their phone says so.
    """

    record: UUID
    learner: UUID
    observation: UUID | None
    short: str | None
    agrees: bool
    comment: str | None
    at: datetime
    saw: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal:
    """An assessor's second statement: the first was a mistake."""

    record: UUID
    assessor: UUID
    observation: UUID
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenBack:
    """A manager's decision that an observation does not count. `undone_at`: they brought it back."""

    observation: UUID
    reason: str
    by: str
    at: datetime
    undone_at: datetime | None
    by_person: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Countersigned:
    """Another manager's decision that an observation counts: one's own practice, one disagreed with, or one that came
    late.

    `confirmation` is the disagreement it settles; a later one waits again.
    """

    observation: UUID
    confirmation: UUID | None
    words: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointmentView:
    """A manager named somebody an assessor. `standards` None: all. Days are inclusive; `until` None: with no end."""

    uuid: UUID
    person_id: int
    assessor: UUID
    name: str
    standards: tuple[int, ...] | None
    basis: str
    since: date
    until: date | None
    at: datetime
    by: str
    ended_at: datetime | None
    ended_by: str

    @property
    def ends(self) -> date | None:
        """The last day it lets them decide about, or None: it has no end."""
        return min((each for each in (self.until, self.ended_at and day_of(self.ended_at)) if each), default=None)

    def covers(self, standard: int, day: date) -> bool:
        """Say whether it lets the assessor decide about this standard as seen on this day."""
        ends = self.ends
        return (
            (self.standards is None or standard in self.standards)
            and self.since <= day
            and (ends is None or day <= ends)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Stay:
    """Somebody's place at the provider, by days. `ended` None: they have it still."""

    started: date
    ended: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ObservationView:
    """An observation and where it stands. `counting` are the codes whose decisions count; `whys` why others do not.

    `person_id` is the learner's. `own`: the assessor saw their own practice. `at` is when it was noted, `received_at`
    when it reached the server. `taken_back_by`: which manager took it back. `other`: what the learner had on screen
    when they answered is not what is kept here.
    """

    record: UUID
    person_id: int
    learner: UUID
    learner_name: str
    assessor: UUID | None
    assessor_name: str
    own: bool
    framework: str
    standard: int
    method: Method
    seen_on: date
    at: datetime
    received_at: datetime
    decided: tuple[Decided, ...]
    next_step: str | None
    next_on: date | None
    short: str
    state: State
    why: Why | None
    whys: Mapping[str, Why]
    counting: frozenset[str]
    confirmation: Confirmation | None
    countersigned: Countersigned | None
    withdrawn_reason: str
    withdrawn_by: str
    taken_back: bool
    taken_back_by: UUID | None = None
    other: bool = False

    @property
    def waits_for_manager(self) -> bool:
        """Whether another manager may let it count."""
        return self.state in (State.OWN_PRACTICE, State.DISAGREED) or (
            self.state is State.OUT_OF_SCOPE and self.why is Why.LATE
        )

    @property
    def waits(self) -> bool:
        """Whether somebody's word may still make it count: the learner's, or a manager's. Else what it says is over."""
        inside = self.why is None or self.why is Why.LATE
        return inside and (self.state is State.WAITING or self.waits_for_manager)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A criterion that was shown in practice: on which day, seen by whom, how, and the observation's uuid."""

    code: str
    on: date
    assessor: str
    method: Method
    observation: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class NotYet:
    """A criterion whose latest counting decision was "not yet", with what comes next."""

    code: str
    standard: int
    next_step: str | None
    next_on: date | None
    observation: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """A criterion that was shown, and a later "not yet" about it that waits. `on` is the day that was seen."""

    code: str
    on: date
    state: State
    observation: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class SignOffView:
    """Somebody signed a standard off, or with `standard` None the whole certificate. Names are empty once erased."""

    uuid: UUID
    person_id: int
    framework: str
    standard: int | None
    at: datetime
    by: str
    withdrawn_at: datetime | None
    withdrawn_by: str
    withdrawn_reason: str | None
    by_uuid: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StandardStanding:
    """Both halves of a standard, what of each is missing, and its sign-off if one is in force.

    `knowledge_elsewhere`, `practice_elsewhere`: what was shown elsewhere and is recognised, by which part of it counts.
    """

    number: int
    title: str
    know: Half
    shown: Half
    not_known: tuple[str, ...]
    not_shown: tuple[str, ...]
    sign_off: SignOffView | None
    knowledge_elsewhere: tuple[Recognised, ...] = ()
    practice_elsewhere: tuple[Recognised, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether its questions are passed and its practice was seen, today."""
        return not self.not_known and not self.not_shown
