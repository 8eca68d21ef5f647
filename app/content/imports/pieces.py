"""What readers share: their result, their refusal, and a draft's pieces before they are written as Markdown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from app.content.errors import ContentError
from app.content.source import strip_hidden
from app.content.types import Kind, Label, Option, Pair, Question, Words

# Nothing a trainer writes by hand comes near; a file that does is something else.
LARGEST_TEXT = 2_000_000
MOST_QUESTIONS = 500


class ImportRefused(ContentError):
    """A file that cannot be read at all. `str()` says why, and what to do."""

    code = "import-refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dropped:
    """Something of the file that is not in the draft. `place` as its writer would look for it: "line 12"."""

    place: str
    what: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """A draft: the text of module.md, the files it names by name, and what was left behind."""

    text: str
    media: Mapping[str, bytes] = field(default_factory=lambda: MappingProxyType({}))
    dropped: tuple[Dropped, ...] = ()


@dataclass(slots=True, kw_only=True)
class Section:
    """One lesson to be: Markdown, and the questions below it."""

    title: str
    body: list[str] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)


class Leavings:
    """Collects what is dropped."""

    def __init__(self) -> None:
        self._found: list[Dropped] = []

    def add(self, place: str, what: str, why: str) -> None:
        """Note one thing; of a flood only the first thousand are told."""
        if len(self._found) < 1000:
            self._found.append(Dropped(place=place, what=" ".join(what.split())[:120], why=why))

    def all(self) -> tuple[Dropped, ...]:
        """Return them in the order they were met."""
        return tuple(self._found)


def words_of(raw: bytes) -> str:
    """Return a text file's words with `\\n` newlines and nothing hidden. Raises ImportRefused."""
    if len(raw) > LARGEST_TEXT:
        raise ImportRefused(f"The file is larger than {LARGEST_TEXT // 1_000_000} MB. Split it.", field="file")
    try:
        text = raw.decode("utf-16" if raw.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig")
    except UnicodeDecodeError:
        raise ImportRefused("The file is not UTF-8 text. Save it as UTF-8, then try again.", field="file") from None
    if "\x00" in text:
        raise ImportRefused("This is not a text file. Choose the file that was exported.", field="file")
    return strip_hidden(text.replace("\r\n", "\n").replace("\r", "\n"))


def made(
    kind: Kind,
    prompt: str,
    line: int,
    *,
    labels: Mapping[str, str] = MappingProxyType({}),
    explain: str = "",
    options: tuple[Option, ...] = (),
    items: tuple[str, ...] = (),
    pairs: tuple[Pair, ...] = (),
    prompts: tuple[str, ...] = (),
) -> Question:
    """Return a question as if an author had written it at `line` of the imported file."""
    return Question(
        kind=kind,
        prompt=Words(text=prompt, line=line),
        line=line,
        last_line=line,
        labels={name: Label(value=value, line=line) for name, value in labels.items()},
        explain=words(explain, line),
        options=options,
        items=tuple(Words(text=item, line=line) for item in items),
        pairs=pairs,
        prompts=tuple(Words(text=each, line=line) for each in prompts),
    )


def words(text: str, line: int) -> Words | None:
    """Return a piece of Markdown, or None when it says nothing."""
    return Words(text=text, line=line) if text.strip() else None


def option(text: str, line: int, *, right: bool, feedback: str = "") -> Option:
    """Return one answer."""
    return Option(words=Words(text=text, line=line), right=right, feedback=words(feedback, line))
