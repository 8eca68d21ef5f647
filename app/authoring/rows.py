"""Finding a provider's drafts, and what leaves this package of them. No draft is looked up without its provider."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, undefer

from app import files
from app.authoring.errors import NoDraft
from app.authoring.models import Draft, DraftComment, DraftMedia, DraftRevision
from app.authoring.types import DraftLine, DraftState, DraftView, MediaView
from app.identity import Person
from app.providers import called


def find(session: Session, provider_id: int, uuid: UUID, *, lock: bool = False) -> Draft:
    """Return a draft of this provider. `lock`: nobody else changes it until the commit. Raises NoDraft."""
    query = select(Draft).where(Draft.provider_id == provider_id, Draft.uuid == uuid)
    if lock:
        # SQLite has one writer at a time anyway; there this is left out of the statement.
        query = query.with_for_update().execution_options(populate_existing=True)
    row = session.scalars(query).one_or_none()
    if row is None:
        raise NoDraft("There is no such draft here. See the list of modules.")
    return row


def names(session: Session, provider_id: int, people: Iterable[int | None]) -> dict[int | None, str]:
    """Return what a provider calls these people; those who were erased have no name."""
    wanted = {person for person in people if person is not None}
    found: dict[int | None, str] = {None: ""}
    for key, name in session.execute(select(Person.id, called(provider_id)).where(Person.id.in_(wanted))):
        found[key] = name
    return found


def line_of(row: Draft, who: Mapping[int | None, str], comments: int = 0) -> DraftLine:
    """Return a draft as a list shows it."""
    return DraftLine(**_common(row, who, comments))


def view_of(session: Session, row: Draft) -> DraftView:
    """Return a draft as it is opened."""
    who = names(session, row.provider_id, [row.changed_by])
    common = _common(row, who, open_comments(session, [row.id]).get(row.id, 0))
    return DraftView(**common, text=row.text, media=tuple(media_view(each) for each in media_rows(session, row.id)))


def open_comments(session: Session, drafts: Iterable[int]) -> dict[int, int]:
    """Return how many comments of each draft nobody has dealt with."""
    query = (
        select(DraftComment.draft_id, func.count())
        .where(DraftComment.draft_id.in_(list(drafts)), DraftComment.resolved_at.is_(None))
        .group_by(DraftComment.draft_id)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def media_rows(session: Session, draft_id: int) -> tuple[DraftMedia, ...]:
    """Return the pictures and sounds a draft has now, by name, without their bytes."""
    query = select(DraftMedia).where(DraftMedia.draft_id == draft_id, DraftMedia.removed_at.is_(None))
    return tuple(session.scalars(query.order_by(DraftMedia.name)))


def media_view(row: DraftMedia) -> MediaView:
    """Return a picture or sound without its bytes."""
    return MediaView(name=row.name, type=row.type, sha=row.sha, bytes=row.size)


def bodies(session: Session, draft_id: int) -> dict[str, bytes]:
    """Return the bytes of the pictures and sounds a draft has now, by name. Raises FilesAway, FileLost."""
    query = select(DraftMedia).where(DraftMedia.draft_id == draft_id, DraftMedia.removed_at.is_(None))
    found = session.scalars(query.options(undefer(DraftMedia.body)).order_by(DraftMedia.name)).all()
    return {row.name: body for row, body in zip(found, files.read_all(session, found), strict=True) if body is not None}


def next_number(session: Session, draft_id: int) -> int:
    """Return the number of the next revision, of those in force and beside alike. The draft must be locked."""
    last = session.scalar(select(func.max(DraftRevision.revision)).where(DraftRevision.draft_id == draft_id))
    return (last or 0) + 1


def _common(row: Draft, who: Mapping[int | None, str], comments: int) -> dict[str, Any]:
    return {
        "uuid": row.uuid,
        "key": row.key,
        "title": row.title,
        "pack": row.pack,
        "topic": row.topic,
        "state": DraftState(row.state),
        "revision": row.revision,
        "based_on": row.based_on,
        "unchanged": row.published_revision == row.revision,
        "changed_at": row.changed_at,
        "changed_by": who.get(row.changed_by, ""),
        "checked_by": row.checked_by_name,
        "checked_at": row.checked_at,
        "put_away_at": row.put_away_at,
        "comments": comments,
    }
