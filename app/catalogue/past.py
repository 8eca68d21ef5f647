"""What there was to learn on a day that has passed: the editions of then, and which of them counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from uuid import UUID

from sqlalchemy.orm import Session

from app.catalogue.types import Step
from app.content import queries as content
from app.content.types import EditionInfo
from app.kernel import day_of


@dataclass(frozen=True, kw_only=True)
class PastCatalogue:
    """The editions a provider's people may have had by a moment, by sha."""

    moment: datetime
    editions: Mapping[str, EditionInfo]

    @cached_property
    def newest(self) -> Mapping[str, EditionInfo]:
        """The newest edition of each module by then that was not withdrawn, or else the newest of all, by key."""
        found: dict[str, EditionInfo] = {}
        for each in sorted(self.editions.values(), key=lambda each: (not self.withdrawn(each), each.number)):
            found[each.key] = each
        return found

    def withdrawn(self, edition: EditionInfo) -> bool:
        """Say whether an edition had been withdrawn by then."""
        return edition.withdrawn_at is not None and edition.withdrawn_at <= self.moment

    @cached_property
    def chains(self) -> Mapping[str, tuple[Step, ...]]:
        """The editions of each module by then, oldest first, up to the newest that counts."""
        found: dict[str, list[Step]] = {}
        for each in sorted(self.editions.values(), key=lambda each: each.number):
            if each.number <= self.newest[each.key].number:
                step = Step(number=each.number, change=each.change, published=day_of(each.published_at))
                found.setdefault(each.key, []).append(step)
        return {key: tuple(steps) for key, steps in found.items()}


def catalogue_by(session: Session, provider: UUID | None, moment: datetime) -> PastCatalogue:
    """Return what a provider (its uuid) had by a moment. One statement."""
    every = content.all_editions(session, provider)
    return PastCatalogue(moment=moment, editions={each.sha: each for each in every if each.published_at <= moment})
