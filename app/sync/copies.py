"""The file a phone writes with "Save a copy", handed in by a manager: read strictly, taken in like a phone's batch."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app import identity
from app.sync.digest import NOTHING
from app.sync.errors import BadBatch, SyncError
from app.sync.reading import parse_json
from app.sync.service import MOST_RECORDS, accept
from app.sync.types import Batch, Code, ReceiptWord, Sender

FORMAT = "between-visits-records"
LARGEST_COPY = 4 * 1024 * 1024
MOST_IN_COPY = 5_000


class CopyRefused(SyncError):
    """The file cannot be taken at all; `str()` says why and what to do. Codes: too-big, not-a-copy, another-person."""

    code = "not-a-copy"


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """A phone's saved copy as it was read. `records` are JSON values of any shape, as in a batch."""

    person: UUID
    server: str | None
    records: tuple[Any, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What became of a copy's records. `reasons` counts why records were held or refused."""

    new: int
    known: int
    held: int
    refused: int
    reasons: Mapping[Code, int]

    @property
    def all(self) -> int:
        """How many records the file had."""
        return self.new + self.known + self.held + self.refused


def read_copy(raw: bytes) -> Copy:
    """Read the file. Raises CopyRefused, with words for the manager."""
    if len(raw) > LARGEST_COPY:
        raise CopyRefused("This file is larger than a phone's copy can be. Pick another one.", code="too-big")
    try:
        read = parse_json(raw.decode("utf-8"))
    except (UnicodeDecodeError, BadBatch) as error:
        raise CopyRefused(
            "This is not a copy from a phone. Pick the file that is called between-visits-waiting.json."
        ) from error
    if not isinstance(read, dict) or read.get("format") != FORMAT:
        raise CopyRefused("This is not a copy from a phone. Pick the file that is called between-visits-waiting.json.")
    if read.get("v") != 1:
        raise CopyRefused("A newer version of the app made this copy. Update this server first.", code="newer")
    owner, records, server = read.get("person"), read.get("records"), read.get("server")
    person = _uuid(owner.get("id")) if isinstance(owner, dict) else None
    if person is None or not isinstance(records, list) or not isinstance(server, str | None):
        raise CopyRefused("This copy is damaged. Ask for it to be saved again.")
    if len(records) > MOST_IN_COPY:
        raise CopyRefused(f"This copy has more than {MOST_IN_COPY} records. Let the phone send them.", code="too-big")
    return Copy(person=person, server=server, records=tuple(records))


def take_copy(session: Session, copy: Copy, sender: Sender, *, server: UUID, by: UUID, now: datetime) -> Taken:
    """Take a copy's records in as if the phone had sent them, noting who handed them in. Flushes; the edge commits.

    Nothing there is overwritten: a record that is here already counts as known, other content under its id is kept
    beside it. Records of a phone that is another person's, or was enrolled at another provider, are refused. To see
    what would happen, take it and roll back. Raises CopyRefused for another person's or another server's file.
    """
    if copy.person != sender.person_uuid:
        raise CopyRefused("This is another person's copy. Open that person's page and hand it in there.")
    if copy.server is not None and copy.server != str(server):
        raise CopyRefused("This copy is for another server. Hand it in where the person learnt.", code="another-server")
    elsewhere = {
        phone.uuid
        for phone in identity.phones_of(session, sender.person_id)
        if phone.provider_id not in (None, sender.provider_id)
    }
    counts: Counter[ReceiptWord] = Counter()
    reasons: Counter[Code] = Counter()
    for dev, records in _by_phone(copy.records):
        if dev is None or dev in elsewhere or _is_anothers(session, dev, sender, now):
            counts[ReceiptWord.REFUSED] += len(records)
            reasons[Code.UNREADABLE if dev is None else Code.ANOTHER_PHONE] += len(records)
            continue
        batch = Batch(dev=dev, person=sender.person_uuid, held=NOTHING, records=records)
        for receipt in accept(session, batch, sender, now=now, handed_in_by=by).receipts:
            counts[receipt.r] += 1
            if receipt.code is not None:
                reasons[receipt.code] += 1
    return Taken(
        new=counts[ReceiptWord.STORED],
        known=counts[ReceiptWord.DUPLICATE],
        held=counts[ReceiptWord.HELD],
        refused=counts[ReceiptWord.REFUSED],
        reasons=dict(reasons),
    )


def _is_anothers(session: Session, dev: UUID, sender: Sender, now: datetime) -> bool:
    found = identity.find_or_adopt_phone(session, sender.person_id, dev, provider_id=sender.provider_id, now=now)
    return found is None


def _by_phone(records: tuple[Any, ...]) -> Iterator[tuple[UUID | None, tuple[Any, ...]]]:
    """Part records by the phone they name, and each phone's into what one batch may hold."""
    groups: dict[UUID | None, list[Any]] = {}
    for record in records:
        groups.setdefault(_uuid(record.get("dev")) if isinstance(record, dict) else None, []).append(record)
    for dev, group in groups.items():
        for start in range(0, len(group), MOST_RECORDS):
            yield dev, tuple(group[start : start + MOST_RECORDS])


def _uuid(text: object) -> UUID | None:
    try:
        return UUID(text) if isinstance(text, str) and len(text) == 36 else None
    except ValueError:
        return None
