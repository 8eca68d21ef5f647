"""Drafts that begin with the words and pictures of a published module."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from app import catalogue, files
from app.authoring import rows
from app.authoring.drafts import add
from app.authoring.errors import NoModule
from app.authoring.front import quoted, read, with_fields
from app.authoring.models import Draft, DraftMedia
from app.authoring.packs import new_key, own_pack, provider_of, topic_in
from app.authoring.types import Came, DraftView
from app.content import EditionInfo
from app.content import queries as content


def copy_of(session: Session, provider_id: int, by: int, module_key: str, *, now: datetime) -> DraftView:
    """Begin a module of the provider's own from one it is offered: its words and pictures, under a new key.

    The copy says where it comes from, and that nobody has checked it. Raises NoModule.
    """
    listing = catalogue.listing(session, provider_id)
    offer = next((each.edition for each in listing.offers if each.edition.key == module_key), None)
    text = None if offer is None else content.text_of(session, offer.sha)
    if offer is None:
        raise NoModule("There is no such module here.")
    if text is None:
        words = "Its text was not kept when it was published. Ask whoever runs the server to publish once more."
        raise NoModule(words, code="no-text")
    titles = {(each.pack, each.key): each.title for each in listing.topics}
    publisher = next(
        (str(each.data["publisher"]) for each in content.documents(session, "pack") if each.name == offer.pack), ""
    )
    by_whom = f", by {publisher}, {read(text).licence}" if publisher else ""
    pack = own_pack(session, provider_of(session, provider_id), now=now)
    key = new_key(session, offer.title)
    topic = topic_in(pack, titles.get((offer.pack, offer.topic), offer.topic))
    text = with_fields(
        text,
        {
            "key": key,
            "edition": "1",
            "change": None,
            "checked_by": "",
            "sources": quoted([*read(text).sources, f"{offer.title} (edition {offer.number} of {offer.key}){by_whom}"]),
        },
    )
    row = add(session, provider_id, pack.key, topic, key, text, Came.COPY, by=by, now=now)
    _copy_media(session, row, offer, by=by, now=now)
    return rows.view_of(session, row)


def draft_of_text(
    session: Session, provider_id: int, by: int, text: str, edition: EditionInfo, topic: str, *, now: datetime
) -> DraftView:
    """Begin a draft with words for the next edition of a module that is not the provider's own, and its pictures.

    It is reviewed like any other. It has a key of its own, so it cannot take the module's place. `topic` is a title.
    """
    pack = own_pack(session, provider_of(session, provider_id), now=now)
    key = new_key(session, edition.title)
    row = add(session, provider_id, pack.key, topic_in(pack, topic), key, text, Came.COPY, by=by, now=now)
    _copy_media(session, row, edition, by=by, now=now)
    return rows.view_of(session, row)


def _copy_media(session: Session, row: Draft, edition: EditionInfo, *, by: int, now: datetime) -> None:
    for each in edition.media:
        stored = content.media_by_sha(session, each["sha"])
        if stored is not None:
            body, name = stored.body, each["name"]
            copied = DraftMedia(
                draft_id=row.id,
                name=name,
                type=stored.type,
                sha=stored.sha,
                size=len(body),
                added_at=now,
                added_by=by,
            )
            files.keep(session, copied, body)
            session.add(copied)
    session.flush()
