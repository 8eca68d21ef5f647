"""Publishing and withdrawing. Flushes, never commits: the edge owns the transaction."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.orm import Session, undefer

from app.content.asc_wds import codes_in
from app.content.build import canonical, compress
from app.content.compare import marking_changes
from app.content.errata import errata_of, put_right
from app.content.errors import UnknownEdition
from app.content.library import Library, Source
from app.content.models import Document, Edition, Media, MediaAudience
from app.content.prepare import (
    Known,
    Packed,
    Prepared,
    Ready,
    ReadyDocument,
    Refused,
    check_folder,
    prepare,
    refuse,
    surroundings,
)
from app.content.types import Built, MediaFile

__all__ = [
    "Published",
    "Refused",
    "Report",
    "check_folder",
    "known_to",
    "marking_since",
    "prepare",
    "publish",
    "store",
    "surroundings",
    "withdraw",
]

# What a catalogue shows of an edition without opening it.
LISTED = ("summary", "minutes", "lang", "criteria", "pass", "valid_for_months", "pocket", "checked_by", "media")


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A new edition."""

    module: str
    number: int
    sha: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What publishing did. `absent`: modules of this server that the folder no longer holds; they stay published."""

    published: tuple[Published, ...]
    unchanged: tuple[str, ...]
    refused: tuple[Refused, ...]
    absent: tuple[str, ...]


# Thousands of editions are asked at each publishing, so only what tells them apart is read.
ROW = (
    Edition.sha,
    Edition.module,
    Edition.number,
    Edition.source,
    Edition.pack,
    Edition.topic,
    Edition.audience,
    Edition.text.is_(None).label("bare"),
    Edition.listing,
)
_Row = Row[str, str, int, str, str, str, UUID | None, bool, str]


def known_to(session: Session) -> Known:
    """Return what this server has published, for `prepare` to leave out."""
    editions: dict[str, dict[int, str]] = {}
    for row in session.execute(select(Edition.module, Edition.number, Edition.source)):
        editions.setdefault(row.module, {})[row.number] = row.source
    return Known(editions=editions, documents=frozenset(session.scalars(select(Document.sha))))


def publish(session: Session, library: Library, *, now: datetime) -> Report:
    """Publish every module whose text or pictures changed, and the glossary, frameworks and packs.

    A module that is refused does not hold up the others. Repeating is harmless: what is published already is skipped
    without being rendered. Editions are kept for ever. Rendering takes seconds: who shares the database with phones
    calls `known_to`, `prepare` and `store`, and takes the write lock for the last alone.
    """
    return store(session, prepare(library, known_to(session), now=now), now=now)


def store(
    session: Session, prepared: Prepared, *, now: datetime, audience: UUID | None = None, from_elsewhere: bool = False
) -> Report:
    """Write what was prepared. It is compared with the database once more: somebody may have published meanwhile.

    `audience` is the uuid of the one provider it is for, None for everybody. `from_elsewhere`: another server published
    it, before or after it put right what is put right here, so a minor edition may mark each question either way.
    """
    known: dict[str, dict[int, _Row]] = {}
    for edition in session.execute(select(*ROW)):
        known.setdefault(edition.module, {})[edition.number] = edition
    published: list[Published] = []
    unchanged: list[str] = []
    refused: list[Refused] = []
    for each in prepared.modules:
        result = each if isinstance(each, Refused) else _store_one(session, each, known, now, audience, from_elsewhere)
        if isinstance(result, Published):
            published.append(result)
        elif isinstance(result, Refused):
            refused.append(result)
        else:
            unchanged.append(result)
    for document in prepared.documents:
        _keep_document(session, document, now, audience)
    session.flush()
    present = {each.module if isinstance(each, Refused) else each.folder.name for each in prepared.modules}
    return Report(
        published=tuple(published),
        unchanged=tuple(unchanged),
        refused=tuple(refused),
        absent=tuple(
            sorted(
                key
                for key, editions in known.items()
                if key not in present and all(each.audience == audience for each in editions.values())
            )
        ),
    )


def _store_one(
    session: Session,
    ready: Ready,
    known: dict[str, dict[int, _Row]],
    now: datetime,
    audience: UUID | None,
    from_elsewhere: bool,
) -> Published | Refused | str:
    folder, editions = ready.folder, known.get(ready.folder.name, {})
    if any(each.audience != audience for each in editions.values()):
        return refuse(folder, "key-taken", f'"{folder.name}" is the key of another module here. Choose another.')
    same = editions.get(ready.number)
    if same is not None and same.source == ready.source:
        if same.bare or (same.pack, same.topic) != (folder.pack, folder.topic) or _filed_otherwise(same, ready.text):
            kept = session.get_one(Edition, same.sha)
            kept.pack, kept.topic, kept.text = folder.pack, folder.topic, ready.text
            kept.listing = _listing(json.loads(same.listing), ready.text)
        return folder.name
    if ready.built is None:
        return refuse(folder, "meanwhile", "The database was put back while this was prepared. Publish again.")
    refused = _numbered(session, folder, editions, ready.built, from_elsewhere)
    return refused or _keep(session, ready, ready.built, now, audience)


def _numbered(
    session: Session, folder: Source, editions: dict[int, _Row], built: Built, from_elsewhere: bool
) -> Refused | None:
    """Refuse an edition whose number or kind of change does not fit what is published already."""
    if not editions:
        return None
    number = built.data["edition"]
    newest = max(editions)
    if number in editions:
        return refuse(
            folder,
            "edition-taken",
            f"Edition {number} is published already, with another text. Write edition: {newest + 1}, and change: minor "
            "(completions still count) or change: major (people take it again).",
        )
    if number < newest:
        return refuse(folder, "edition-older", f"Edition {newest} is published already. Write edition: {newest + 1}.")
    if built.data["change"] == "minor":
        errata, changes = marking_since(session, editions[newest].sha, built)
        if errata and from_elsewhere:
            as_published = marking_since(session, editions[newest].sha, built, as_published=True)[1]
            changes = tuple(each for each in changes if each in as_published)
        if changes:
            return refuse(
                folder,
                "minor-marking",
                f"Since edition {newest}{' as it was put right' * errata} {'; '.join(changes)}. People who did "
                "it were marked another way, so write change: major.",
            )
    return None


def marking_since(
    session: Session, sha: str, built: Built, *, as_published: bool = False
) -> tuple[bool, tuple[str, ...]]:
    """Say whether the edition `sha` was put right since it was published, and what marks otherwise in `built`.

    People were marked again by what was put right, so that is what the new text has to carry. `as_published` compares
    with what it was before.
    """
    old = session.get_one(Edition, sha, options=[undefer(Edition.body), undefer(Edition.answer_key)])
    errata = () if as_published else errata_of(session, [sha]).get(sha, ())
    marked_by = put_right(json.loads(old.body), json.loads(old.answer_key), errata)
    return bool(errata), marking_changes(*marked_by, built.data, built.answer_key)


def _keep(session: Session, ready: Ready, built: Built, now: datetime, audience: UUID | None) -> Published:
    for file, packed in ready.media:
        _keep_media(session, file, packed, now, audience)
    again = built.data["check_again"]
    br, gz = ready.packed
    session.add(
        Edition(
            sha=built.sha,
            module=built.data["key"],
            number=built.data["edition"],
            change=built.data["change"],
            title=built.data["title"],
            pack=ready.folder.pack,
            topic=ready.folder.topic,
            source=built.source,
            body=built.body,
            br=br,
            gz=gz,
            wire_bytes=len(br or built.body),
            listing=_listing(built.data, ready.text),
            answer_key=canonical(built.answer_key).decode(),
            published_at=now,
            audience=audience,
            check_again=date.fromisoformat(again) if again else None,
            text=ready.text,
        )
    )
    session.flush()
    return Published(module=built.data["key"], number=built.data["edition"], sha=built.sha)


def _listing(shown: Mapping[str, Any], text: str) -> str:
    """Return what a catalogue shows of an edition, with the codes its text has today."""
    listed = {name: shown[name] for name in LISTED if name in shown}
    if codes := codes_in(text):
        listed["asc_wds"] = codes
    return canonical(listed).decode()


def _filed_otherwise(same: _Row, text: str) -> bool:
    """Say whether a text has other codes than the edition that was published of it. No JSON is read for it."""
    codes = codes_in(text)
    return (canonical({"asc_wds": codes})[1:-1].decode() not in same.listing) if codes else '"asc_wds":' in same.listing


def _keep_media(session: Session, file: MediaFile, packed: Packed, now: datetime, audience: UUID | None) -> None:
    """Keep a file once, and for whom it is. What everybody's edition shows is nobody's secret any more."""
    kept = session.get(Media, file.sha)
    if kept is None:
        br, gz = packed
        kept = Media(sha=file.sha, type=file.type, kind=file.kind, body=file.body, br=br, gz=gz, published_at=now)
        kept.private = audience is not None
        session.add(kept)
    elif audience is None:
        kept.private = False
    session.flush()
    if audience is not None and session.get(MediaAudience, (file.sha, audience)) is None:
        session.add(MediaAudience(sha=file.sha, audience=audience))
        session.flush()


def _keep_document(session: Session, ready: ReadyDocument, now: datetime, audience: UUID | None) -> None:
    rows = session.scalars(select(Document).where(Document.kind == ready.kind, Document.name == ready.name)).all()
    for row in rows:
        row.in_force = row.sha == ready.sha
    if all(row.sha != ready.sha for row in rows):
        br, gz = ready.packed or compress(ready.body)
        session.add(
            Document(
                sha=ready.sha,
                kind=ready.kind,
                name=ready.name,
                body=ready.body,
                br=br,
                gz=gz,
                wire_bytes=len(br or ready.body),
                published_at=now,
                in_force=True,
                audience=audience,
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
