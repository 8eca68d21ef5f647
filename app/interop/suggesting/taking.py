"""How a suggestion becomes the next edition of its module: a draft that is reviewed, then a folder to publish."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from sqlalchemy.orm import Session

from app import authoring
from app.authoring import DraftState
from app.content import queries as content
from app.content.sharing import editions_here
from app.content.source import digest_of, media_names
from app.interop.suggesting.errors import NotNow, SuggestingError
from app.interop.suggesting.inbox import decide, newest_edition, open_received
from app.interop.suggesting.texts import final, media_of, plain
from app.interop.suggesting.types import What

CHANGES = ("minor", "major")
MODULE = "module.md"
_DAY = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class NextEdition:
    """The folder of a module as its next edition: `files` by name, below `pack` / `topic` / `key`."""

    pack: str
    topic: str
    key: str
    number: int
    files: Mapping[str, bytes]

    @property
    def place(self) -> str:
        """Where it lies in a content folder."""
        return f"packs/{self.pack}/{self.topic}/{self.key}"


def take_up(session: Session, number: int, provider_id: int, *, by: int, now: datetime) -> UUID:
    """Begin a draft with today's text and the suggestion in it, and return its uuid.

    Where both changed the same lines today's stay, and the suggested ones stand beside them as a comment. `by` is the
    id of the person who does it. Raises NoSuggestion, NotNow, AuthoringError.
    """
    view = open_received(session, number)
    if not view.waits:
        raise NotNow("Somebody has looked after this suggestion already. Load the page again.")
    newest = newest_edition(session, view)
    topics = {
        (pack.name, topic["key"]): str(topic["title"])
        for pack in content.documents(session, "pack")
        for topic in pack.data["topics"]
    }
    topic = topics.get((newest.pack, newest.topic), newest.topic)
    draft = authoring.draft_of_text(session, provider_id, by, view.merged, newest, topic, now=now)
    for line, _, suggested in view.conflicts:
        said = f"{view.provider} suggested these words here, and the text has changed since:\n{suggested}".strip()
        authoring.comment(session, provider_id, draft.uuid, draft.revision, line, said[:2000], by=by, now=now)
    decide(session, number, What.DRAFT, now=now, draft=draft.uuid, planned=newest.number, provider_id=provider_id)
    return draft.uuid


def next_edition(session: Session, number: int, provider_id: int | None, *, change: str) -> NextEdition:
    """Return the folder of the module with the suggestion in it.

    Where it became a draft the draft's words and pictures count, once a named person has checked the facts. Without
    a draft nobody has: the edition then says that it is not checked. Raises NoSuggestion, NotNow, SuggestingError.
    """
    if change not in CHANGES:
        raise SuggestingError('Choose "minor" or "major".', code="change", field="change-minor")
    view = open_received(session, number)
    if view.what is What.NOT_TAKEN:
        raise NotNow("It was decided not to take this suggestion. Look at it again first.")
    newest = newest_edition(session, view)
    text, checked_by, pictures = view.merged, None, dict(media_of(session, newest))
    if view.draft is not None:
        if provider_id is None:
            raise NotNow("It became a draft at a provider's desk. Name the provider.")
        draft = authoring.open_draft(session, provider_id, view.draft)
        if view.draft_on != newest.number:
            raise NotNow(f"Edition {newest.number} came out since its draft was begun. Look at it again, from today.")
        if draft.state is not DraftState.READY:
            raise NotNow("Nobody has checked the facts of its draft yet. Send that to review, and note who checked.")
        text, checked_by = draft.text, draft.checked_by
        pictures |= authoring.media_bodies(session, provider_id, view.draft)
    elif view.conflicts:
        raise NotNow("The module moved on, and some lines were changed on both sides. Take it up as a draft first.")
    credit = view.provider if view.credit else None
    words = final(text, newest, view.today, change=change, checked_by=checked_by, credit=credit)
    files = {name: pictures[name] for name in media_names(words) if name in pictures}
    return NextEdition(
        pack=newest.pack,
        topic=newest.topic,
        key=newest.key,
        number=newest.number + 1,
        files={MODULE: words.encode(), **files},
    )


def taken(session: Session, number: int, made: NextEdition, *, now: datetime, provider_id: int | None = None) -> None:
    """Note that a suggestion comes out in this edition. Whoever suggested it is told once that is published."""
    decide(session, number, What.TAKEN, now=now, planned=made.number, provider_id=provider_id)


def zipped(made: NextEdition) -> bytes:
    """Return the folder as a ZIP, to unpack into a content folder."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in sorted(made.files.items()):
            entry = zipfile.ZipInfo(f"{made.place}/{name}", _DAY)
            entry.compress_type, entry.external_attr, entry.create_system = zipfile.ZIP_DEFLATED, 0o644 << 16, 3
            archive.writestr(entry, body)
    return out.getvalue()


def write(session: Session, made: NextEdition, content_folder: Path) -> Path:
    """Put the folder of the next edition into a content folder, over that of the newest, and return where.

    Only where the newest published edition lies there, so that nobody's unpublished words are overwritten. Raises
    SuggestingError.
    """
    folder = content_folder / made.place
    newest = editions_here(session)[made.key][made.number - 1]
    try:
        text = plain((folder / MODULE).read_text(encoding="utf-8-sig"))
        files = {name: (folder / name).read_bytes() for name in media_names(text) if (folder / name).is_file()}
    except (OSError, UnicodeDecodeError):
        words = f"There is no {MODULE} in {folder}. Give the content folder, as BV_CONTENT has it."
        raise SuggestingError(words) from None
    now_there = digest_of(text, files)
    if now_there == digest_of(made.files[MODULE].decode(), {n: b for n, b in made.files.items() if n != MODULE}):
        return folder
    if now_there != newest.source:
        raise SuggestingError(
            f"{folder} does not read as edition {made.number - 1}, which is published. Publish what is there, or put "
            "it back, and try again."
        )
    # The words last: until they are there, the folder reads as before.
    for name, body in sorted(made.files.items(), key=lambda file: file[0] == MODULE):
        beside = folder / f".{name}.part"
        beside.write_bytes(body)
        beside.replace(folder / name)
    return folder
