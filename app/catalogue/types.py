"""What crosses the seam of this package."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.content.types import EditionInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicView:
    """A topic within its pack. `standard` is a standard's number, or None for an elective subject."""

    pack: str
    key: str
    title: str
    standard: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One published edition of a module."""

    number: int
    change: str
    published: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A module a provider can ask for: its newest edition, its older ones' shas, and all its editions, oldest first."""

    edition: EditionInfo
    supersedes: tuple[str, ...]
    chain: tuple[Step, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What a provider offers its people, in the order it is shown, and what was withdrawn from anybody."""

    topics: tuple[TopicView, ...]
    offers: tuple[Offer, ...]
    withdrawn: tuple[EditionInfo, ...]

    def chains(self) -> dict[str, tuple[Step, ...]]:
        """Return every offered module's editions, by its key."""
        return {offer.edition.key: offer.chain for offer in self.offers}


@dataclass(frozen=True, slots=True, kw_only=True)
class StandardView:
    """A standard of a framework and the codes of its criteria, those known and those shown in practice."""

    number: int
    title: str
    knowledge: tuple[str, ...]
    practice: tuple[str, ...]
