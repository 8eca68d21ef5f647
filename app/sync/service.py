"""Taking in what phones kept."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from app import identity, learning
from app.kernel import insert_if_new
from app.sync import kinds
from app.sync.digest import NOTHING, with_ids
from app.sync.errors import AnotherPerson, TooMuch
from app.sync.judging import judge
from app.sync.models import HeldRecord, PhoneDigest, Record, RecordVariant
from app.sync.reading import given_id, read_record
from app.sync.types import Batch, Code, Digest, ReadRecord, Receipt, ReceiptWord, Reply, Sender

MOST_RECORDS = 1_000


def accept(session: Session, batch: Batch, sender: Sender, *, now: datetime, handed_in_by: UUID | None = None) -> Reply:
    """Take in what a phone kept while it was offline, and say what became of each record.

    Repeating a batch is harmless: a record already held is receipted again but not applied again. Other content under
    an id the log has is kept beside it and flagged; an id of another person's is refused. A refusal carries its reason
    and never holds up the other records. `now` is the server's time, stored beside the phone's, which is not trusted
    for due dates. One record takes as many statements as a thousand. The edge commits, and answers only then.
    `handed_in_by` is the uuid of a manager who brings the records as a file; it is kept beside each new one.

    Raises TooMuch, or AnotherPerson when batch, phone and token do not belong together; nothing is stored then.
    """
    if len(batch.records) > MOST_RECORDS:
        raise TooMuch(f"Send at most {MOST_RECORDS} records at once.")
    if batch.person != sender.person_uuid:
        raise AnotherPerson("These records are another person's. They have to sign in to send them.")
    phone = identity.find_or_adopt_phone(session, sender.person_id, batch.dev, provider_id=sender.provider_id, now=now)
    if phone is None:
        raise AnotherPerson("This phone's records are another person's. They have to sign in to send them.")
    if phone.provider_id is not None:
        # Made under the id of an earlier place, sent with a token of the present one: evidence stays where it was made.
        sender = replace(sender, provider_id=phone.provider_id)
    before = _lock_digest(session, phone.id)
    read = [read_record(value, batch.dev, now=now) for value in batch.records]
    first = {record.uuid: record for record in reversed(read) if isinstance(record, ReadRecord)}
    log = _Log(sender=sender, device_id=phone.id, now=now, handed_in_by=handed_in_by)
    stored = log.append(session, first.values())
    found = log.contents(session, first.keys() - stored)
    codes = _apply(session, [first[uuid] for uuid in first if uuid in stored], sender, now)
    receipts, variants = [], []
    for value, record in zip(batch.records, read, strict=True):
        if isinstance(record, Code):
            receipts.append(Receipt(id=given_id(value), r=ReceiptWord.REFUSED, code=record))
            continue
        receipt = _receipt(record, is_first=first[record.uuid] is record, stored=stored, found=found, phone_id=phone.id)
        if receipt.r is ReceiptWord.STORED and record.uuid in codes:
            receipt = Receipt(id=receipt.id, r=ReceiptWord.HELD, code=codes[record.uuid])
        if receipt.code is Code.OTHER_CONTENT:
            variants.append(record)
        receipts.append(receipt)
        if record.uuid in stored:
            found[record.uuid] = (phone.id, first[record.uuid].sha)
    log.keep_variants(session, variants)
    after = with_ids(before, (str(uuid) for uuid in stored))
    if stored:
        session.execute(update(PhoneDigest).where(PhoneDigest.device_id == phone.id).values(n=after.n, x=after.x))
    # The phone counts a record once it has its receipt: so what it will hold after this reply is compared.
    taken = {receipt.id for receipt in receipts if receipt.r is not ReceiptWord.REFUSED}
    have = None if with_ids(batch.held, taken) == after else log.all_ids(session)
    return Reply(
        receipts=tuple(receipts),
        have=have,
        rotate=log.has_seq_twice(session, (each.seq for each in first.values() if each.seq is not None)),
    )


def _receipt(
    record: ReadRecord, *, is_first: bool, stored: set[UUID], found: dict[UUID, tuple[int, str]], phone_id: int
) -> Receipt:
    if is_first and record.uuid in stored:
        return Receipt(id=str(record.uuid), r=ReceiptWord.STORED)
    device_id, sha = found.get(record.uuid, (None, ""))
    if device_id != phone_id:
        return Receipt(id=str(record.uuid), r=ReceiptWord.REFUSED, code=Code.ID_IN_USE)
    if sha == record.sha:
        return Receipt(id=str(record.uuid), r=ReceiptWord.DUPLICATE)
    return Receipt(id=str(record.uuid), r=ReceiptWord.HELD, code=Code.OTHER_CONTENT)


def _apply(session: Session, records: Sequence[ReadRecord], sender: Sender, now: datetime) -> dict[UUID, Code]:
    """Judge what was just stored, fill the tables worked out from it, and return why some records are held."""
    editions = learning.studied_editions(session, {record.edition for record in records if record.edition})
    acts: list[learning.Act] = []
    held: dict[UUID, Code] = {}
    for record in records:
        judged = judge(
            uuid=record.uuid,
            person_id=sender.person_id,
            provider_id=sender.provider_id,
            received_at=now,
            at=record.at,
            v=record.v,
            kind=record.kind,
            sha=record.edition,
            body=json.loads(record.body),
            editions=editions,
        )
        if isinstance(judged, Code):
            held[record.uuid] = judged
        else:
            acts.append(judged)
    kinds.apply(session, acts, editions)
    if held:
        rows = [{"uuid": uuid, "person_id": sender.person_id, "code": code.value} for uuid, code in held.items()]
        session.execute(insert(HeldRecord), rows)
    return held


def _lock_digest(session: Session, device_id: int) -> Digest:
    """Return the figures of a phone and hold its row, so that two requests of one phone wait for each other."""
    session.execute(insert_if_new(session, PhoneDigest).values(device_id=device_id, n=NOTHING.n, x=NOTHING.x))
    row = session.execute(
        select(PhoneDigest.n, PhoneDigest.x).where(PhoneDigest.device_id == device_id).with_for_update()
    ).one()
    return Digest(n=row.n, x=row.x)


class _Log:
    """The record log as one phone's batch meets it."""

    def __init__(self, *, sender: Sender, device_id: int, now: datetime, handed_in_by: UUID | None) -> None:
        self._sender = sender
        self._device_id = device_id
        self._now = now
        self._handed_in_by = handed_in_by

    def append(self, session: Session, records: Iterable[ReadRecord]) -> set[UUID]:
        """Add the records the log does not have, in one statement, and return their ids."""
        rows = [
            {
                "uuid": record.uuid,
                "person_id": self._sender.person_id,
                "provider_id": self._sender.provider_id,
                "device_id": self._device_id,
                "received_at": self._now,
                "at": record.at,
                "seq": record.seq,
                "v": record.v,
                "kind": record.kind,
                "edition": record.edition,
                "sha": record.sha,
                "body": record.body,
                "handed_in_by": self._handed_in_by,
            }
            for record in records
        ]
        if not rows:
            return set()
        # In order of id, as PostgreSQL locks them: two batches with the same records cannot wait for each other.
        rows.sort(key=lambda row: str(row["uuid"]))
        adding = insert_if_new(session, Record).returning(Record.__table__.c.uuid)
        return set(session.scalars(adding, rows))

    def contents(self, session: Session, uuids: Iterable[UUID]) -> dict[UUID, tuple[int, str]]:
        """Return, for ids the log has, which phone they are of and their content's hash."""
        wanted = list(uuids)
        if not wanted:
            return {}
        query = select(Record.uuid, Record.device_id, Record.sha).where(Record.uuid.in_(wanted))
        return {row.uuid: (row.device_id, row.sha) for row in session.execute(query)}

    def keep_variants(self, session: Session, records: Iterable[ReadRecord]) -> None:
        """Keep other content of known ids. The same again changes nothing."""
        rows: list[dict[str, Any]] = [
            {
                "uuid": record.uuid,
                "person_id": self._sender.person_id,
                "received_at": self._now,
                "sha": record.sha,
                "body": record.body,
            }
            for record in records
        ]
        if rows:
            session.execute(insert_if_new(session, RecordVariant), rows)

    def all_ids(self, session: Session) -> tuple[str, ...]:
        """Return every id held for this phone, oldest first."""
        query = select(Record.uuid).where(Record.device_id == self._device_id).order_by(Record.id)
        return tuple(str(uuid) for uuid in session.scalars(query))

    def has_seq_twice(self, session: Session, seqs: Iterable[int]) -> bool:
        """Say whether one of these numbers stands for two records: then two phones believe they are this one."""
        wanted = list(seqs)
        if not wanted:
            return False
        query = (
            select(Record.seq)
            .where(Record.device_id == self._device_id, Record.seq.in_(wanted))
            .group_by(Record.seq)
            .having(func.count() > 1)
            .limit(1)
        )
        return session.scalars(query).first() is not None
