"""What crosses the seam of this package."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID


class Kind(StrEnum):
    """What a credential says. The halves of a standard are never merged with each other, nor with its sign-off."""

    KNOWLEDGE = "knowledge"
    PRACTICE = "practice"
    STANDARD = "standard"
    CERTIFICATE = "certificate"
    ELECTIVE = "elective"


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Where this server is reached (`https://name`, from its settings) and the secret its keys are sealed with."""

    origin: str
    secret: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a framework that a credential names."""

    code: str
    text: str
    confirmed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """What was reached in the questions of a module, and what it takes to pass, in per cent."""

    module: str
    title: str
    reached: int
    needed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What a practice or a sign-off credential names as evidence: who, in which part, when, how."""

    name: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Endorser:
    """Somebody who states that they saw or decided what is met: their uuid, the part they had, and their words."""

    person: UUID
    name: str
    role: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Endorsed:
    """One signed endorsement of a credential, whole and as pages tell it."""

    name: str
    role: str
    words: str
    document: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Met:
    """Something a person has met: an achievement, on which day, and what it rests on.

    `achievement` is its key, the same on every server. `rests_on` names records and decisions (see rules.py).
    `occasion` tells apart what is met again and again because it lapses; empty for what does not lapse.
    """

    kind: Kind
    achievement: str
    name: str
    description: str
    criteria: str
    on: date
    rests_on: tuple[str, ...]
    lines: tuple[Line, ...] = ()
    scores: tuple[Score, ...] = ()
    proofs: tuple[Proof, ...] = ()
    valid_until: datetime | None = None
    occasion: str = ""
    endorsers: tuple[Endorser, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialView:
    """One credential as screens and commands show it. Both signed forms are read by `find_signed` alone."""

    uuid: UUID
    provider_id: int
    person_id: int
    kind: Kind
    achievement: str
    name: str
    issued_at: datetime
    valid_until: datetime | None
    revoked_at: datetime | None
    revoked_reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """Both forms of a credential, as they were signed: a VC-JWT, and JSON-LD with a Data Integrity proof."""

    view: CredentialView
    jwt: str
    document: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What bringing one person into line did."""

    person_id: int
    issued: tuple[UUID, ...]
    revoked: tuple[UUID, ...]


class Verdict(StrEnum):
    """What a check can say. Each has its words in checking.py."""

    VALID = "valid"
    UNCHECKED = "valid-withdrawal-not-checked"
    OUT_OF_DATE = "out-of-date"
    WITHDRAWN = "withdrawn"
    UNKNOWN_ISSUER = "unknown-issuer"
    ALTERED = "altered"


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusList:
    """What an issuer has withdrawn: bit n, from the left, stands for number n. `checked_at`: when it was got."""

    url: str
    checked_at: datetime
    bits: bytes

    def withdrawn(self, number: int) -> bool:
        """Say whether a number is withdrawn. Raises IndexError for one that is not on the list."""
        if not 0 <= number < len(self.bits) * 8:
            raise IndexError(number)
        return bool(self.bits[number // 8] >> (7 - number % 8) & 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownIssuer:
    """An issuer somebody trusts: its DID document, and those of its status lists that are at hand, by address."""

    did: str
    name: str
    document: Mapping[str, Any]
    lists: Mapping[str, StatusList]


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What a check found. `words` say the verdict, `reason` why. The rest is what the credential says of itself.

    Nothing of a credential is told whose signature did not hold: then `name`, `person`, `issuer` are empty.
    """

    verdict: Verdict
    words: str
    reason: str
    uuid: str = ""
    name: str = ""
    person: str = ""
    issuer: str = ""
    issued_at: datetime | None = None
    valid_until: datetime | None = None
    evidence: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
