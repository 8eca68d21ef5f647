"""What crosses the seam of this package."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID

from app.catalogue import Step
from app.recognised import Recognised

# One published edition of a module, as the catalogue lists it.
EditionStep = Step

MARKED_KINDS = ("single", "truefalse", "multiple", "ordering", "matching", "branching")

# What JSON can hold. An answer is whatever a phone sent; marking never trusts its shape.
Answer = Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What marking needs to know of a question.

    `choices` are the keys that may be chosen and `right` those that are right (single, truefalse, multiple); `order` is
    the right order (ordering); `pairs` left to right (matching); `scenes` each scene's choices and where they lead,
    `endings` scene to ending, `start` the first scene (branching). `can_mark` is False while the key is withheld.
    """

    id: str
    kind: str
    must: bool
    practise: bool
    can_mark: bool
    choices: frozenset[str] = frozenset()
    right: frozenset[str] = frozenset()
    order: tuple[str, ...] = ()
    pairs: Mapping[str, str] = field(default_factory=dict)
    start: str = ""
    scenes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    endings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quiz:
    """The questions of one edition in document order, and the per cent it asks for (None: practice only)."""

    questions: tuple[Question, ...]
    pass_mark: int | None
    # For marking, which is done far more often than a quiz is read.
    ids: frozenset[str] = field(init=False)
    marked: tuple[Question, ...] = field(init=False)
    pending: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        """Work out which questions can be marked, and which wait for their key."""
        kinds = [each for each in self.questions if each.kind in MARKED_KINDS]
        object.__setattr__(self, "ids", frozenset(each.id for each in self.questions))
        object.__setattr__(self, "marked", tuple(each for each in kinds if each.can_mark))
        object.__setattr__(self, "pending", tuple(each.id for each in kinds if not each.can_mark))


class QuestionResult(NamedTuple):
    """Outcomes 0..100 of the first and last try at one question; 0 when it was not tried.

    A tuple, as what follows it: marking makes many, each for a third of what a frozen dataclass takes.
    """

    id: str
    first: int
    last: int
    tries: int

    def as_json(self) -> dict[str, Any]:
        """Return it as the API shows it."""
        return {"id": self.id, "first": self.first, "last": self.last, "tries": self.tries}


class Result(NamedTuple):
    """What marking gave. `unknown`: answered ids it does not have; `pending`: questions still without a key."""

    score: int
    passed: bool
    questions: tuple[QuestionResult, ...]
    unknown: tuple[str, ...] = ()
    pending: tuple[str, ...] = ()


class Status(StrEnum):
    """Where a person stands with a module. The wire words; the phone has the same list."""

    NOT_STARTED = "not-started"
    UNDER_WAY = "under-way"
    IN_DATE = "in-date"
    DUE_SOON = "due-soon"
    OVERDUE = "overdue"
    NEEDS_WATCHING = "needs-watching"
    NOT_NEEDED = "not-needed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    """A learner met a module's rule for an edition. `valid_for_months` is that edition's own; None: for ever."""

    edition: int
    at: datetime
    valid_for_months: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PassView:
    """One completion by its record. `score` is per cent, None where the module has no questions to pass."""

    record: UUID
    person_id: int
    module: str
    sha: str
    at: datetime
    valid_for_months: int | None
    score: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A manager asks for a module by a date, or without one.

    `training` is set when it is asked for because the provider's list needs it. `due` is then the day before which it
    is never late, and the periods of that list take the place of the edition's own and of the usual ones, where set.
    """

    due: date | None
    training: UUID | None = None
    refresh_months: int | None = None
    window_days: int | None = None
    grace_days: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A status and the dates behind it. `due`: next day to have done it by; `valid_until`: the last day it counts.

    `counts`: a completion meets what is asked today, even if it is soon to be done again. `recognised`: what meets it
    was shown elsewhere; then nothing was completed here that does.
    """

    status: Status
    due: date | None
    valid_until: date | None
    completed_at: datetime | None
    edition: int | None
    counts: bool = False
    recognised: Recognised | None = None


class Act(NamedTuple):
    """What a learner did, as the record log holds it and once its kind and data have been read.

    `record` is the record's uuid. `at` is the server's best knowledge of when: the phone's clock put right by its known
    offset, never after `received_at`. `data` is the record's as the package for this kind read it. `kept` is what
    marking gave, where the answers were removed since.
    """

    record: UUID
    person_id: int
    provider_id: int | None
    kind: str
    at: datetime
    received_at: datetime
    sha: str | None
    data: Any
    kept: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectedQuiz:
    """The quiz of an edition once an erratum put one of its keys right."""

    erratum: int
    quiz: Quiz


@dataclass(frozen=True, slots=True, kw_only=True)
class StudiedEdition:
    """What judging an act needs to know of its edition. `lessons` are ids; `withheld` is what phones do not have.

    `quiz` is as it was published, by which phones mark; `corrected` what each erratum made of it, in their order.
    """

    sha: str
    module: str
    number: int
    quiz: Quiz
    lessons: frozenset[str]
    valid_for_months: int | None
    withheld: Mapping[str, Any] = field(default_factory=dict)
    corrected: tuple[CorrectedQuiz, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RemarkView:
    """What an erratum changed about one attempt, by marking alone; `counts`: it is a pass, by whichever key."""

    record: UUID
    person_id: int
    old_score: int
    old_passed: bool
    new_score: int
    new_passed: bool
    counts: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PassToDecide:
    """A pass that only a wrong key gave. It counts until a manager takes it away. Scores are per cent."""

    record: UUID
    person_id: int
    module: str
    edition: int
    at: datetime
    old_score: int
    new_score: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentView:
    """What a manager asks for now; with a `training`, because the provider's list needs it (see `Asked`)."""

    person_id: int
    module: str
    due: date | None
    assigned_at: datetime
    training: UUID | None = None
    refresh_months: int | None = None
    window_days: int | None = None
    grace_days: int | None = None

    @property
    def asked(self) -> Asked:
        """What the rule of `status` needs of it."""
        return Asked(
            due=self.due,
            training=self.training,
            refresh_months=self.refresh_months,
            window_days=self.window_days,
            grace_days=self.grace_days,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptView:
    """One marked attempt. `record` is its record's uuid, by which the phone knows it."""

    record: UUID
    person_id: int
    module: str
    edition: int
    sha: str
    at: datetime
    received_at: datetime
    seconds: int
    score: int
    passed: bool
    questions: tuple[QuestionResult, ...]


class StoredResult(NamedTuple):
    """One marked attempt as it travels: uuid and moments as text, `questions` as JSON: `[{id, first, last, tries}]`."""

    record: str
    module: str
    edition: int
    sha: str
    at: str
    received_at: str
    seconds: int
    score: int
    passed: bool
    questions: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GoAt:
    """One go at an edition. `first`: the outcome 0..100 of the first try at each question that was tried.

    `at` is the phone's time, `received_at` the server's.
    """

    record: UUID
    person_id: int
    module: str
    edition: int
    sha: str
    at: datetime
    received_at: datetime
    seconds: int
    first: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonReadView:
    """Somebody had a lesson open."""

    record: UUID
    person_id: int
    module: str
    edition: int
    sha: str
    lesson: str
    at: datetime
    seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReflectionView:
    """Words a learner wrote; `text` is None when they are for the learner alone."""

    record: UUID
    person_id: int
    module: str
    edition: int
    sha: str
    question: str
    shared_with: str
    text: str | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Half:
    """How many of a standard's criteria are met, of how many."""

    done: int
    of: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StandardProgress:
    """A standard's two halves: known (questions) and shown (observed in practice). Complete only when both are."""

    number: int
    title: str
    know: Half
    shown: Half
