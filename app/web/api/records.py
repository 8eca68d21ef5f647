"""Taking in batches of records."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Response
from pydantic_core import to_json

from app import sync
from app.extensions import db
from app.kernel import moment_text, utc_now
from app.sync import Batch, Digest, Sender
from app.web.access import allows_anyone, allows_bearer, write_as_bearer
from app.web.api.payloads import PROTO, BatchSent, Ping
from app.web.api.reading import nonce, read
from app.web.api.replies import reply, reply_as_is, server_id
from app.web.writing import takes_the_lock_itself


@allows_anyone
def ping() -> Response:
    """Prove that this is the server, and tell its time. `n` comes back as it was sent."""
    return reply(Ping(server=server_id(), n=nonce(), now=utc_now()))


@allows_bearer("append")
@takes_the_lock_itself
def send_records() -> Response:
    """Take in what a phone kept. The receipts are sent once everything is committed, never before."""
    sent, now = read(BatchSent, sync.parse_batch), utc_now()
    if sent.server != server_id():
        raise sync.AnotherServer("These records are for another server.")
    batch = Batch(
        dev=UUID(sent.dev),
        person=UUID(sent.person),
        held=Digest(n=sent.held.n, x=sent.held.x),
        records=tuple(sent.records),
    )
    batch = sync.read_batch(batch, now=now)
    who = write_as_bearer()
    sender = Sender(
        person_id=who.person_id,
        person_uuid=who.person_uuid,
        provider_id=who.provider_id,
        dev=who.dev,
        device_id=who.device_id,
    )
    answer = sync.accept(db.session(), batch, sender, now=now)
    db.session.commit()
    return reply_as_is(batch_reply(server_id(), sent.batch, now, answer))


def batch_reply(server: str, batch: str, now: datetime, answer: sync.Reply) -> bytes:
    """Return a `BatchReply` as it is on the wire, without making a model of each receipt."""
    said: dict[str, Any] = {"proto": PROTO, "server": server, "batch": batch, "now": moment_text(now)}
    more: dict[str, Any] = {}
    if answer.have is not None:
        more["have"] = answer.have
    if answer.rotate:
        more["rotate"] = True
    after = to_json(more)[1:]
    return b"%b,%b%b%b" % (to_json(said)[:-1], _receipts(answer), b"," if more else b"", after)


def _receipts(answer: sync.Reply) -> bytes:
    ids = "".join([receipt.id for receipt in answer.receipts])
    if '"' in ids or "\\" in ids:
        # Only what is refused can have such an id, so it is seldom.
        each = [
            {"id": id_, "r": word} if code is None else {"id": id_, "r": word, "code": code}
            for id_, word, code in answer.receipts
        ]
        return to_json({"receipts": each})[1:-1]
    told = ",".join(
        [
            f'{{"id":"{id_}","r":"{word}"}}' if code is None else f'{{"id":"{id_}","r":"{word}","code":"{code}"}}'
            for id_, word, code in answer.receipts
        ]
    )
    return f'"receipts":[{told}]'.encode("ascii")
