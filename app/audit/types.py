"""What crosses the seam of this package."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class ActorKind(StrEnum):
    """Who acted: a person who was signed in, the command line, the worker, or somebody who was not signed in."""

    PERSON = "person"
    OPERATOR = "operator"
    WORKER = "worker"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who did it. `person` is their uuid, and None for every kind but PERSON."""

    kind: ActorKind
    person: UUID | None = None


OPERATOR = Actor(kind=ActorKind.OPERATOR)
WORKER = Actor(kind=ActorKind.WORKER)
NOBODY = Actor(kind=ActorKind.NOBODY)


def by_person(person: UUID) -> Actor:
    """Return the actor who is this person."""
    return Actor(kind=ActorKind.PERSON, person=person)
