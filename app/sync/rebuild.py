"""Working everything out again from the log."""

from __future__ import annotations

import json
from collections.abc import Sequence

from sqlalchemy import ColumnElement, delete, insert, select, text
from sqlalchemy.orm import Session

from app import learning
from app.sync import kinds
from app.sync.judging import judge
from app.sync.models import HeldRecord, Record
from app.sync.types import Code, Rebuilt

AT_ONCE = 1_000


def rebuild(session: Session) -> Rebuilt:
    """Empty the tables worked out from the record log and fill them again; the edge commits.

    Gives the very rows that arriving gave, and judges what was held for want of an edition published since.
    """
    let_batches_wait(session)
    session.execute(delete(HeldRecord))
    kinds.forget_everything_worked_out(session)
    return _judge_from(session)


def judge_held(session: Session) -> Rebuilt:
    """Judge again what is held, in the transaction that published an edition; the edge commits."""
    let_batches_wait(session)
    return _judge_from(session, Record.uuid.in_(select(HeldRecord.uuid)))


def mark_again(session: Session, sha: str) -> None:
    """Mark all attempts at an edition again; `let_batches_wait` was called before its key was changed."""
    learning.forget_results_of_edition(session, sha)
    _judge_from(session, Record.kind == learning.GO, Record.edition == sha, Record.uuid.not_in(select(HeldRecord.uuid)))


def let_batches_wait(session: Session) -> None:
    """Hold the log until the commit; SQLite's write lock, which the edge has taken, does so by itself.

    A batch that came meanwhile would be read twice or not at all, be held for want of the edition just published, or be
    marked by a key just put right.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("LOCK TABLE records IN EXCLUSIVE MODE"))


def _judge_from(session: Session, *which: ColumnElement[bool]) -> Rebuilt:
    total = held_in_all = last = 0
    while True:
        query = select(Record).where(Record.id > last, Record.erased_at.is_(None), *which)
        records = session.scalars(query.order_by(Record.id).limit(AT_ONCE)).all()
        if not records:
            return Rebuilt(records=total, held=held_in_all)
        last = records[-1].id
        total += len(records)
        held_in_all += _judge(session, records)
        session.expunge_all()


def _judge(session: Session, records: Sequence[Record]) -> int:
    editions = learning.studied_editions(session, {record.edition for record in records if record.edition})
    acts: list[learning.Act] = []
    held: list[dict[str, object]] = []
    for record in records:
        judged = judge(
            uuid=record.uuid,
            person_id=record.person_id,
            provider_id=record.provider_id,
            received_at=record.received_at,
            at=record.at,
            v=record.v,
            kind=record.kind,
            sha=record.edition,
            body=json.loads(record.body),
            editions=editions,
            thinned=record.thinned_at is not None,
        )
        if isinstance(judged, Code):
            held.append({"uuid": record.uuid, "person_id": record.person_id, "code": judged.value})
        else:
            acts.append(judged)
    session.execute(delete(HeldRecord).where(HeldRecord.uuid.in_([record.uuid for record in records])))
    kinds.apply(session, acts, editions)
    if held:
        session.execute(insert(HeldRecord), held)
    return len(held)
