"""What crosses the seam of this package. Lines count from 1 in the whole text, fields at the top included."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from app.content import Checked as ContentChecked
from app.content.types import Problem


class DraftState(StrEnum):
    """How far a draft is: being written, read by others, or its facts checked by a named person."""

    DRAFT = "draft"
    IN_REVIEW = "in-review"
    READY = "ready"


class Came(StrEnum):
    """How a revision came about."""

    START = "start"
    COPY = "copy"
    SAVE = "save"
    RESTORE = "restore"
    PUBLISH = "publish"


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaView:
    """A picture or sound of a draft. `bytes` is its size, `sha` the SHA-256 of its bytes."""

    name: str
    type: str
    sha: str
    bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftLine:
    """A draft as a list shows it. `changed_by` is a name, empty when the person was erased.

    `unchanged`: it reads as its newest published edition. `based_on` is that edition's SHA-256.
    """

    uuid: UUID
    key: str
    title: str
    pack: str
    topic: str
    state: DraftState
    revision: int
    based_on: str | None
    unchanged: bool
    changed_at: datetime
    changed_by: str
    checked_by: str | None
    checked_at: datetime | None
    put_away_at: datetime | None
    comments: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftView(DraftLine):
    """A draft as it is opened: the text in force, and its pictures and sounds by name."""

    text: str
    media: tuple[MediaView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """The text is in force, as this revision. `changed` is False when it was so already."""

    revision: int
    changed: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """Somebody else saved meanwhile. `revision`, `text`, `by` (a name) and `at` are what is in force.

    The caller's own words are kept as revision `aside`, beside it.
    """

    revision: int
    text: str
    by: str
    at: datetime
    aside: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PartView:
    """One screen of the module. `kind` is "lesson" or "question"; `line` is where its heading stands."""

    kind: str
    title: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What the check says of a text. `level` is the SMOG grade, None when there is too little to tell.

    `words` are those of all lessons, `minutes` the author's own, `bytes` of text and the pictures it uses together.
    `content` is what the checker itself gave, for building a preview.
    """

    problems: tuple[Problem, ...]
    stops: bool
    level: float | None
    words: int
    minutes: int
    bytes: int
    parts: tuple[PartView, ...]
    content: ContentChecked


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisionLine:
    """One revision in the history. `number` is the revision restored, or the edition published."""

    revision: int
    by: str
    at: datetime
    came: Came
    aside: bool
    on_top_of: int | None
    number: int | None
    in_force: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DiffLine:
    """A line of a difference. `sign` is " " (the same), "-" (only before), "+" (only after) or "…" (left out).

    `before` and `after` are its line numbers, None where it does not stand.
    """

    sign: str
    text: str
    before: int | None
    after: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentView:
    """What somebody said of a line. `line` is where it stands now, None when it is gone; `quote` its words then."""

    uuid: UUID
    revision: int
    line: int | None
    quote: str
    text: str
    by: str
    at: datetime
    resolved_at: datetime | None
    resolved_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Checking:
    """What the page says of a name before the facts are noted as checked. `as_shown` is what carers will read.

    `alone`: the named person is the only one who wrote the draft, so `as_shown` says so.
    """

    as_shown: str
    alone: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What publishing would do, before it happens.

    `number` is the edition it would be. `did_last`: people of the provider who completed an earlier edition;
    `take_again`: those of them who are asked for it and would be asked to take it again. `asked`: people asked for the
    module now. `marking` are phrases for what changed in the marking: with any, only "major" can be published.
    `words_changed` counts words taken out and put in. `refusals` say what stops it, empty when nothing does.
    """

    number: int
    change: str
    first: bool
    asked: int
    did_last: int
    take_again: int
    marking: tuple[str, ...]
    words_changed: int
    refusals: tuple[str, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A new edition of a draft's module."""

    key: str
    number: int
    sha: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckAgain:
    """A module the provider uses whose facts are to be checked again. `draft` is set for one of its own."""

    key: str
    title: str
    edition: int
    sha: str
    day: date
    overdue: bool
    own: bool
    draft: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicLine:
    """A topic of the provider's own pack."""

    key: str
    title: str
