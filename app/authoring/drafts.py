"""Starting, opening and saving drafts. Flushes, never commits. `by` is the id of the person who acts."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, defer

from app.authoring import rows
from app.authoring.errors import AuthoringError, TooLong
from app.authoring.front import read, with_fields
from app.authoring.models import Draft, DraftRevision
from app.authoring.packs import LICENCE, new_key, own_pack, provider_of, topic_in
from app.authoring.types import Came, DraftLine, DraftState, DraftView, Moved, Saved
from app.content.source import strip_hidden
from app.content.starter import starter
from app.kernel import day_of, new_uuid7

# Far above what may be published: a draft may be long on the way. What is longer is no module.
LONGEST_TEXT = 200_000
LONGEST_TITLE = 100


def start(session: Session, provider_id: int, by: int, title: str, topic: str, *, now: datetime) -> DraftView:
    """Begin a module of the provider's own, with one lesson and one question to write over.

    `topic` is the title of a topic of its own pack, which is made when it is new. Raises AuthoringError.
    """
    title, topic = one_line(title, "title", "Write a title."), one_line(topic, "topic", "Write a topic.")
    pack = own_pack(session, provider_of(session, provider_id), now=now)
    key = new_key(session, title)
    text = with_fields(starter(key, title, day_of(now)), {"licence": LICENCE})
    row = add(session, provider_id, pack.key, topic_in(pack, topic), key, text, Came.START, by=by, now=now)
    return rows.view_of(session, row)


def media_bodies(session: Session, provider_id: int, uuid: UUID) -> dict[str, bytes]:
    """Return the bytes of the pictures and sounds a draft has now, by name. Raises NoDraft."""
    return rows.bodies(session, rows.find(session, provider_id, uuid).id)


def open_draft(session: Session, provider_id: int, uuid: UUID) -> DraftView:
    """Return a draft of this provider. Raises NoDraft."""
    return rows.view_of(session, rows.find(session, provider_id, uuid))


def list_drafts(session: Session, provider_id: int) -> tuple[DraftLine, ...]:
    """Return the provider's drafts by title, those put away included."""
    found = session.scalars(select(Draft).where(Draft.provider_id == provider_id).options(defer(Draft.text))).all()
    who = rows.names(session, provider_id, [each.changed_by for each in found])
    said = rows.open_comments(session, [each.id for each in found])
    lines = [rows.line_of(each, who, said.get(each.id, 0)) for each in found]
    return tuple(sorted(lines, key=lambda line: (line.title.casefold(), line.key)))


def draft_of(session: Session, provider_id: int, key: str) -> DraftLine | None:
    """Return the provider's draft of one of its own modules, by the module's key."""
    return next((line for line in list_drafts(session, provider_id) if line.key == key), None)


def save(
    session: Session, provider_id: int, uuid: UUID, text: str, *, based_on: int, by: int, now: datetime
) -> Saved | Moved:
    """Put this text in force, when it was typed on top of the revision in force.

    Otherwise somebody saved meanwhile: their text stays in force and comes back as Moved, and this one is kept beside
    it; unless they left the words as they were. Saving what is in force already changes nothing. Raises NoDraft,
    TooLong.
    """
    text = clean(text)
    row = rows.find(session, provider_id, uuid, lock=True)
    if text == row.text:
        return Saved(revision=row.revision, changed=False)
    if based_on == row.revision or _same_words(session, row, based_on):
        put_in_force(session, row, text, Came.SAVE, by=by, now=now)
        return Saved(revision=row.revision)
    aside = _kept_beside(session, row, text, based_on, by=by, now=now)
    by_name = rows.names(session, provider_id, [row.changed_by])[row.changed_by]
    return Moved(revision=row.revision, text=row.text, by=by_name, at=row.changed_at, aside=aside)


def put_away(session: Session, provider_id: int, uuid: UUID, *, now: datetime) -> None:
    """Take a draft out of the lists. Nothing of it is removed. Safe to repeat."""
    row = rows.find(session, provider_id, uuid, lock=True)
    row.put_away_at = row.put_away_at or now
    session.flush()


def bring_back(session: Session, provider_id: int, uuid: UUID) -> None:
    """Put a draft that was put away back into the lists. Safe to repeat."""
    rows.find(session, provider_id, uuid, lock=True).put_away_at = None
    session.flush()


def clean(text: str) -> str:
    """Return a text as it is kept: one kind of newline, and nothing a database cannot hold. Raises TooLong."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    if len(text) > LONGEST_TEXT:
        words = f"This text has {len(text):,} characters. The desk keeps {LONGEST_TEXT:,}. Make two modules of it."
        raise TooLong(words, field="text")
    return text.encode("utf-8", errors="replace").decode("utf-8")


def put_in_force(
    session: Session, row: Draft, text: str, came: Came, *, by: int, now: datetime, number: int | None = None
) -> None:
    """Make this the draft's text, as its next revision. Words that were checked are not checked once they change."""
    revision = rows.next_number(session, row.id)
    session.add(
        DraftRevision(
            draft_id=row.id,
            revision=revision,
            text=text,
            by=by,
            at=now,
            aside=False,
            on_top_of=row.revision,
            came=came.value,
            number=number,
        )
    )
    row.text, row.revision, row.changed_at, row.changed_by = text, revision, now, by
    row.title = read(text).title or row.title
    row.put_away_at = None
    if row.state == DraftState.READY.value and came is not Came.PUBLISH:
        row.state = DraftState.IN_REVIEW.value
    row.checked_by_name = row.checked_at = row.checked_noted_by = None
    session.flush()


def _same_words(session: Session, row: Draft, revision: int) -> bool:
    query = select(DraftRevision.text).where(DraftRevision.draft_id == row.id, DraftRevision.revision == revision)
    return session.scalar(query) == row.text


def _kept_beside(session: Session, row: Draft, text: str, based_on: int, *, by: int, now: datetime) -> int:
    """Keep words beside the text in force, once, and return their revision."""
    same = session.scalar(
        select(DraftRevision.revision)
        .where(DraftRevision.draft_id == row.id, DraftRevision.text == text)
        .order_by(DraftRevision.revision.desc())
        .limit(1)
    )
    if same is not None:
        return same
    revision = rows.next_number(session, row.id)
    session.add(
        DraftRevision(
            draft_id=row.id,
            revision=revision,
            text=text,
            by=by,
            at=now,
            aside=True,
            on_top_of=based_on,
            came=Came.SAVE.value,
        )
    )
    session.flush()
    return revision


def add(
    session: Session,
    provider_id: int,
    pack: str,
    topic: str,
    key: str,
    text: str,
    came: Came,
    *,
    by: int,
    now: datetime,
) -> Draft:
    """Add a draft with its first revision, and return its row."""
    row = Draft(
        uuid=new_uuid7(),
        provider_id=provider_id,
        pack=pack,
        topic=topic,
        key=key,
        title=read(text).title or key,
        state=DraftState.DRAFT.value,
        text=text,
        revision=1,
        started_at=now,
        started_by=by,
        changed_at=now,
        changed_by=by,
    )
    session.add(row)
    session.flush()
    session.add(DraftRevision(draft_id=row.id, revision=1, text=text, by=by, at=now, came=came.value))
    session.flush()
    return row


def one_line(text: str, field: str, missing: str, *, longest: int = LONGEST_TITLE) -> str:
    """Return words as they are kept on one line. Raises AuthoringError with `missing` where there are none."""
    words = " ".join(strip_hidden(clean(text)).split())
    if not words:
        raise AuthoringError(missing, code="empty", field=field)
    if len(words) > longest:
        raise AuthoringError(f"Keep the {field} under {longest} characters.", code="too-long", field=field)
    return words
