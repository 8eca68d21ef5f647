"""What crosses the seam of this package."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID


class Decision(StrEnum):
    """What became of a statement. The latest counts. `withdrawn`: its issuer took it back; `untrusted`: nobody here
    trusts its issuer any more. Those two are nobody's decision about the person.
    """

    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    UNTRUSTED = "untrusted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stands:
    """What a statement stands in for: modules by key, lines known and lines shown in practice by code.

    `outside`: it counts as a training from elsewhere instead, under this uuid. All empty: it is kept, and counts for
    nothing.
    """

    modules: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    practice: tuple[str, ...] = ()
    outside: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A signed statement whose signature held when it was looked at.

    `issuer` is a DID, `credential` the id in it, `named` the name of the person in it. `places`: where its withdrawal
    would show, as (address of a status list, number on it). `key`: the id of the key that signed it. `expires`: its
    last moment. `body`: as it was handed in.
    """

    issuer: str
    issuer_name: str
    credential: str
    title: str
    named: str
    on: date
    expires: datetime | None
    places: tuple[tuple[str, int], ...]
    key: str
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognised:
    """What a part of the record counts by, though it was shown elsewhere: from whom, and since when it is recognised.

    `on`: the day it was awarded. `valid_until`: the last day it counts by itself; None: for ever.
    """

    issuer: str
    on: date
    valid_until: date | None
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RecognitionView:
    """A statement with its last decision. `by` None: the server, because of its issuer; or somebody erased since.

    `since`: when somebody decided so. That trust ended and came back makes nothing newer than it was.
    `counted_until`: when it stopped to count, where it did once and does not now; `counted`: what for, until then.
    """

    uuid: UUID
    person_id: int
    issuer: str
    issuer_name: str
    credential: str
    title: str
    named: str
    on: date
    valid_until: date | None
    expires: datetime | None
    places: tuple[tuple[str, int], ...]
    key: str
    sha: str
    state: Decision
    stands: Stands
    reason: str
    at: datetime
    since: datetime
    by: int | None
    counted: Stands
    counted_until: datetime | None

    @property
    def recognised(self) -> Recognised:
        """It, as what it stands in for is told of it."""
        return Recognised(issuer=self.issuer_name, on=self.on, valid_until=self.valid_until, since=self.since)

    @property
    def own(self) -> bool:
        """Whether the person themselves accepted it."""
        return self.state is Decision.ACCEPTED and self.by == self.person_id
