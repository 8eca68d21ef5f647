"""The offline protocol's two ends, small: the real record log on SQLite in memory, and a phone's outbox as a model.

The model phone follows service_worker/core/outbox.ts. What it cannot do is cheat: it learns only from replies.
"""

from __future__ import annotations

import copy
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, create_engine, select
from sqlalchemy.orm import Session
from sqlalchemy.pool import StaticPool

from app import identity, sync
from app.kernel import new_uuid7, prepare_engine
from app.sync import Batch, Digest, Record, Reply, Sender
from app.sync.digest import NOTHING, with_ids
from tests.support.schema import make_tables
from tests.support.world import NOW, add_person, add_provider


class Server:
    """The real service, whose database can be put back to an earlier day."""

    def __init__(self, people: int = 2) -> None:
        self.engine: Engine = create_engine("sqlite://", poolclass=StaticPool)
        prepare_engine(self.engine)
        make_tables(self.engine)
        with Session(self.engine) as session:
            provider = add_provider(session)
            members = [add_person(session, provider, f"Person {number}") for number in range(people)]
            session.commit()
        self.people = tuple(
            Sender(person_id=each.person_id, person_uuid=each.person_uuid, provider_id=provider.id) for each in members
        )
        self.empty = self.backup()

    def backup(self) -> bytes:
        """The whole database, as a file would hold it."""
        return self._raw().serialize()

    def restore(self, backup: bytes) -> None:
        """Go back to the day of a backup. Nothing else is told."""
        self._raw().deserialize(backup)

    def take(self, sender: Sender, batch: Batch) -> Reply:
        """Answer a request, as the edge does: commit, then reply."""
        with Session(self.engine) as session:
            reply = sync.accept(session, batch, sender, now=NOW)
            session.commit()
            return reply

    def enrol(self, sender: Sender) -> UUID:
        """A new phone id."""
        with Session(self.engine) as session:
            enrolled = identity.enrol_phone(session, sender.person_id, provider_id=sender.provider_id, now=NOW)
            session.commit()
            return enrolled.dev

    def log(self) -> dict[str, tuple[int, str]]:
        """What the log has: id → person and content. An id twice would be an error of the database itself."""
        with Session(self.engine) as session:
            rows = session.execute(select(Record.uuid, Record.person_id, Record.body)).all()
        return {str(row.uuid): (row.person_id, row.body) for row in rows}

    def _raw(self) -> sqlite3.Connection:
        with self.engine.connect() as connection:
            raw = connection.connection.driver_connection
        assert isinstance(raw, sqlite3.Connection)
        return raw


@dataclass
class ModelPhone:
    """One person's phone. `state` is "kept", "receipted" or "refused" by id; ghosts are ids without a record here."""

    sender: Sender
    dev: UUID
    seq: int = 0
    records: dict[str, dict[str, Any]] = field(default_factory=dict)
    state: dict[str, str] = field(default_factory=dict)
    ghosts: dict[UUID, set[str]] = field(default_factory=dict)

    def make(self, kind: str, data: object) -> dict[str, Any]:
        """Keep a new record."""
        self.seq += 1
        record = {"id": str(new_uuid7()), "v": 1, "kind": kind, "dev": str(self.dev), "seq": self.seq}
        record |= {"at": "2026-06-15T10:00:00.000Z", "mono": 1, "off": 0, "edition": None, "app": "m", "lang": "en"}
        record["data"] = data
        self.records[record["id"]] = record
        self.state[record["id"]] = "kept"
        return record

    def devs(self) -> list[UUID]:
        """Every id this phone holds records of, the present one first."""
        older = {UUID(record["dev"]) for record in self.records.values()} - {self.dev}
        return [self.dev, *sorted(older)]

    def waiting(self, dev: UUID) -> list[str]:
        """Ids that wait to be sent under a phone id, oldest first."""
        mine = [i for i, record in self.records.items() if self.state[i] == "kept" and record["dev"] == str(dev)]
        return sorted(mine, key=lambda i: (self.records[i]["seq"], i))

    def believed(self, dev: UUID) -> set[str]:
        """The ids this phone believes the server holds for a phone id."""
        receipted = {i for i, r in self.records.items() if self.state[i] == "receipted" and r["dev"] == str(dev)}
        return receipted | self.ghosts.get(dev, set())

    def batch(self, dev: UUID, most: int) -> Batch:
        """The next batch for a phone id."""
        records = tuple(copy.deepcopy(self.records[i]) for i in self.waiting(dev)[:most])
        held: Digest = with_ids(NOTHING, self.believed(dev))
        return Batch(dev=dev, person=self.sender.person_uuid, held=held, records=records)

    def hear(self, dev: UUID, reply: Reply, server: Server) -> None:
        """Do what a reply says, and only that."""
        fresh = set()
        for receipt in reply.receipts:
            if receipt.id in self.records:
                self.state[receipt.id] = "refused" if receipt.r == "refused" else "receipted"
                fresh.add(receipt.id)
        if reply.have is not None:
            have = set(reply.have)
            for known in self.believed(dev) & self.records.keys() - have - fresh:
                self.state[known] = "kept"
            self.ghosts[dev] = have - self.records.keys()
        if reply.rotate and dev == self.dev:
            self.dev, self.seq = server.enrol(self.sender), 0

    def prune(self, ids: Iterable[str]) -> None:
        """Make room: forget old receipted records, but not that the server has them."""
        for known in ids:
            if self.state.get(known) == "receipted":
                self.ghosts.setdefault(UUID(self.records[known]["dev"]), set()).add(known)
                del self.records[known], self.state[known]
