"""Removing what somebody answered and wrote, once it is old, and keeping what marking gave; and removing a person.

The log's row stays with its id, its content's hash and its place in the phone's figures, so a phone that sends it again
gets "duplicate" and the digests agree. Rebuilding reads the kept result instead of marking.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Update, delete, func, or_, select, update
from sqlalchemy.orm import Session

from app import assessment, identity, learning
from app.sync.models import HeldRecord, PhoneDigest, Record, RecordVariant
from app.sync.rebuild import let_batches_wait

AT_ONCE = 500
ANSWERS = ("quiz.answered", "look-back.answered")
REFLECTION = "reflection.saved"


@dataclass(frozen=True, slots=True, kw_only=True)
class Thinned:
    """How many records lost their answers, how many their words, and how many variants went."""

    answers: int
    reflections: int
    variants: int


def count_old(session: Session, before: datetime) -> Thinned:
    """Say what `thin` would remove. What is held waits for a person with all it has, and is not counted."""
    count = select(func.count()).select_from(Record)
    variants = select(func.count()).select_from(RecordVariant).where(RecordVariant.received_at < before)
    return Thinned(
        answers=session.scalars(count.where(*_old(before, ANSWERS))).one(),
        reflections=session.scalars(count.where(*_old(before, (REFLECTION,)))).one(),
        variants=session.scalars(variants).one(),
    )


def thin(session: Session, before: datetime, *, now: datetime) -> Thinned:
    """Remove answers and words from records received before `before`. Flushes; safe to repeat."""
    # What is kept instead of answers is the result they had: nobody may mark them again meanwhile.
    let_batches_wait(session)
    found = count_old(session, before)
    last = 0
    while True:
        query = select(Record).where(*_old(before, (*ANSWERS, REFLECTION)), Record.id > last)
        records = session.scalars(query.order_by(Record.id).limit(AT_ONCE)).all()
        if not records:
            break
        last = records[-1].id
        results = learning.kept_results(session, [(record.person_id, record.uuid) for record in records])
        for record in records:
            record.body = _without_answers(json.loads(record.body), results.get(record.uuid))
            record.thinned_at = now
        written = [(record.person_id, record.uuid) for record in records if record.kind == REFLECTION]
        learning.forget_words(session, written)
        session.flush()
        session.expunge_all()
    session.execute(delete(RecordVariant).where(RecordVariant.received_at < before))
    return found


def erase(session: Session, person_id: int, provider_id: int | None, *, now: datetime) -> int:
    """Remove a person's records; only those of one provider when it is given. Returns how many. Flushes.

    Of one provider's, hollow rows stay while the person has another: with nothing in them but their ids, so that their
    phone, which still has them, neither sends them to the other provider nor is asked to.
    """
    mine = [Record.person_id == person_id]
    if provider_id is not None:
        mine.append(Record.provider_id == provider_id)
    uuids = select(Record.uuid).where(*mine)
    session.execute(delete(HeldRecord).where(HeldRecord.uuid.in_(uuids)))
    session.execute(delete(RecordVariant).where(RecordVariant.uuid.in_(uuids)))
    change = delete(Record).where(*mine) if provider_id is None else _hollow(now).where(*mine)
    if provider_id is None:
        phones = select(identity.Device.id).where(identity.Device.person_id == person_id)
        session.execute(delete(PhoneDigest).where(PhoneDigest.device_id.in_(phones)))
    done = session.execute(change.execution_options(synchronize_session=False))
    session.expire_all()
    return int(done.rowcount)  # type: ignore[attr-defined]  # a DELETE's or UPDATE's result has it


def erase_about(session: Session, person: UUID, provider_id: int | None, *, now: datetime) -> int:
    """Remove a person from what others' phones sent of them: what assessors saw of their practice, and took back.

    Those rows stay hollow, as in `erase`: they count in the figures of the assessors' phones. Call it while the tables
    worked out from the log still say which they are; what is held is searched for the person. Returns how many.
    """
    found = set(assessment.records_about(session, person, provider_id))
    called = sorted(map(str, identity.uuids_of(session, person)))
    held = select(Record.uuid).where(
        Record.uuid.in_(select(HeldRecord.uuid)),
        Record.kind.in_(assessment.ACT_KINDS),
        or_(*(Record.body.contains(each) for each in called)),
    )
    if provider_id is not None:
        held = held.where(Record.provider_id == provider_id)
    found |= set(session.scalars(held))
    twice = select(RecordVariant.uuid).where(or_(*(RecordVariant.body.contains(each) for each in called)))
    found |= set(session.scalars(twice.where(RecordVariant.uuid.in_(select(Record.uuid).where(_about(provider_id))))))
    gone = sorted(found)
    for start in range(0, len(gone), AT_ONCE):
        some = gone[start : start + AT_ONCE]
        session.execute(delete(HeldRecord).where(HeldRecord.uuid.in_(some)))
        session.execute(delete(RecordVariant).where(RecordVariant.uuid.in_(some)))
        change = _hollow(now).where(Record.uuid.in_(some))
        session.execute(change.execution_options(synchronize_session=False))
    session.expire_all()
    return len(gone)


def _about(provider_id: int | None) -> ColumnElement[bool]:
    practice = Record.kind.in_(assessment.ACT_KINDS)
    return practice if provider_id is None else practice & (Record.provider_id == provider_id)


def _hollow(now: datetime) -> Update:
    """Return the change that leaves nothing of a row of the log but its ids and its content's hash."""
    nothing = dict.fromkeys(("provider_id", "at", "seq", "v", "kind", "edition", "thinned_at", "handed_in_by"))
    return update(Record).values(**nothing, body="{}", erased_at=now)


def _old(before: datetime, kinds: tuple[str, ...]) -> list[Any]:
    return [
        Record.received_at < before,
        Record.thinned_at.is_(None),
        Record.erased_at.is_(None),
        Record.kind.in_(kinds),
        Record.uuid.not_in(select(HeldRecord.uuid)),
    ]


def _without_answers(body: dict[str, Any], result: Mapping[str, Any] | None) -> str:
    data: dict[str, Any] = dict(body.get("data", {}))
    if "answers" in data:
        data |= {"answers": {}, "result": result}
    if "text" in data:
        data["text"] = None
    if isinstance(data.get("items"), list):
        data["items"] = [_item(item) for item in data["items"]]
    return json.dumps({**body, "data": data}, ensure_ascii=True, sort_keys=True, separators=(",", ":"))


def _item(item: Any) -> Any:
    return {key: value for key, value in item.items() if key != "answer"} if isinstance(item, dict) else {}
