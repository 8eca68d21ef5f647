"""What crosses the seam of this package."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class Kind(StrEnum):
    """What a message is: words, a reminder that counts towards two a week, about practice that was seen, or safety.

    Safety stands above all others until it is read, and knows no quiet hours.
    """

    MESSAGE = "message"
    NUDGE = "nudge"
    PRACTICE = "practice"
    SAFETY = "safety"


class Channel(StrEnum):
    """How a message travels beside the app. `COPY`: somebody pastes the words themselves."""

    PUSH = "push"
    EMAIL = "email"
    COPY = "copy"


class State(StrEnum):
    """Where a delivery stands. `NOT_NEEDED`: it was read, put off, or its person left before it went."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
    NOT_NEEDED = "not-needed"


class Why(StrEnum):
    """Why somebody gets no nudge now."""

    TWO_THIS_WEEK = "two-this-week"
    NOT_THIS_WEEK = "not-this-week"
    NOT_HERE = "not-here"


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldBack:
    """Somebody who gets no nudge now, and from when they may get one (None: they have left)."""

    why: Why
    until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The exact words for one person, and the keys of the modules they are about."""

    text: str
    subject: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Nudged:
    """What became of a nudge: message by person, and who was held back and why. `at`: when it may first be seen."""

    at: datetime
    sent: dict[int, UUID]
    held: dict[int, HeldBack]


@dataclass(frozen=True, slots=True, kw_only=True)
class ForPhone:
    """A message as its person's phone shows it. `by`: who sent it, in a word; `pinned`: it stays on top until read."""

    uuid: UUID
    at: datetime
    by: str
    text: str
    nudge: bool
    pinned: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """The newest word about safety on one subject: when it was sent, and when its person said that they read it."""

    at: datetime
    read_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """How a message went by one channel. `at` is when it did, or None."""

    channel: Channel
    state: State
    at: datetime | None
    note: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LogLine:
    """One message as the log shows it. `by` and `to` are names; `by` is None when the server sent it by itself.

    `put_off`: its person said "Not this week". Whether somebody has read it is not told.
    """

    id: int
    uuid: UUID
    person: UUID
    to: str
    by: str | None
    kind: Kind
    text: str
    made_at: datetime
    visible_from: datetime
    in_app: bool
    put_off: bool
    sent: tuple[Sent, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """By which channels a person can be reached beside the app."""

    push: bool
    email: bool
