"""Questions the screens ask about what is on offer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import ScalarSelect, select
from sqlalchemy.orm import Session

from app.catalogue.models import Adoption
from app.catalogue.types import Listing, Offer, StandardView, Step, TopicView
from app.content import queries as content
from app.content.types import EditionInfo
from app.kernel import day_of
from app.providers import Provider


def adopted_packs(session: Session, provider_id: int) -> frozenset[str]:
    """Return the keys of the packs a provider takes: every published one but those it let go."""
    decided = _decided(session, provider_id)
    packs = content.documents(session, "pack", _uuid(provider_id))
    return frozenset(pack.name for pack in packs if decided.get(pack.name, True))


def listing(session: Session, provider_id: int) -> Listing:
    """Return what a provider offers its people: topics in their packs' order, modules within them by title.

    Its own modules are among them, those of other providers never.

    A module whose newest edition was withdrawn is not offered, unless an older one was not: then that one is.
    """
    decided = _decided(session, provider_id)
    audience = _uuid(provider_id)
    packs = [pack for pack in content.documents(session, "pack", audience) if decided.get(pack.name, True)]
    adopted = {pack.name for pack in packs}
    topics = tuple(
        TopicView(pack=pack.name, key=topic["key"], title=topic["title"], standard=topic["standard"])
        for pack in packs
        for topic in pack.data["topics"]
    )
    place = {(topic.pack, topic.key): position for position, topic in enumerate(topics)}
    editions: dict[str, list[EditionInfo]] = defaultdict(list)
    for edition in content.all_editions(session, audience):
        editions[edition.key].append(edition)
    offers = [
        _offer(published) for published in editions.values() if any(each.withdrawn_at is None for each in published)
    ]
    offers = [offer for offer in offers if offer.edition.pack in adopted]
    offers.sort(
        key=lambda offer: (
            place.get((offer.edition.pack, offer.edition.topic), len(place)),
            offer.edition.title.casefold(),
            offer.edition.key,
        )
    )
    withdrawn = [each for published in editions.values() for each in published if each.withdrawn_at is not None]
    withdrawn.sort(key=lambda each: (each.key, each.number))
    return Listing(topics=topics, offers=tuple(offers), withdrawn=tuple(withdrawn))


def standards(session: Session, framework: str = "care-certificate-2025") -> tuple[StandardView, ...]:
    """Return a framework's standards in order; none when it was never published here."""
    found = content.document(session, "framework", framework)
    return tuple(_standard(each) for each in (found.data["standards"] if found else ()))


def _standard(standard: Mapping[str, Any]) -> StandardView:
    criteria = [criterion for outcome in standard["outcomes"] for criterion in outcome["criteria"]]
    return StandardView(
        number=standard["number"],
        title=standard["title"],
        knowledge=tuple(each["code"] for each in criteria if each["kind"] == "knowledge"),
        practice=tuple(each["code"] for each in criteria if each["kind"] == "practice"),
    )


def _uuid(provider_id: int) -> ScalarSelect[UUID]:
    return select(Provider.uuid).where(Provider.id == provider_id).scalar_subquery()


def _decided(session: Session, provider_id: int) -> dict[str, bool]:
    """Return what a provider last decided about packs; most never decide anything."""
    rows = session.execute(
        select(Adoption.pack, Adoption.adopted).where(Adoption.provider_id == provider_id).order_by(Adoption.id)
    )
    return {row.pack: row.adopted for row in rows}


def _offer(published: list[EditionInfo]) -> Offer:
    published.sort(key=lambda each: each.number)
    newest = [each for each in published if each.withdrawn_at is None][-1]
    return Offer(
        edition=newest,
        supersedes=tuple(each.sha for each in published if each.number < newest.number),
        chain=tuple(
            Step(number=each.number, change=each.change, published=day_of(each.published_at))
            for each in published
            if each.number <= newest.number
        ),
    )
