"""The modules a provider can ask its people for, as the managers' pages need them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app import catalogue
from app.catalogue import TopicView
from app.extensions import db
from app.learning import EditionStep


@dataclass(frozen=True, slots=True, kw_only=True)
class Library:
    """Titles and editions of a provider's modules by key. `groups`: topic title, then the keys of its modules."""

    titles: Mapping[str, str]
    chains: Mapping[str, tuple[EditionStep, ...]]
    groups: tuple[tuple[str, tuple[str, ...]], ...]


def library_of(provider_id: int) -> Library:
    """Return what the provider offers now, in the order of its packs."""
    listing = catalogue.listing(db.session(), provider_id)
    topics = {(topic.pack, topic.key): topic for topic in listing.topics}
    groups: dict[str, list[str]] = {}
    for offer in listing.offers:
        topic = topics.get((offer.edition.pack, offer.edition.topic))
        groups.setdefault(_heading(topic, offer.edition.topic), []).append(offer.edition.key)
    return Library(
        titles={offer.edition.key: offer.edition.title for offer in listing.offers},
        chains={
            key: tuple(EditionStep(number=s.number, change=s.change, published=s.published) for s in steps)
            for key, steps in listing.chains().items()
        },
        groups=tuple((heading, tuple(keys)) for heading, keys in groups.items()),
    )


def _heading(topic: TopicView | None, key: str) -> str:
    if topic is None:
        return key
    return f"Standard {topic.standard}: {topic.title}" if topic.standard else topic.title
