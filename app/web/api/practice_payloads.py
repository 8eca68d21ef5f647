"""What goes over the wire about practice observed. The OpenAPI document is made from these models."""

from __future__ import annotations

from datetime import date
from typing import Literal

from app.web.api.payloads import Ours, PersonRef, Uuid, Wire

Decision = Literal["yes", "not-yet", "not-seen"]
ObservationState = Literal["waiting-for-learner", "counts", "disagreed", "out-of-scope", "own-practice", "withdrawn"]


class PracticeCriterion(Wire):
    """A criterion to be seen at work. `confirmed`: its number is the official one; `simulation`: may be simulated."""

    code: str
    text: str
    confirmed: bool
    simulation: bool


class PracticeOutcome(Wire):
    """A numbered outcome; its criteria's codes begin with its own."""

    code: str
    text: str


class PracticeStandard(Wire):
    """A standard with what of it has to be seen at work."""

    number: int
    title: str
    outcomes: list[PracticeOutcome]
    criteria: list[PracticeCriterion]


class PracticeFramework(Wire):
    """The framework criteria come from."""

    key: str
    standards: list[PracticeStandard]


class MyDecision(Wire):
    """What an assessor decided about one criterion."""

    code: str
    decision: Decision


class MyObservation(Wire):
    """An observation this person made. `comment` is what the learner said to it.

    `other`: the learner confirmed something else than what the server has.
    """

    id: Uuid
    learner: PersonRef
    standard: int
    seen_on: date
    decisions: list[MyDecision]
    short: str
    state: ObservationState
    comment: str | None
    other: bool


class DecisionToConfirm(Wire):
    """What was decided about one criterion, and what was seen."""

    code: str
    text: str
    decision: Decision
    saw: str


class ToConfirm(Wire):
    """An observation of this person that waits for their word."""

    id: Uuid
    assessor: str
    standard: int
    title: str
    method: Literal["observation", "discussion", "product", "simulation"]
    seen_on: date
    decisions: list[DecisionToConfirm]
    next_step: str | None
    next_on: date | None
    short: str


class ShownSent(Wire):
    """When a criterion was shown, and who saw it."""

    on: date
    by: str


class NextSent(Wire):
    """A criterion that is not there yet, and what comes next."""

    code: str
    text: str
    standard: int
    next_step: str
    next_on: date


class Practice(Ours):
    """What one person may watch, has watched, is to confirm, and has shown.

    `scope`: numbers of the standards they may decide about today; `people`: whom they may watch, empty without a scope.
    `framework` comes to everybody: with no signal, a learner reads what an assessor's phone tells by codes. `mine`:
    their latest 50 as an assessor.
    """

    scope: list[int]
    people: list[PersonRef]
    framework: PracticeFramework
    mine: list[MyObservation]
    to_confirm: list[ToConfirm]
    shown: dict[str, ShownSent]
    next: list[NextSent]
