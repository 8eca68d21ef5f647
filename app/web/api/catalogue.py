"""What this person's provider offers them."""

from __future__ import annotations

import hashlib
import json

from flask import Response

from app import catalogue, learning
from app.catalogue import Offer
from app.content import queries as content
from app.extensions import db
from app.learning import AssignmentView
from app.web.access import allows_bearer
from app.web.api import payloads as wire
from app.web.api.place import reader
from app.web.api.replies import reply_unless_known, server_id


@allows_bearer("read")
def read_catalogue() -> Response:
    """Send the catalogue: what is on offer, what of it this person is asked for, and what was withdrawn."""
    who, place = reader()
    session = db.session()
    listing = catalogue.listing(session, place.provider.id)
    asked = {row.module: row for row in learning.assignments_of(session, place.provider.id, (who.person_id,))}
    glossary = content.document(session, "glossary", "en")
    withdrawn = [
        wire.Withdrawn(key=each.key, sha=each.sha, reason=each.withdrawn_reason or "", safety=each.safety)
        for each in listing.withdrawn
    ]
    unsigned = wire.Catalogue(
        server=server_id(),
        catalogue="0" * 64,
        glossary=None if glossary is None else wire.GlossaryRef(sha=glossary.sha, bytes=glossary.bytes),
        topics=[
            wire.Topic(pack=each.pack, key=each.key, title=each.title, standard=each.standard)
            for each in listing.topics
        ],
        modules=[_module(offer, asked.get(offer.edition.key)) for offer in listing.offers],
        withdrawn=withdrawn,
    )
    said = unsigned.model_dump(mode="json", by_alias=True, exclude={"catalogue", "server", "proto"})
    sha = hashlib.sha256(json.dumps(said, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
    return reply_unless_known(unsigned.model_copy(update={"catalogue": sha}), smallest=True)


def _module(offer: Offer, asked: AssignmentView | None) -> wire.CatalogueModule:
    edition = offer.edition
    return wire.CatalogueModule(
        key=edition.key,
        edition=edition.number,
        sha=edition.sha,
        bytes=edition.bytes,
        title=edition.title,
        summary=edition.summary,
        minutes=edition.minutes,
        topic=edition.topic,
        pack=edition.pack,
        media=[
            wire.Media(sha=each["sha"], bytes=each["bytes"], type=each["type"], kind=each["kind"])
            for each in edition.media
        ],
        assigned=asked is not None,
        due=asked.due if asked else None,
        supersedes=list(offer.supersedes),
        change=wire.change_of(edition.change),
        chain=[
            wire.Step(number=each.number, change=wire.change_of(each.change), published=each.published)
            for each in offer.chain
        ],
    )
