"""What this person's provider offers them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from flask import Response, request

from app import authoring, catalogue, learning
from app.catalogue import Listing, Offer
from app.content import DocumentInfo, EditionInfo
from app.content import queries as content
from app.extensions import db
from app.learning import AssignmentView
from app.providers import ProviderView
from app.web.access import allows_bearer
from app.web.api import payloads as wire
from app.web.api.place import reader
from app.web.api.replies import reply_unless_known, server_id


@allows_bearer("read")
def read_catalogue() -> Response:
    """Send the catalogue: what is on offer, what of it this person is asked for, and what was withdrawn.

    `?form=short` leaves out what a phone reads from an edition, or asks for later. It is a query, and no address of its
    own, so that a server of an earlier release answers it too, with all it knows.
    """
    who, place = reader()
    session = db.session()
    listing = catalogue.listing(session, place.provider.id)
    asked = learning.assignments_of(session, place.provider.id, (who.person_id,))
    short = short_form(place.provider, listing, asked)
    if request.args.get("form") == "short":
        return reply_unless_known(short, smallest=True)
    due = {row.module: row for row in asked}
    whole = wire.Catalogue(
        server=short.server,
        catalogue=short.catalogue,
        glossary=short.glossary,
        topics=short.topics,
        modules=[_module(offer, due.get(offer.edition.key)) for offer in listing.offers],
        withdrawn=short.withdrawn,
    )
    return reply_unless_known(_signed(whole), smallest=True)


def about(provider: ProviderView, listing: Listing, glossary: DocumentInfo | None) -> wire.About:
    """Return what is told of a catalogue beside its modules."""
    return wire.About(
        glossary=None if glossary is None else wire.GlossaryRef(sha=glossary.sha, bytes=glossary.bytes),
        topics=[
            wire.Topic(pack=each.pack, key=each.key, title=each.title, standard=each.standard)
            for each in listing.topics
        ],
        withdrawn=[
            wire.Withdrawn(key=each.key, sha=each.sha, reason=each.withdrawn_reason or "", safety=each.safety)
            for each in listing.withdrawn
        ],
        local=_local(provider, {offer.edition.key for offer in listing.offers}),
    )


def short_form(provider: ProviderView, listing: Listing, asked: Collection[AssignmentView]) -> wire.ShortCatalogue:
    """Return the catalogue of somebody who is asked for these modules, as a phone that counts its bytes gets it."""
    beside, modules = _short(provider, listing, asked)
    return wire.ShortCatalogue(
        server=server_id(),
        catalogue=_figure_of_short(beside, modules),
        glossary=beside.glossary,
        topics=beside.topics,
        modules=modules,
        withdrawn=beside.withdrawn,
        local=beside.local,
    )


def short_figure(provider: ProviderView, listing: Listing, asked: Collection[AssignmentView]) -> str:
    """Return what `short_form` calls itself, without making it."""
    return _figure_of_short(*_short(provider, listing, asked))


def _short(
    provider: ProviderView, listing: Listing, asked: Collection[AssignmentView]
) -> tuple[wire.About, list[wire.ListedModule]]:
    beside = about(provider, listing, content.document(db.session(), "glossary", "en"))
    due = {row.module: row for row in asked}
    return beside, [listed(offer.edition, due.get(offer.edition.key)) for offer in listing.offers]


def _figure_of_short(beside: wire.About, modules: Sequence[wire.ListedModule]) -> str:
    return _figure({**beside.model_dump(mode="json", by_alias=True), "modules": modules})


@allows_bearer("read")
def read_summaries() -> Response:
    """Send what each module on offer is about."""
    _, place = reader()
    offers = catalogue.listing(db.session(), place.provider.id).offers
    summaries = {offer.edition.key: offer.edition.summary for offer in offers}
    return reply_unless_known(wire.Summaries(server=server_id(), summaries=summaries), smallest=True)


def _signed(unsigned: wire.Catalogue) -> wire.Catalogue:
    said = unsigned.model_dump(mode="json", by_alias=True, exclude={"catalogue", "server", "proto"})
    return unsigned.model_copy(update={"catalogue": _figure(said)})


def _figure(said: Mapping[str, Any]) -> str:
    written = json.dumps(said, sort_keys=True, separators=(",", ":"), default=date.isoformat)
    return hashlib.sha256(written.encode()).hexdigest()


def _local(provider: ProviderView, offered: Collection[str]) -> wire.LocalPages | None:
    found = authoring.local_pages(db.session(), provider.id)
    pages = {module: html for module, html in found.items() if module in offered}
    return wire.LocalPages(from_=provider.name, pages=pages) if pages else None


def listed(edition: EditionInfo, asked: AssignmentView | None) -> wire.ListedModule:
    """Return the entry of a module in the short form."""
    entry = wire.ListedModule(
        key=edition.key,
        edition=edition.number,
        sha=edition.sha,
        bytes=edition.bytes,
        title=edition.title,
        minutes=edition.minutes,
        topic=edition.topic,
        pack=edition.pack,
    )
    if media := sum(each["bytes"] for each in edition.media):
        entry["media_bytes"] = media
    if asked:
        entry["summary"], entry["assigned"] = edition.summary, True
        if asked.due:
            entry["due"] = asked.due
    if edition.audience:
        entry["private"] = True
    return entry


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
        private=True if edition.audience else None,
    )
