"""Publishing and withdrawing. Flushes, never commits: the edge owns the transaction."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from app.content.build import build, canonical, compress
from app.content.checks import Checked, Surroundings, check
from app.content.compare import marking_changes
from app.content.data import as_document
from app.content.errors import UnknownEdition
from app.content.frontmatter import Fields, split
from app.content.library import Folder, Library
from app.content.models import Document, Edition, Media
from app.content.problems import Problems
from app.content.render import Renderer
from app.content.source import digest_of, media_names, normalise
from app.content.types import Built, MediaFile, Problem

# What a catalogue shows of an edition without opening it.
LISTED = ("summary", "minutes", "lang", "criteria", "pass", "valid_for_months", "pocket", "checked_by", "media")


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A new edition."""

    module: str
    number: int
    sha: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A module that was not published. `code` is "errors" or the rule it broke; `message` says what to do."""

    module: str
    path: str
    code: str
    message: str
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What publishing did. `absent`: modules of this server that the folder no longer holds; they stay published."""

    published: tuple[Published, ...]
    unchanged: tuple[str, ...]
    refused: tuple[Refused, ...]
    absent: tuple[str, ...]


def publish(session: Session, library: Library, *, now: datetime) -> Report:
    """Publish every module whose text or pictures changed, and the glossary, frameworks and packs.

    A module that is refused does not hold up the others. Repeating is harmless: what is published already is skipped
    without being rendered. Editions are kept for ever.
    """
    known: dict[str, dict[int, Edition]] = {}
    for edition in session.scalars(select(Edition)):
        known.setdefault(edition.module, {})[edition.number] = edition
    renderer = Renderer()
    published: list[Published] = []
    unchanged: list[str] = []
    refused: list[Refused] = []
    for folder in library.folders:
        result = _publish_one(session, library, folder, known.get(folder.name, {}), renderer, now)
        if isinstance(result, Published):
            published.append(result)
        elif isinstance(result, Refused):
            refused.append(result)
        else:
            unchanged.append(result)
    _publish_documents(session, library, now)
    session.flush()
    return Report(
        published=tuple(published),
        unchanged=tuple(unchanged),
        refused=tuple(refused),
        absent=tuple(sorted(set(known) - {folder.name for folder in library.folders})),
    )


def check_folder(library: Library, folder: Folder, *, now: datetime) -> Checked:
    """Check one module of the library as publishing would. Raises OSError when its files cannot be read."""
    return check(folder.text(), folder.shown, surroundings(library, folder, now=now))


def surroundings(library: Library, folder: Folder, *, now: datetime) -> Surroundings:
    """Return what a module in this folder is checked against."""
    return Surroundings(
        today=now.date(),
        name=folder.name,
        criteria=library.criteria_for(folder.pack),
        glossary=library.glossary.keys(),
        terms=library.terms,
        files={name: (folder.path / name).read_bytes() for name in folder.media_sizes()},
    )


def _publish_one(
    session: Session, library: Library, folder: Folder, editions: dict[int, Edition], renderer: Renderer, now: datetime
) -> Published | Refused | str:
    misplaced = library.misplaced(folder)
    if misplaced:
        return _refuse(folder, "misplaced", f"{misplaced} Mend that, then publish again.")
    try:
        number, source = _identity(folder)
        same = editions.get(number)
        if same is not None and same.source == source:
            same.pack, same.topic = folder.pack, folder.topic
            return folder.name
        checked = check_folder(library, folder, now=now)
    except OSError as trouble:
        return _refuse(
            folder, "unreadable", f"Its files cannot be read: {trouble.strerror}. Look at them, then publish again."
        )
    if checked.stops:
        count = sum(problem.stops for problem in checked.problems)
        what = "1 error" if count == 1 else f"{count} errors"
        message = f"It has {what}. Run flask content check, mend them, then publish again."
        return Refused(module=folder.name, path=folder.shown, code="errors", message=message, problems=checked.problems)
    built = build(checked.module, checked.media, renderer)
    return _numbered(session, folder, editions, built) or _keep(session, folder, built, now)


def _identity(folder: Folder) -> tuple[int, str]:
    """Return edition number and source hash without rendering."""
    unheard = Problems(folder.shown)
    text = normalise(folder.text(), unheard)
    number = Fields(split(text, unheard), unheard).number("edition", 1, 100_000) or 0
    names = [name for name in media_names(text) if (folder.path / name).is_file()]
    return number, digest_of(text, {name: (folder.path / name).read_bytes() for name in names})


def _numbered(session: Session, folder: Folder, editions: dict[int, Edition], built: Built) -> Refused | None:
    """Refuse an edition whose number or kind of change does not fit what is published already."""
    if not editions:
        return None
    number = built.data["edition"]
    newest = max(editions)
    if number in editions:
        return _refuse(
            folder,
            "edition-taken",
            f"Edition {number} is published already, with another text. Write edition: {newest + 1}, and change: minor "
            "(completions still count) or change: major (people take it again).",
        )
    if number < newest:
        return _refuse(folder, "edition-older", f"Edition {newest} is published already. Write edition: {newest + 1}.")
    if built.data["change"] == "minor":
        old = session.get_one(
            Edition, editions[newest].sha, options=[undefer(Edition.body), undefer(Edition.answer_key)]
        )
        changes = marking_changes(json.loads(old.body), json.loads(old.answer_key), built.data, built.answer_key)
        if changes:
            return _refuse(
                folder,
                "minor-marking",
                f"Since edition {newest} {'; '.join(changes)}. People who did it were marked another way, so write "
                "change: major.",
            )
    return None


def _refuse(folder: Folder, code: str, message: str) -> Refused:
    return Refused(module=folder.name, path=folder.shown, code=code, message=message)


def _keep(session: Session, folder: Folder, built: Built, now: datetime) -> Published:
    for file in built.media:
        _keep_media(session, file, now)
    br, gz = compress(built.body)
    session.add(
        Edition(
            sha=built.sha,
            module=built.data["key"],
            number=built.data["edition"],
            change=built.data["change"],
            title=built.data["title"],
            pack=folder.pack,
            topic=folder.topic,
            source=built.source,
            body=built.body,
            br=br,
            gz=gz,
            wire_bytes=len(br or built.body),
            listing=canonical({name: built.data[name] for name in LISTED}).decode(),
            answer_key=canonical(built.answer_key).decode(),
            published_at=now,
        )
    )
    session.flush()
    return Published(module=built.data["key"], number=built.data["edition"], sha=built.sha)


def _keep_media(session: Session, file: MediaFile, now: datetime) -> None:
    if session.get(Media, file.sha) is None:
        # Only SVG is text; the others are compressed already.
        br, gz = compress(file.body) if file.type == "image/svg+xml" else (None, None)
        session.add(Media(sha=file.sha, type=file.type, kind=file.kind, body=file.body, br=br, gz=gz, published_at=now))
        session.flush()


def _publish_documents(session: Session, library: Library, now: datetime) -> None:
    _keep_document(session, "glossary", "en", {"format": 1, "kind": "glossary", "words": dict(library.glossary)}, now)
    for framework in library.frameworks:
        _keep_document(session, "framework", framework.key, as_document("framework", framework), now)
    for name, pack in library.packs.items():
        _keep_document(session, "pack", name, as_document("pack", pack), now)


def _keep_document(session: Session, kind: str, name: str, data: dict[str, Any], now: datetime) -> None:
    body = canonical(data)
    sha = digest_of(body.decode(), {})
    rows = session.scalars(select(Document).where(Document.kind == kind, Document.name == name)).all()
    for row in rows:
        row.in_force = row.sha == sha
    if all(row.sha != sha for row in rows):
        br, gz = compress(body)
        session.add(
            Document(
                sha=sha,
                kind=kind,
                name=name,
                body=body,
                br=br,
                gz=gz,
                wire_bytes=len(br or body),
                published_at=now,
                in_force=True,
            )
        )


def withdraw(session: Session, key: str, number: int, *, reason: str, safety: bool, now: datetime) -> None:
    """Take an edition out of the catalogue. It stays stored, so that what was learned from it can still be marked.

    Repeating is harmless; the first day stays, the latest reason counts. Raises UnknownEdition.
    """
    edition = session.scalar(select(Edition).where(Edition.module == key, Edition.number == number))
    if edition is None:
        numbers = session.scalars(select(Edition.number).where(Edition.module == key).order_by(Edition.number)).all()
        hint = (
            f"It has {', '.join(map(str, numbers))}." if numbers else "No edition of that key was ever published here."
        )
        raise UnknownEdition(f'There is no edition {number} of "{key}". {hint}', field="edition")
    edition.withdrawn_at = edition.withdrawn_at or now
    edition.withdrawn_reason = reason
    edition.safety = safety
    session.flush()
