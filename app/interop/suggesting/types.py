"""What crosses the seam of this package."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class What(StrEnum):
    """What became of a suggestion that came in."""

    DRAFT = "draft"
    TAKEN = "taken"
    NOT_TAKEN = "not-taken"
    AGAIN = "again"


class State(StrEnum):
    """How far a suggestion of a provider's own is."""

    WRITING = "writing"
    SENDING = "sending"
    SENT = "sent"
    TAKEN = "taken"
    NOT_TAKEN = "not-taken"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a publisher says of a suggestion. `state` is "waiting", "taken" or "not-taken"; `words` why not."""

    state: str
    edition: int | None = None
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestionLine:
    """A suggestion of a provider's own, as a list shows it. `address`: empty for this server, None for a file only.

    `number` and `title` are of the edition it was written on; `trouble` is why it could not be sent yet.
    """

    uuid: UUID
    module: str
    title: str
    number: int
    licence: str
    publisher: str
    address: str | None
    reason: str
    credit: bool
    state: State
    changed_at: datetime
    sent_at: datetime | None
    looked_at: datetime | None
    answered_at: datetime | None
    answer_edition: int | None
    answer_words: str
    trouble: str
    away: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestionView(SuggestionLine):
    """A suggestion as it is opened: its text, and the publisher's that it was written on (`before`)."""

    text: str
    before: str
    sha: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedLine:
    """A suggestion that came in, as a list shows it. `what` is None while nothing was decided.

    `edition` is the one it came out in, once that is published; `planned` the one it is to come out in. `draft_on` is
    the edition that its draft was begun on.
    """

    number: int
    module: str
    title: str
    provider: str
    person: str | None
    credit: bool
    licence: str
    reason: str
    received_at: datetime
    what: What | None
    decided_at: datetime | None
    words: str
    draft: UUID | None
    draft_on: int | None
    planned: int | None
    edition: int | None

    @property
    def waits(self) -> bool:
        """Whether somebody is to look at it: nothing was decided, or it is to be looked at again."""
        return self.what in (None, What.AGAIN)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedView(ReceivedLine):
    """A suggestion that came in, as it is opened: the text it was written on (`before`), its own, and today's.

    `merged` is today's text with it, `conflicts` are (line of `merged`, today's words, suggested words).
    """

    sha: str
    written_on: int
    newest: int
    before: str
    text: str
    today: str
    merged: str
    conflicts: tuple[tuple[int, str, str], ...]

    @property
    def moved_on(self) -> bool:
        """Whether the module has had another edition since."""
        return self.newest != self.written_on
