"""What a statement stands in for here. Achievements of Between Visits have the same id on every server."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app import catalogue
from app.catalogue import Listing, StandardView
from app.credentials.building import FRAMEWORK_NAME, achievement_id
from app.credentials.rules import FRAMEWORK
from app.recognised import Stands


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Something of this provider's that a statement can stand in for. `key` is how a form names it."""

    key: str
    words: str
    stands: Stands


@dataclass(frozen=True, slots=True, kw_only=True)
class Targets:
    """All of a provider's. `known`: an achievement's id → the key of what it stands in for."""

    by_key: Mapping[str, Target]
    known: Mapping[str, str]
    standards: tuple[StandardView, ...]

    def of(self, credential: Mapping[str, Any]) -> Target | None:
        """Return what a statement stands in for by its achievement's id, or by the lines it is aligned to; or None."""
        achievement = credential["credentialSubject"]["achievement"]
        key = self.known.get(str(achievement.get("id", "")))
        return self.by_key.get(key or self._aligned(achievement) or "")

    def _aligned(self, achievement: Mapping[str, Any]) -> str | None:
        """Return the half of a standard all of whose lines somebody else's achievement names.

        Lines to be shown in practice are not read from a stranger's list: it does not say how they were shown.
        """
        listed = achievement.get("alignment")
        aligned = listed if isinstance(listed, list) else [listed]
        codes = {
            each.get("targetCode")
            for each in aligned
            if isinstance(each, dict)
            and each.get("targetFramework") == FRAMEWORK_NAME
            and isinstance(each.get("targetCode"), str)
        }
        for standard in self.standards:
            if standard.knowledge and codes.issuperset(standard.knowledge):
                return f"{FRAMEWORK}/{standard.number}/knowledge"
        return None


def targets(session: Session, provider_id: int) -> Targets:
    """Return what statements can stand in for at a provider. A fixed number of statements."""
    listing, standards = catalogue.listing(session, provider_id), catalogue.standards(session)
    found = {each.key: each for each in (*_standards(listing, standards), *_modules(listing))}
    return Targets(by_key=found, known={achievement_id(key): key for key in found}, standards=standards)


def _standards(listing: Listing, standards: tuple[StandardView, ...]) -> Iterator[Target]:
    teaches = _modules_by_standard(listing)
    for each in standards:
        name, modules = f"Standard {each.number}, {each.title}", teaches.get(each.number, ())
        key = f"{FRAMEWORK}/{each.number}"
        if each.knowledge:
            yield Target(
                key=f"{key}/knowledge",
                words=f"{name}: knowledge",
                stands=Stands(modules=modules, codes=each.knowledge),
            )
        if each.practice:
            yield Target(key=f"{key}/practice", words=f"{name}: practice", stands=Stands(practice=each.practice))
        yield Target(
            key=f"{key}/met",
            words=f"{name}: both halves",
            stands=Stands(modules=modules, codes=each.knowledge, practice=each.practice),
        )
    if standards:
        yield Target(
            key=f"{FRAMEWORK}/certificate",
            words="The whole Care Certificate",
            stands=Stands(
                modules=tuple(module for each in standards for module in teaches.get(each.number, ())),
                codes=tuple(code for each in standards for code in each.knowledge),
                practice=tuple(code for each in standards for code in each.practice),
            ),
        )


def _modules(listing: Listing) -> Iterator[Target]:
    for offer in listing.offers:
        # What is a provider's own has another key at everybody else's.
        if offer.edition.audience is None:
            yield Target(
                key=f"module/{offer.edition.key}",
                words=f"The module {offer.edition.title}",
                stands=Stands(modules=(offer.edition.key,)),
            )


def _modules_by_standard(listing: Listing) -> dict[int, tuple[str, ...]]:
    topics = {(topic.pack, topic.key): topic.standard for topic in listing.topics}
    found: dict[int, tuple[str, ...]] = {}
    for offer in listing.offers:
        number = topics.get((offer.edition.pack, offer.edition.topic))
        if number is not None and offer.edition.audience is None:
            found[number] = (*found.get(number, ()), offer.edition.key)
    return found


def training_key(training: UUID) -> str:
    """Return how a form names a training of the provider's list."""
    return f"training/{training}"
