"""Questions the screens ask about what is on offer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.catalogue.models import Adoption
from app.catalogue.types import Listing, Offer, StandardView, Step, TopicView
from app.content import queries as content
from app.content.types import DocumentInfo, EditionInfo
from app.kernel import Prepared, day_of
from app.providers import Provider

_DECIDED = Prepared(
    select(Provider.uuid, Adoption.pack, Adoption.adopted)
    .outerjoin(Adoption, Adoption.provider_id == Provider.id)
    .where(Provider.id == bindparam("provider"))
    .order_by(Adoption.id)
)


def adopted_packs(session: Session, provider_id: int) -> frozenset[str]:
    """Return the keys of the packs a provider takes: every published one but those it let go."""
    audience, decided = _decided(session, provider_id)
    packs = content.documents(session, "pack", audience)
    return frozenset(pack.name for pack in packs if decided.get(pack.name, True))


def listing(session: Session, provider_id: int) -> Listing:
    """Return what a provider offers its people: topics in their packs' order, modules within them by title.

    Its own modules are among them, those of other providers never.

    A module whose newest edition was withdrawn is not offered, unless an older one was not: then that one is.
    """
    audience, decided = _decided(session, provider_id)
    documents = content.documents(session, "pack", audience)
    packs = tuple(pack for pack in documents if decided.get(pack.name, True))
    published = content.all_editions(session, audience)
    latest = _latest.get(provider_id)
    if latest is not None and latest[0] == packs and latest[1] == published:
        return latest[2]
    made = _listing(packs, published)
    if len(published) <= MOST_KEPT:
        if len(_latest) >= KEPT:
            _latest.clear()
        _latest[provider_id] = (packs, published, made)
    return made


# Every phone asks for the list at each visit, and it changes when something is published: of so many providers the
# latest list is kept in this process beside what it was made of, if that is no more than so many editions.
KEPT, MOST_KEPT = 16, 600
_latest: dict[int, tuple[tuple[DocumentInfo, ...], tuple[EditionInfo, ...], Listing]] = {}


def _listing(packs: Sequence[DocumentInfo], published: Iterable[EditionInfo]) -> Listing:
    adopted = {pack.name for pack in packs}
    topics = tuple(
        TopicView(pack=pack.name, key=topic["key"], title=topic["title"], standard=topic["standard"])
        for pack in packs
        for topic in pack.data["topics"]
    )
    place = {(topic.pack, topic.key): position for position, topic in enumerate(topics)}
    editions: dict[str, list[EditionInfo]] = defaultdict(list)
    for edition in published:
        editions[edition.key].append(edition)
    offers = [_offer(mine) for mine in editions.values() if any(each.withdrawn_at is None for each in mine)]
    offers = [offer for offer in offers if offer.edition.pack in adopted]
    offers.sort(
        key=lambda offer: (
            place.get((offer.edition.pack, offer.edition.topic), len(place)),
            offer.edition.title.casefold(),
            offer.edition.key,
        )
    )
    withdrawn = [each for mine in editions.values() for each in mine if each.withdrawn_at is not None]
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


def _decided(session: Session, provider_id: int) -> tuple[UUID | None, dict[str, bool]]:
    """Return a provider's uuid, and what it last decided about packs; most never decide anything."""
    rows = _DECIDED.all(session, provider=provider_id)
    uuid = rows[0].uuid if rows else None
    return uuid, {row.pack: row.adopted for row in rows if row.pack is not None}


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
