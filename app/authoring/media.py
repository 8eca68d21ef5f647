"""Pictures and sounds of a draft. One that is taken out or replaced stays, for older revisions that show it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import files
from app.authoring import rows
from app.authoring.drafts import put_in_force
from app.authoring.errors import MediaUnfit
from app.authoring.models import Draft, DraftMedia
from app.authoring.types import Came, MediaView
from app.content.source import MEDIA_ENDINGS, is_plain_name, media_names
from app.content.svg import MediaRefused, read_media

# What one module may have, and what all pictures ever put into one draft, or into all of a provider, may fill.
LARGEST_FILE = 400_000
LARGEST_DRAFT = 12_000_000
LARGEST_PROVIDER = 500_000_000
LONGEST_NAME = 100


def add_media(
    session: Session, provider_id: int, uuid: UUID, name: str, body: bytes, *, by: int, now: datetime
) -> MediaView:
    """Put a picture or sound beside a draft, in the place of one of the same name.

    Raises NoDraft, MediaUnfit, FilesAway.
    """
    row = rows.find(session, provider_id, uuid, lock=True)
    kind = _type_of(name, body)
    kept = session.scalar(select(func.sum(DraftMedia.size)).where(DraftMedia.draft_id == row.id)) or 0
    same = next((each for each in rows.media_rows(session, row.id) if each.name == name), None)
    added = DraftMedia(
        draft_id=row.id,
        name=name,
        type=kind.type,
        sha=kind.sha,
        size=len(body),
        added_at=now,
        added_by=by,
    )
    if same is not None and same.sha == kind.sha:
        return rows.media_view(same)
    if kept + len(body) > LARGEST_DRAFT:
        raise MediaUnfit("This draft has no room for more pictures. Start another module for them.", field="file")
    if _kept_by(session, provider_id) + len(body) > LARGEST_PROVIDER:
        words = "The pictures of all your drafts have no more room. Ask whoever runs the server."
        raise MediaUnfit(words, field="file")
    if same is not None:
        same.removed_at = now
    files.keep(session, added, body)
    session.add(added)
    _shows_otherwise(session, row, name, by=by, now=now)
    return rows.media_view(added)


def remove_media(session: Session, provider_id: int, uuid: UUID, name: str, *, by: int, now: datetime) -> bool:
    """Take a picture or sound out of a draft. Says whether there was one. Raises NoDraft."""
    row = rows.find(session, provider_id, uuid, lock=True)
    found = next((each for each in rows.media_rows(session, row.id) if each.name == name), None)
    if found is not None:
        found.removed_at = now
        _shows_otherwise(session, row, name, by=by, now=now)
    return found is not None


def bring_back_media(session: Session, draft_id: int, wanted: Collection[str]) -> bool:
    """Put back the pictures and sounds of these names that were taken out, each as it was last. Says if any was."""
    missing = set(wanted) - {each.name for each in rows.media_rows(session, draft_id)}
    query = select(DraftMedia).where(DraftMedia.draft_id == draft_id, DraftMedia.name.in_(missing))
    newest: dict[str, DraftMedia] = {}
    for each in session.scalars(query.order_by(DraftMedia.id)):
        newest[each.name] = each
    for each in newest.values():
        each.removed_at = None
    session.flush()
    return bool(newest)


def _shows_otherwise(session: Session, row: Draft, name: str, *, by: int, now: datetime) -> None:
    """Count a picture that the text shows as a change of the text: nobody has checked what it now shows."""
    session.flush()
    if name in media_names(row.text):
        put_in_force(session, row, row.text, Came.SAVE, by=by, now=now)


def _kept_by(session: Session, provider_id: int) -> int:
    query = select(func.sum(DraftMedia.size)).join(Draft, DraftMedia.draft_id == Draft.id)
    return session.scalar(query.where(Draft.provider_id == provider_id)) or 0


class _Kind:
    __slots__ = ("sha", "type")

    def __init__(self, kind: str, sha: str) -> None:
        self.type, self.sha = kind, sha


def _type_of(name: str, body: bytes) -> _Kind:
    if not is_plain_name(name) or not name.lower().endswith(MEDIA_ENDINGS) or len(name) > LONGEST_NAME:
        words = "Name the file with letters, numbers and hyphens, and .svg, .webp or .mp3 at its end."
        raise MediaUnfit(words, code="media-name", field="file")
    if len(body) > LARGEST_FILE:
        raise MediaUnfit(
            f"This file has {len(body) // 1000} kB. The limit is {LARGEST_FILE // 1000} kB. Make it smaller.",
            code="media-large",
            field="file",
        )
    try:
        file = read_media(name, body)
    except MediaRefused as refused:
        raise MediaUnfit(str(refused), field="file") from refused
    return _Kind(file.type, file.sha)
