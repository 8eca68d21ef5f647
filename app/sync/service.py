"""Taking in what phones kept."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import repeat
from operator import itemgetter
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, bindparam, func, insert, select, update
from sqlalchemy.orm import Session

from app import identity, learning
from app.kernel import Prepared, insert_columns, insert_if_new, table_of
from app.sync import kinds
from app.sync.digest import NOTHING, with_ids
from app.sync.errors import AnotherPerson, TooMuch
from app.sync.judging import NEWEST_SCHEMA, judge
from app.sync.models import HeldRecord, PhoneDigest, Record, RecordVariant
from app.sync.reading import given_id, read_records
from app.sync.types import Batch, Code, Digest, ReadRecord, Receipt, ReceiptWord, Reply, Sender

MOST_RECORDS = 1_000
# The columns of the log that were read out of the record itself.
_OF_RECORD = {"uuid": "id", **{name: name for name in ("at", "seq", "v", "kind", "edition", "sha", "body")}}
# Asked for with every batch, and made once: building them each time took longer than the database.
_DIGESTS, _RECORDS = table_of(PhoneDigest), table_of(Record)
_LOCK_DIGEST = Prepared(
    select(_DIGESTS.c.n, _DIGESTS.c.x, _DIGESTS.c.last_seq)
    .where(_DIGESTS.c.device_id == bindparam("device"))
    .with_for_update()
)
_SET_DIGEST = Prepared(
    update(_DIGESTS)
    .where(_DIGESTS.c.device_id == bindparam("device"))
    .values(n=bindparam("n"), x=bindparam("x"), last_seq=bindparam("last_seq"))
)
_KNOWN = Prepared(
    select(_RECORDS.c.uuid, _RECORDS.c.device_id, _RECORDS.c.sha).where(
        _RECORDS.c.uuid.in_(bindparam("uuids", type_=Uuid(as_uuid=False), expanding=True))
    )
)
_SEQS_TWICE = Prepared(
    select(_RECORDS.c.seq)
    .where(
        _RECORDS.c.person_id == bindparam("person"),
        _RECORDS.c.device_id == bindparam("device"),
        _RECORDS.c.seq.between(bindparam("first"), bindparam("last")),
    )
    .group_by(_RECORDS.c.seq)
    .having(func.count() > 1)
)


def read_batch(batch: Batch, *, now: datetime) -> Batch:
    """Read each record, received at `now`. It needs no database: best done before others are kept from writing.

    Raises TooMuch.
    """
    if len(batch.records) > MOST_RECORDS:
        raise TooMuch(f"Send at most {MOST_RECORDS} records at once.")
    if batch.read is not None:
        return batch
    return replace(batch, read=read_records(batch.records, batch.dev, now=now))


def accept(session: Session, batch: Batch, sender: Sender, *, now: datetime, handed_in_by: UUID | None = None) -> Reply:
    """Take in what a phone kept while it was offline, and say what became of each record.

    Repeating a batch is harmless: a record already held is receipted again but not applied again. Other content under
    an id the log has is kept beside it and flagged; an id of another person's is refused. A refusal carries its reason
    and never holds up the other records. `now` is the server's time, stored beside the phone's, which is not trusted
    for due dates. One record takes as many statements as a thousand. The edge commits, and answers only then.
    `handed_in_by` is the uuid of a manager who brings the records as a file; it is kept beside each new one.

    Raises TooMuch, or AnotherPerson when batch, phone and token do not belong together; nothing is stored then.
    """
    read = read_batch(batch, now=now).read or ()
    if batch.person != sender.person_uuid:
        raise AnotherPerson("These records are another person's. They have to sign in to send them.")
    phone_id = sender.device_id if sender.dev == batch.dev else None
    if phone_id is None:
        phone_id, sender = _phone_and_place(session, batch.dev, sender, now)
    before, last_seq = _lock_digest(session, phone_id)
    first = {record.id: record for record in reversed(read) if isinstance(record, ReadRecord)}
    seqs = [each.seq for each in first.values() if each.seq is not None]
    log = _Log(sender=sender, device_id=phone_id, now=now, handed_in_by=handed_in_by)
    found = log.contents(session, first.values())
    stored = first.keys() - found.keys()
    new = [first[each] for each in first if each in stored]
    log.append(session, new)
    codes = _apply(session, new, sender, now)
    after = with_ids(before, stored)
    if stored:
        _SET_DIGEST.run(session, device=phone_id, n=after.n, x=after.x, last_seq=max([last_seq, *seqs]))
    # The phone counts a record once it has its receipt: so what it will hold after this reply is compared.
    taken: Collection[str] = stored
    if len(stored) == len(read) and not codes:
        receipts = [*map(Receipt._make, zip(reversed(first), repeat(ReceiptWord.STORED), repeat(None)))]
    else:
        receipts, variants = _receipts(batch, read, first, stored, found, codes, phone_id=phone_id)
        log.keep_variants(session, variants)
        taken = {receipt.id for receipt in receipts if receipt.r is not ReceiptWord.REFUSED}
    # Nearly always it is the same ids that are added to the same figures.
    same = batch.held == before and taken == stored
    have = None if same or with_ids(batch.held, taken) == after else log.all_ids(session)
    return Reply(
        receipts=tuple(receipts),
        have=have,
        rotate=log.has_seq_twice(session, seqs, above=last_seq),
    )


def _phone_and_place(session: Session, dev: UUID, sender: Sender, now: datetime) -> tuple[int, Sender]:
    """Return the row of a phone the token was not issued to, and the sender at the place its id was given at."""
    phone = identity.find_or_adopt_phone(session, sender.person_id, dev, provider_id=sender.provider_id, now=now)
    if phone is None:
        raise AnotherPerson("This phone's records are another person's. They have to sign in to send them.")
    if phone.provider_id not in (None, sender.provider_id):
        # Made under the id of an earlier place, sent with a token of the present one: evidence stays where it was made.
        sender = replace(sender, provider_id=phone.provider_id)
    return phone.id, sender


def _receipts(
    batch: Batch,
    read: Iterable[ReadRecord | Code],
    first: Mapping[str, ReadRecord],
    stored: Collection[str],
    found: dict[str, tuple[int, str]],
    codes: Mapping[str, Code],
    *,
    phone_id: int,
) -> tuple[list[Receipt], list[ReadRecord]]:
    """Say what became of each record, and which are other content of an id the log has."""
    receipts, variants = [], []
    for value, record in zip(batch.records, read, strict=True):
        if isinstance(record, Code):
            receipt = Receipt(given_id(value), ReceiptWord.REFUSED, record)
        elif record.id in stored and record is first[record.id]:
            code = codes.get(record.id)
            receipt = Receipt(record.id, ReceiptWord.HELD if code else ReceiptWord.STORED, code)
            # The same id once more in this batch meets this content.
            found[record.id] = (phone_id, record.sha)
        else:
            receipt = _receipt_again(record, *found[record.id], phone_id=phone_id)
            if receipt.code is Code.OTHER_CONTENT:
                variants.append(record)
        receipts.append(receipt)
    return receipts, variants


def _receipt_again(record: ReadRecord, device_id: int, sha: str, *, phone_id: int) -> Receipt:
    """Answer for an id that was there before: with content of this hash, from this phone."""
    if device_id != phone_id:
        return Receipt(id=record.id, r=ReceiptWord.REFUSED, code=Code.ID_IN_USE)
    if sha == record.sha:
        return Receipt(id=record.id, r=ReceiptWord.DUPLICATE)
    return Receipt(id=record.id, r=ReceiptWord.HELD, code=Code.OTHER_CONTENT)


def _apply(session: Session, records: Sequence[ReadRecord], sender: Sender, now: datetime) -> dict[str, Code]:
    """Judge what was just stored, fill the tables worked out from it, and return why some records are held."""
    editions = learning.studied_editions(session, {record.edition for record in records if record.edition})
    goes = _goes(records, editions)
    learning.keep_goes(session, goes, person_id=sender.person_id, provider_id=sender.provider_id, received_at=now)
    acts: list[learning.Act] = []
    held: dict[str, Code] = {}
    for record in records:
        if record.id in goes:
            continue
        judged = judge(
            uuid=UUID(record.id),
            person_id=sender.person_id,
            provider_id=sender.provider_id,
            received_at=now,
            at=record.at,
            v=record.v,
            kind=record.kind,
            sha=record.edition,
            body=record.value,
            editions=editions,
            plain=record.plain,
        )
        if isinstance(judged, Code):
            held[record.id] = judged
        else:
            acts.append(judged)
    kinds.apply(session, acts, editions)
    if held:
        rows = [{"uuid": UUID(id_), "person_id": sender.person_id, "code": code.value} for id_, code in held.items()]
        session.execute(insert(HeldRecord), rows)
    return held


def _goes(records: Iterable[ReadRecord], editions: Mapping[str, learning.StudiedEdition]) -> dict[str, learning.Go]:
    """Return, by id, those finished quizzes of which `judge` and `learning.apply` would make what is made here at once.

    They are most of what phones send.
    """
    if kinds.part_of(learning.GO) is not learning:
        return {}
    found = {}
    for id_, value, _, _, v, kind, _, at, sha, plain in records:
        edition = editions.get(sha) if sha is not None and kind == learning.GO and plain else None
        if edition is None or at is None or v is None or v > NEWEST_SCHEMA:
            continue
        go = learning.read_go(value.get("data"), edition, at)
        if go is not None:
            found[id_] = go
    return found


def _lock_digest(session: Session, device_id: int) -> tuple[Digest, int]:
    """Return a phone's figures and highest number, and hold its row: two requests of one phone wait for each other."""
    row = _LOCK_DIGEST.first(session, device=device_id)
    if row is None:
        session.execute(insert_if_new(session, PhoneDigest).values(device_id=device_id, n=NOTHING.n, x=NOTHING.x))
        row = _LOCK_DIGEST.first(session, device=device_id)
    return Digest(n=row.n, x=row.x), row.last_seq


class _Log:
    """The record log as one phone's batch meets it."""

    def __init__(self, *, sender: Sender, device_id: int, now: datetime, handed_in_by: UUID | None) -> None:
        self._sender = sender
        self._device_id = device_id
        self._now = now
        self._handed_in_by = handed_in_by

    def append(self, session: Session, records: Iterable[ReadRecord]) -> None:
        """Add records that `contents` did not find.

        Nobody else can add them meanwhile: a record names its phone, and the phone's row is held. A key that is there
        after all is another phone's, under the same id at the same moment, which no phone of ours makes: an error.
        """
        shared = {
            "person_id": self._sender.person_id,
            "provider_id": self._sender.provider_id,
            "device_id": self._device_id,
            "received_at": self._now,
            "handed_in_by": self._handed_in_by,
        }
        # In the order of their ids, which is that of time: they come to lie together in the index.
        ordered = sorted(records, key=itemgetter(0))
        if ordered:
            columns = dict(zip(ReadRecord._fields, zip(*ordered, strict=True), strict=True))
            insert_columns(session, _RECORDS, shared, {name: columns[read] for name, read in _OF_RECORD.items()})

    def contents(self, session: Session, records: Iterable[ReadRecord]) -> dict[str, tuple[int, str]]:
        """Return, for those of these ids the log has, which phone they are of and their content's hash."""
        wanted = [record.id for record in records]
        if not wanted:
            return {}
        return {str(uuid): (device_id, sha) for uuid, device_id, sha in _KNOWN.all(session, uuids=wanted)}

    def keep_variants(self, session: Session, records: Iterable[ReadRecord]) -> None:
        """Keep other content of known ids. The same again changes nothing."""
        rows: list[dict[str, Any]] = [
            {
                "uuid": UUID(record.id),
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
        mine = Record.person_id == self._sender.person_id, Record.device_id == self._device_id
        query = select(Record.uuid).where(*mine).order_by(Record.id)
        return tuple(str(uuid) for uuid in session.scalars(query))

    def has_seq_twice(self, session: Session, seqs: Sequence[int], *, above: int) -> bool:
        """Say whether one of these numbers stands for two records: then two phones believe they are this one.

        Before this batch the phone had none `above` this.
        """
        wanted = set(seqs)
        if not wanted or (len(wanted) == len(seqs) and min(wanted) > above):
            return False
        # A phone counts on from its last number: what it sends together lies close together.
        whose = {"person": self._sender.person_id, "device": self._device_id}
        twice = _SEQS_TWICE.all(session, **whose, first=min(wanted), last=max(wanted))
        return not wanted.isdisjoint(row.seq for row in twice)
