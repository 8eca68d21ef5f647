"""Questions the screens ask about what is on offer."""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.catalogue.models import Adoption, FrameworkRow, PackRow, TopicRow
from app.catalogue.types import Listing, Offer, PackView, StandardView, Step, TopicView
from app.content import queries as content
from app.content.types import EditionInfo


def adopted_packs(session: Session, provider_id: int) -> frozenset[str]:
    """Return the keys of the packs a provider takes: all but those it let go."""
    decided = dict(
        session.execute(
            select(Adoption.pack, Adoption.adopted).where(Adoption.provider_id == provider_id).order_by(Adoption.id)
        ).all()
    )
    return frozenset(key for key in session.scalars(select(PackRow.key)) if decided.get(key, True))


def list_packs(session: Session, provider_id: int) -> tuple[PackView, ...]:
    """Return every pack on offer, and whether this provider takes it."""
    adopted = adopted_packs(session, provider_id)
    return tuple(
        PackView(key=row.key, title=row.title, publisher=row.publisher, adopted=row.key in adopted)
        for row in session.scalars(select(PackRow).order_by(PackRow.key))
    )


def listing(session: Session, provider_id: int) -> Listing:
    """Return what a provider offers its people: topics in their packs' order, modules within them by title.

    A module whose newest edition was withdrawn is not offered, unless an older one was not: then that one is.
    """
    adopted = adopted_packs(session, provider_id)
    topics = tuple(
        TopicView(pack=row.pack, key=row.key, title=row.title, standard=row.standard)
        for row in session.scalars(select(TopicRow).order_by(TopicRow.pack, TopicRow.position))
        if row.pack in adopted
    )
    place = {(topic.pack, topic.key): position for position, topic in enumerate(topics)}
    editions: dict[str, list[EditionInfo]] = defaultdict(list)
    for edition in content.editions(session):
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
    row = session.get(FrameworkRow, framework)
    return tuple(
        StandardView(
            number=standard["number"],
            title=standard["title"],
            knowledge=tuple(each["code"] for each in standard["criteria"] if each["kind"] == "knowledge"),
            practice=tuple(each["code"] for each in standard["criteria"] if each["kind"] == "practice"),
        )
        for standard in (row.standards if row else ())
    )


def _offer(published: list[EditionInfo]) -> Offer:
    published.sort(key=lambda each: each.number)
    newest = [each for each in published if each.withdrawn_at is None][-1]
    return Offer(
        edition=newest,
        supersedes=tuple(each.sha for each in published if each.number < newest.number),
        chain=tuple(
            Step(number=each.number, change=each.change, published=each.published_at.date())
            for each in published
            if each.number <= newest.number
        ),
    )
