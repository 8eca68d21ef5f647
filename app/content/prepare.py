"""Checking, rendering and packing what is about to be published: all the slow work, and none of it in the database."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.content.build import build, canonical, compress
from app.content.checks import Checked, Surroundings, check
from app.content.data import as_document
from app.content.library import Library, Source
from app.content.problems import Problems
from app.content.render import Renderer
from app.content.source import digest_of, media_names, normalise
from app.content.types import Built, MediaFile, Problem
from app.kernel import day_of

Packed = tuple[bytes | None, bytes | None]
"""The Brotli and gzip forms, None where there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What a server has published: module → edition number → hash of its source, and the hashes of documents."""

    editions: Mapping[str, Mapping[int, str]]
    documents: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A module that was not published. `code` is "errors" or the rule it broke; `message` says what to do."""

    module: str
    path: str
    code: str
    message: str
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """A module as it would be published. `built` is None when the server has this very edition."""

    folder: Source
    number: int
    source: str
    text: str
    built: Built | None = None
    packed: Packed = (None, None)
    media: tuple[tuple[MediaFile, Packed], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadyDocument:
    """The glossary, a framework or a pack. `packed` is None when the server had it already."""

    kind: str
    name: str
    sha: str
    body: bytes
    packed: Packed | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """Everything of a library, ready to be written in one short transaction."""

    modules: tuple[Ready | Refused, ...]
    documents: tuple[ReadyDocument, ...]


def prepare(library: Library, known: Known, *, now: datetime, sources: Iterable[Source] | None = None) -> Prepared:
    """Render every module that `known` lacks: those of `sources`, or all of the library's folders.

    A module that is refused does not hold up the others.
    """
    # Making a renderer costs more than a module.
    renderer = Renderer()
    return Prepared(
        modules=tuple(
            _module(library, each, known, renderer, now) for each in (library.folders if sources is None else sources)
        ),
        documents=tuple(_documents(library, known)),
    )


def check_folder(library: Library, folder: Source, *, now: datetime) -> Checked:
    """Check one module as publishing would. Raises OSError when its files cannot be read."""
    return check(folder.text(), folder.shown, surroundings(library, folder, now=now))


def surroundings(library: Library, folder: Source, *, now: datetime) -> Surroundings:
    """Return what a module that lies there is checked against."""
    return Surroundings(
        today=day_of(now),
        name=folder.name,
        criteria=library.criteria_for(folder.pack),
        glossary=library.glossary.keys(),
        terms=library.terms,
        files={name: folder.media(name) for name in folder.media_sizes()},
    )


def refuse(folder: Source, code: str, message: str) -> Refused:
    """Return a refusal of the module in this folder."""
    return Refused(module=folder.name, path=folder.shown, code=code, message=message)


def _module(library: Library, folder: Source, known: Known, renderer: Renderer, now: datetime) -> Ready | Refused:
    misplaced = library.misplaced(folder)
    if misplaced:
        return refuse(folder, "misplaced", f"{misplaced} Mend that, then publish again.")
    try:
        published = known.editions.get(folder.name, {})
        same = _unchanged(folder, published) if published else None
        if same is not None:
            return same
        checked = check_folder(library, folder, now=now)
    except OSError as trouble:
        return refuse(
            folder, "unreadable", f"Its files cannot be read: {trouble.strerror}. Look at them, then publish again."
        )
    if checked.stops:
        count = sum(problem.stops for problem in checked.problems)
        what = "1 error" if count == 1 else f"{count} errors"
        message = f"It has {what}. Run flask content check, mend them, then publish again."
        return Refused(module=folder.name, path=folder.shown, code="errors", message=message, problems=checked.problems)
    built = build(checked.module, checked.media, renderer)
    return Ready(
        folder=folder,
        number=built.data["edition"],
        source=built.source,
        text=checked.module.text,
        built=built,
        packed=compress(built.body),
        media=tuple((file, _packed(file)) for file in built.media),
    )


def _packed(file: MediaFile) -> Packed:
    # Only SVG is text; the others are compressed already. The last step would take a hundredth off, for twice the time.
    return compress(file.body, quality=10) if file.type == "image/svg+xml" else (None, None)


def _unchanged(folder: Source, published: Mapping[int, str]) -> Ready | None:
    """Return a module that is published already, known by the hash of its files; None to look at it closely.

    Nothing is parsed: the number stands in the text, so the same source has the same number. The bytes are hashed as
    they are first, as almost every file is stored the way its text is compared.
    """
    for text in _readings(folder):
        with contextlib.suppress(OSError, KeyError):  # a picture that is not there: the check says so
            source = digest_of(text, {name: folder.media(name) for name in media_names(text)})
            number = next((number for number, known in published.items() if known == source), None)
            if number is not None:
                return Ready(folder=folder, number=number, source=source, text=text)
    return None


def _readings(folder: Source) -> Iterator[str]:
    """Yield the text as it is stored, then as it is compared."""
    raw = folder.text()
    with contextlib.suppress(UnicodeDecodeError):
        yield raw.decode("utf-8")
    yield normalise(raw, Problems(folder.shown))


def _documents(library: Library, known: Known) -> Iterator[ReadyDocument]:
    glossary = {"format": 1, "kind": "glossary", "words": dict(library.glossary)}
    yield _document("glossary", "en", glossary, known)
    if library.terms:
        yield _document("terms", "en", {"format": 1, "kind": "terms", "words": list(library.terms)}, known)
    for framework in library.frameworks:
        yield _document("framework", framework.key, as_document("framework", framework), known)
    for name, pack in library.packs.items():
        yield _document("pack", name, as_document("pack", pack), known)


def _document(kind: str, name: str, data: dict[str, Any], known: Known) -> ReadyDocument:
    body = canonical(data)
    sha = digest_of(body.decode(), {})
    packed = None if sha in known.documents else compress(body)
    return ReadyDocument(kind=kind, name=name, sha=sha, body=body, packed=packed)
