"""What crosses the seam of this package: what an author wrote, what is wrong with it, and what was published.

Line numbers count from 1 in the file the author edits, front matter included.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID


class Severity(StrEnum):
    """How much a problem matters: an error stops publishing, a warning wants a look, a note is only said once."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One mistake in one file, in words for a trainer.

    `code` is stable and named in docs/authoring.md. `suggestion` is what to write instead, or empty. `accepted` is the
    author's reason for leaving it so; an accepted problem never stops anything.
    """

    path: str
    line: int
    severity: Severity
    code: str
    message: str
    suggestion: str = ""
    accepted: str | None = None

    @property
    def stops(self) -> bool:
        """Whether this keeps a module from being published."""
        return self.severity is Severity.ERROR and self.accepted is None

    def as_json(self) -> dict[str, Any]:
        """Return it as `flask content check --json` shows it."""
        return {
            "path": self.path,
            "line": self.line,
            "severity": self.severity.value,
            "code": self.code,
            "message": self.message,
            "suggestion": self.suggestion,
            "accepted": self.accepted,
        }


class Kind(StrEnum):
    """The seven kinds of question. Wire words, shared with the phone."""

    SINGLE = "single"
    MULTIPLE = "multiple"
    TRUEFALSE = "truefalse"
    ORDERING = "ordering"
    MATCHING = "matching"
    REFLECTION = "reflection"
    BRANCHING = "branching"


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A piece of Markdown and the line it starts on."""

    text: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One answer of a pick-one, pick-all or true/false question."""

    words: Words
    right: bool
    feedback: Words | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """One row of a matching table; `left` is None for a spare answer."""

    left: Words | None
    right: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A way on from a scene. `to` is the key of the scene it leads to."""

    words: Words
    to: str
    feedback: Words | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A step of a story: choices to make, or an ending. `lesson` is what the quote below an ending says of it."""

    key: str
    title: Words
    story: Words | None
    choices: tuple[Choice, ...]
    ending: str | None
    line: int
    lesson: Words | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """What an author wrote after a label such as `Id:`."""

    value: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question as written. Of the bodies only the one of its kind is filled.

    `labels` is keyed by the label's name in lower case. `line` is the heading's, `last_line` the last one of its text.
    """

    kind: Kind
    prompt: Words
    line: int
    last_line: int
    labels: Mapping[str, Label]
    explain: Words | None
    options: tuple[Option, ...] = ()
    items: tuple[Words, ...] = ()
    pairs: tuple[Pair, ...] = ()
    prompts: tuple[Words, ...] = ()
    scenes: tuple[Scene, ...] = ()

    def label(self, name: str) -> str:
        """Return the words after a label, or an empty string."""
        found = self.labels.get(name)
        return found.value if found else ""

    def yes(self, name: str) -> bool:
        """Whether a yes/no label says yes."""
        return self.label(name).lower() == "yes"

    @property
    def id(self) -> str:
        """The id, empty when the author has not written one yet."""
        return self.label("id")

    @property
    def criteria(self) -> tuple[str, ...]:
        """The codes after `Criteria:`."""
        return tuple(code.strip() for code in self.label("criteria").split(",") if code.strip())

    @property
    def must(self) -> bool:
        """Whether it has to be right in the end."""
        return self.yes("must get right")

    @property
    def practise(self) -> bool:
        """Whether it is for practice and not marked."""
        return self.yes("practise")

    @property
    def after_sync(self) -> bool:
        """Whether its answers stay on the server."""
        return self.label("feedback").lower() == "after-sync"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """A `##` heading: one screen of text, then the questions that check it.

    `easier`: the same said in easier words, for who wants it so.
    """

    id: str
    title: Words
    body: Words
    questions: tuple[Question, ...]
    easier: Words | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Module:
    """A whole `module.md` as written. `text` is the file after newline normalisation; `lines` where each field
    stands.
    """

    text: str
    key: str
    title: str
    edition: int
    change: str
    summary: str
    minutes: int
    criteria: tuple[Label, ...]
    pass_mark: int | None
    valid_for_months: int | None
    checked_by: str | None
    check_again: date | None
    licence: str
    sources: tuple[str, ...]
    pocket: str | None
    lang: str
    accept: Mapping[str, str]
    lines: Mapping[str, int]
    lessons: tuple[Lesson, ...]
    front_lines: int = 1
    asc_wds: tuple[int, ...] = ()
    credits: tuple[str, ...] = ()

    @property
    def questions(self) -> tuple[Question, ...]:
        """Every question, in document order."""
        return tuple(question for lesson in self.lessons for question in lesson.questions)


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaFile:
    """A picture or sound. `width` and `height` are in CSS pixels, 0 for sound."""

    name: str
    sha: str
    type: str
    kind: str
    body: bytes
    width: int = 0
    height: int = 0

    @property
    def address(self) -> str:
        """Where it is served."""
        return f"/m/{self.sha}.{self.name.rsplit('.', 1)[-1].lower()}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """A module turned into an edition. `answer_key` holds what is withheld from phones, by question id."""

    sha: str
    body: bytes
    answer_key: Mapping[str, Mapping[str, Any]]
    source: str
    media: tuple[MediaFile, ...]
    data: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionInfo:
    """A published edition as listings need it. `bytes` is its Brotli size; `media` as in the edition JSON.

    `asc_wds`: codes of the ASC-WDS training categories it counts as (app/content/asc_wds.py), none where not said.
    """

    sha: str
    key: str
    number: int
    change: str
    title: str
    summary: str
    minutes: int
    lang: str
    criteria: tuple[str, ...]
    pass_mark: int | None
    valid_for_months: int | None
    pocket: str | None
    checked_by: str | None
    media: tuple[Mapping[str, Any], ...]
    pack: str
    topic: str
    bytes: int
    published_at: datetime
    withdrawn_at: datetime | None
    withdrawn_reason: str | None
    safety: bool
    audience: UUID | None = None
    check_again: date | None = None
    asc_wds: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """Bytes to serve, in the forms made once at publishing; a form that would not help is None.

    `only_for`: uuids of the providers it is for, None for everybody.
    """

    sha: str
    type: str
    body: bytes
    br: bytes | None
    gz: bytes | None
    only_for: frozenset[UUID] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Quiz:
    """Everything marking needs: the edition as the phone has it, and what is withheld from it by question id."""

    sha: str
    key: str
    number: int
    edition: Mapping[str, Any]
    answer_key: Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentInfo:
    """A published document in force. `bytes` is its Brotli size; `data` its JSON."""

    sha: str
    kind: str
    name: str
    bytes: int
    data: Mapping[str, Any]
