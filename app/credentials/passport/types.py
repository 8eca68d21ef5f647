"""What crosses the seam of this package."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Generic, TypeVar
from uuid import UUID

from app.credentials.types import Kind, Signed

Entry = TypeVar("Entry")


class Form(StrEnum):
    """What a link was made for: to be handed on, or to be printed in a PDF."""

    LINK = "link"
    PDF = "pdf"


class LookKind(StrEnum):
    """What somebody had of a link. `SAID`: they wrote who they are."""

    PAGE = "page"
    JSON = "json"
    CLR = "clr"
    PDF = "pdf"
    SAID = "said"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing a person can show. `jwt` is empty where it is met and not signed yet.

    `withdrawn_at`: it was taken back, and nothing of the kind stands in its place.
    """

    uuid: UUID | None
    kind: Kind
    achievement: str
    name: str
    at: datetime
    valid_until: datetime | None
    withdrawn_at: datetime | None = None
    withdrawn_reason: str = ""
    jwt: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LookView:
    """One look at a link. `by` is what whoever looked said of themselves, and empty for most."""

    kind: LookKind
    at: datetime
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewLink:
    """A link as its person asks for it. `uuid` and `token` are made by the phone, so that asking twice makes one."""

    uuid: UUID
    token: str
    items: Sequence[UUID]
    whom: str
    days: int
    form: Form


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkView:
    """A link as its person sees it: never its token. `items`: what it shows of the provider it was made at.

    `others`: how much more of it is from elsewhere.
    """

    uuid: UUID
    form: Form
    whom: str
    since: datetime
    until: datetime
    taken_back_at: datetime | None
    items: tuple[UUID, ...]
    others: int
    looks: tuple[LookView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """What a link shows to whoever has it."""

    link_id: int
    provider_id: int
    person_id: int
    person_uuid: UUID
    until: datetime
    signed: tuple[Signed, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Group(Generic[Entry]):
    """Entries of one standard with both its halves, or of all that belongs to none (`standard` is None then)."""

    standard: int | None
    title: str
    entries: tuple[Entry, ...]
