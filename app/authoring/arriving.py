"""Drafts made of other programs' files."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from app.authoring.drafts import open_draft, save, start
from app.authoring.errors import AuthoringError
from app.authoring.front import quoted, with_fields
from app.authoring.media import add_media
from app.authoring.packs import LICENCE
from app.authoring.review import LONGEST_COMMENT, comment
from app.authoring.types import DraftView, Saved
from app.content.imports import Dropped, Imported


def import_draft(
    session: Session, provider_id: int, by: int, name: str, made: Imported, title: str, topic: str, *, now: datetime
) -> tuple[DraftView, tuple[Dropped, ...]]:
    """Begin a module of the provider's own from what `content.imports.import_file` made of the file `name`.

    Reading a file takes seconds, so it is done before anything is written. Returns the draft and what was left behind,
    which the draft also keeps as a comment on its first line. Raises AuthoringError.
    """
    begun = start(session, provider_id, by, title, topic, now=now)
    left = list(made.dropped)
    for file, body in made.media.items():
        try:
            add_media(session, provider_id, begun.uuid, file, body, by=by, now=now)
        except AuthoringError as refused:
            left.append(Dropped(place=file, what="a picture", why=str(refused)))
    text = with_fields(made.text, {"key": begun.key, "title": quoted(begun.title), "licence": LICENCE})
    saved = save(session, provider_id, begun.uuid, text, based_on=begun.revision, by=by, now=now)
    if left and isinstance(saved, Saved):
        comment(session, provider_id, begun.uuid, saved.revision, 1, _said(name, left), by=by, now=now)
    return open_draft(session, provider_id, begun.uuid), tuple(left)


def _said(name: str, left: list[Dropped]) -> str:
    """The list as one comment, cut where a comment ends."""
    lines = [f"Left behind from {name[:80]}:", *(f"- {each.place}: {each.what}. {each.why}" for each in left)]
    text = "\n".join(lines)
    return text if len(text) <= LONGEST_COMMENT else text[: LONGEST_COMMENT - 20].rsplit("\n", 1)[0] + "\n- and more"
