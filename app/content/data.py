"""Frameworks, glossary and packs: data beside the modules, read from YAML and checked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import yaml

from app.content.problems import Problems

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
CRITERION_KINDS = ("knowledge", "practice")


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """The assessed line. `basis` says where its wording comes from; `code_confirmed` is False while its number is
    provisional. `simulation`: this practice may be shown without a person receiving care.
    """

    code: str
    text: str
    kind: str
    basis: str
    code_confirmed: bool
    simulation: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A numbered outcome within a standard."""

    code: str
    text: str
    criteria: tuple[Criterion, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standard:
    """One of a framework's standards."""

    number: int
    title: str
    outcomes: tuple[Outcome, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Framework:
    """What carers should know and be able to do, as somebody outside sets it."""

    key: str
    title: str
    standards: tuple[Standard, ...]

    def criteria(self) -> Iterator[tuple[Standard, Criterion]]:
        """Yield every criterion with its standard, in order."""
        for standard in self.standards:
            for outcome in standard.outcomes:
                for criterion in outcome.criteria:
                    yield standard, criterion


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A standard of the core or an elective subject."""

    key: str
    title: str
    standard: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """Modules published together. `framework` is the key of the one its criteria come from, or None for any."""

    key: str
    title: str
    publisher: str
    licence: str
    framework: str | None
    topics: tuple[Topic, ...]

    def topic(self, key: str) -> Topic | None:
        """Return the topic of this key."""
        return next((topic for topic in self.topics if topic.key == key), None)


class _Wrong(ValueError):
    """The YAML does not have the shape it should; `str()` says where."""


def _read(path: Path, problems: Problems) -> Any:
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506
    except (OSError, ValueError, RecursionError, yaml.YAMLError) as problem:
        mark = getattr(problem, "problem_mark", None)
        problems.error(
            mark.line + 1 if mark else 1,
            "data-wrong",
            "This file cannot be read from here on.",
            "Check quotes and indents.",
        )
        return None


def _text(data: Any, name: str, where: str, *, needed: bool = True) -> str:
    value = data.get(name) if isinstance(data, Mapping) else None
    if value is None and not needed:
        return ""
    if not isinstance(value, str | int | float) or isinstance(value, bool) or (needed and not str(value).strip()):
        raise _Wrong(f'{where} has no "{name}", or it is not words.')
    return str(value).strip()


def _list(data: Any, name: str, where: str) -> list[Any]:
    value = data.get(name) if isinstance(data, Mapping) else None
    if not isinstance(value, list):
        raise _Wrong(f'{where} has no list "{name}".')
    return value


def _number(data: Any, name: str, where: str) -> int:
    value = data.get(name)
    if not isinstance(value, int) or isinstance(value, bool):
        raise _Wrong(f'{where}: "{name}" is not a whole number.')
    return value


def read_framework(path: Path, problems: Problems) -> Framework | None:
    """Read a framework, or note what is wrong and return None."""
    data = _read(path, problems)
    if data is None:
        return None
    try:
        found = framework_of(data)
    except _Wrong as wrong:
        problems.error(1, "data-wrong", str(wrong), "See docs/authoring.md.")
        return None
    seen: set[str] = set()
    for _, criterion in found.criteria():
        if criterion.code in seen:
            problems.error(1, "data-wrong", f"Criterion {criterion.code} stands there twice.", "Keep one of the two.")
        seen.add(criterion.code)
    return found


def framework_of(data: Any) -> Framework:
    """Return the framework that a file or a published document holds. Raises ValueError, saying where it is wrong."""
    standards = tuple(_standard(item) for item in _list(data, "standards", "The framework"))
    return Framework(
        key=_text(data, "key", "The framework"), title=_text(data, "title", "The framework"), standards=standards
    )


def _standard(data: Any) -> Standard:
    number = _number(data, "number", "A standard") if isinstance(data, Mapping) else 0
    where = f"Standard {number}"
    return Standard(
        number=number,
        title=_text(data, "title", where),
        outcomes=tuple(_outcome(item) for item in _list(data, "outcomes", where)),
    )


def _outcome(data: Any) -> Outcome:
    where = f"Outcome {_text(data, 'code', 'An outcome')}"
    return Outcome(
        code=_text(data, "code", where),
        text=_text(data, "text", where),
        criteria=tuple(_criterion(item) for item in _list(data, "criteria", where)),
    )


def _criterion(data: Any) -> Criterion:
    where = f"Criterion {_text(data, 'code', 'A criterion')}"
    kind = _text(data, "kind", where)
    if kind not in CRITERION_KINDS:
        raise _Wrong(f'{where}: kind is "knowledge" or "practice".')
    if data.get("simulation") is True and kind != "practice":
        raise _Wrong(f"{where}: only practice can be simulated.")
    return Criterion(
        code=_text(data, "code", where),
        text=_text(data, "text", where),
        kind=kind,
        basis=_text(data, "basis", where, needed=False),
        code_confirmed=data.get("code_confirmed") is True,
        simulation=data.get("simulation") is True,
    )


def read_glossary(path: Path, problems: Problems) -> dict[str, str]:
    """Read word → meaning. What is wrong is noted and left out."""
    data = _read(path, problems)
    if data is None:
        return {}
    if not isinstance(data, Mapping):
        problems.error(1, "data-wrong", "The glossary is not a list of words.", 'Write one "word: meaning" a line.')
        return {}
    words: dict[str, str] = {}
    for word, meaning in data.items():
        if isinstance(word, str) and isinstance(meaning, str) and meaning.strip():
            words[" ".join(word.lower().split())] = " ".join(meaning.split())
        else:
            problems.error(
                1, "data-wrong", f'"{str(word)[:40]}" has no meaning that is words.', "Put word and meaning in quotes."
            )
    return words


def read_terms(path: Path, problems: Problems) -> tuple[str, ...]:
    """Read the list of field words that want a glossary entry."""
    data = _read(path, problems)
    if isinstance(data, list) and all(isinstance(word, str) for word in data):
        return tuple(word.lower() for word in data)
    problems.error(1, "data-wrong", "This is not a list of words.", 'Write one "- word" a line.')
    return ()


def read_pack(path: Path, problems: Problems) -> Pack | None:
    """Read pack.yml, or note what is wrong and return None."""
    data = _read(path, problems)
    if data is None:
        return None
    try:
        return pack_of(data)
    except _Wrong as wrong:
        problems.error(1, "data-wrong", str(wrong), "See docs/authoring.md.")
        return None


def pack_of(data: Any) -> Pack:
    """Return the pack that a file or a published document holds. Raises ValueError, saying where it is wrong."""
    topics = tuple(
        Topic(
            key=_text(item, "key", "A topic"),
            title=_text(item, "title", "A topic"),
            standard=_number(item, "standard", "A topic") if item.get("standard") is not None else None,
        )
        for item in _list(data, "topics", "The pack")
    )
    return Pack(
        key=_text(data, "key", "The pack"),
        title=_text(data, "title", "The pack"),
        publisher=_text(data, "publisher", "The pack"),
        licence=_text(data, "licence", "The pack"),
        framework=_text(data, "framework", "The pack", needed=False) or None,
        topics=topics,
    )


def as_document(kind: str, thing: Framework | Pack) -> dict[str, Any]:
    """Return a framework or pack as the JSON it is published as."""
    return {"format": 1, "kind": kind, **asdict(thing)}
