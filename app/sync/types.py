"""What crosses the seam of this package."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID


class ReceiptWord(StrEnum):
    """What became of a record. Every word but `refused` means: it is on the server's disk."""

    STORED = "stored"
    DUPLICATE = "duplicate"
    HELD = "held"
    REFUSED = "refused"


class Code(StrEnum):
    """Why a record is held (kept raw for a person to see) or refused (it stays on the phone)."""

    UNKNOWN_KIND = "unknown-kind"
    UNKNOWN_EDITION = "unknown-edition"
    NEWER_SCHEMA = "newer-schema"
    WRONG_DATA = "wrong-data"
    BAD_TIME = "bad-time"
    OTHER_CONTENT = "other-content"
    UNREADABLE = "unreadable"
    NO_ID = "no-id"
    TOO_BIG = "too-big"
    ANOTHER_PHONE = "another-phone"
    ID_IN_USE = "id-in-use"


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """Count of ids, and XOR of the first 8 bytes of SHA-256 over each id's text, as 16 lower-case hex digits."""

    n: int
    x: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Whose append token came with the batch, and at which provider that token was given.

    Records go to the provider their own phone id was given at; this one counts for an id the server does not know.
    `dev` is the phone the token was issued to and `device_id` its row, where it is known to be theirs still.
    """

    person_id: int
    person_uuid: UUID
    provider_id: int | None
    dev: UUID | None = None
    device_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Records of one phone of one person. `held` is what that phone believes the server holds, this batch aside.

    `records` are parsed JSON values of any shape: a poisoned one must not hold up the others. `read`: what `read_batch`
    made of each, or None before that.
    """

    dev: UUID
    person: UUID
    held: Digest
    records: tuple[Any, ...]
    read: tuple[ReadRecord | Code, ...] | None = None


class Receipt(NamedTuple):
    """The server's answer for one record. `id` is as the phone gave it, or empty when it had none.

    A tuple, as a record that was read: there are hundreds to a batch, and a frozen dataclass takes three times as long.
    """

    id: str
    r: ReceiptWord
    code: Code | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One receipt per record, in the order sent. `have`: every id held for this phone, when the digests differ."""

    receipts: tuple[Receipt, ...]
    have: tuple[str, ...] | None
    rotate: bool


class ReadRecord(NamedTuple):
    """A record that can be stored. Envelope fields that made no sense are None; `body` has them as they came.

    `id` is its uuid as text, `value` the record as it was parsed, `body` the same as canonical JSON in ASCII, `sha` its
    SHA-256, `at` the server's best knowledge of when it was done. `plain`: all of it is ASCII without NUL.
    """

    id: str
    value: Mapping[str, Any]
    body: str
    sha: str
    v: int | None
    kind: str | None
    seq: int | None
    at: datetime | None
    edition: str | None
    plain: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebuilt:
    """How many records were read again, and how many of them wait for a person."""

    records: int
    held: int
