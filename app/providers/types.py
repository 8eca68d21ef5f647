"""What crosses the seam of this package."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class Role(StrEnum):
    """The part a person plays at one provider. Operators are not here: they work on the command line."""

    LEARNER = "learner"
    TRAINER = "trainer"
    ASSESSOR = "assessor"
    MANAGER = "manager"


class InviteProblem(StrEnum):
    """Why a code does not let somebody in."""

    WRONG = "wrong"
    USED = "used"
    EXPIRED = "expired"
    THROTTLED = "throttled"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderView:
    """A care organisation. `contact` is the first name people are told to ask."""

    id: int
    uuid: UUID
    name: str
    contact: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MembershipView:
    """A person's place at one provider, seen from the person."""

    id: int
    person_id: int
    provider: ProviderView
    roles: frozenset[Role]
    started: datetime
    ended: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberView:
    """A person's place at one provider, seen from the provider. `reference` is the provider's staff number for them."""

    membership_id: int
    person_id: int
    person_uuid: UUID
    name: str
    provider_id: int
    roles: frozenset[Role]
    started: datetime
    ended: datetime | None
    archived_at: datetime | None
    has_pin: bool
    reference: str | None = None
    email: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamView:
    """Some of a provider's people: a team, a round or an area."""

    id: int
    uuid: UUID
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InviteView:
    """A code that still works: enough to ask "Is that you?" and no more."""

    id: int
    person_id: int
    person_uuid: UUID
    person_name: str
    provider_id: int
    provider_name: str
    contact: str
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class InviteTrouble:
    """A code that does not work, with words for the person. `retry_after` is in seconds, set when throttled."""

    problem: InviteProblem
    message: str
    retry_after: int | None = None
