"""Phones that send quiz results as ours do, and what they say they have receipts for."""

from __future__ import annotations

import hashlib
import http.client
import json
import time
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.kernel import new_uuid7
from bench.servers import in_app
from tests.support.site import Site


class Digest:
    """What a phone says it has receipts for: count, and XOR of the first 8 bytes of SHA-256 of each id."""

    def __init__(self) -> None:
        self.number, self.mixed = 0, 0

    def add(self, ids: Iterable[str]) -> None:
        """Take in the ids of a receipted batch."""
        for one in ids:
            self.number += 1
            self.mixed ^= int.from_bytes(hashlib.sha256(one.encode()).digest()[:8], "big")

    def shown(self) -> dict[str, Any]:
        """The `held` part of a batch."""
        return {"n": self.number, "x": f"{self.mixed:016x}"}


@dataclass(slots=True)
class Sender:
    """A phone enrolled for the measurement."""

    person: str
    dev: str
    append: str
    read: str
    server: str
    seq: int = 0
    held: Digest = field(default_factory=Digest)

    def answered(self, edition: dict[str, Any]) -> dict[str, Any]:
        """One finished quiz as a phone sends it; `edition` as `published` gives it."""
        moment = time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime())
        self.seq += 1
        return {
            "id": str(new_uuid7()),
            "v": 1,
            "kind": "quiz.answered",
            "dev": self.dev,
            "seq": self.seq,
            "at": moment,
            "mono": self.seq,
            "off": 0,
            "edition": edition["sha"],
            "app": "bench",
            "lang": "en",
            "data": {
                "module": edition["module"],
                "edition_no": edition["edition"],
                "attempt": str(uuid.uuid4()),
                "seed": 1,
                "started": moment,
                "seconds": 180,
                "answers": edition["answers"],
            },
        }

    def batch(self, edition: dict[str, Any], size: int) -> bytes:
        """The body of the next request, of so many finished quizzes. It counts on the ones before being receipted."""
        records = [self.answered(edition) for _ in range(size)]
        batch = {
            "proto": 1,
            "server": self.server,
            "dev": self.dev,
            "person": self.person,
            "batch": str(uuid.uuid4()),
            "app": "bench",
            "now": records[-1]["at"],
            "held": self.held.shown(),
            "records": records,
        }
        self.held.add(record["id"] for record in records)
        return json.dumps(batch).encode()


START = """
import json
from app import create_app, identity, providers
from app.extensions import db
from app.kernel import utc_now
app, now = create_app(), utc_now()
def phone(person, uuid, place):
    made = identity.enrol_phone(db.session, person, provider_id=place, now=now)
    return [str(uuid), str(made.dev), made.append, made.read]
with app.app_context():
"""
NEW = """
    place = providers.add_provider(db.session, "Bench Care", contact="Priya", now=now)
    people = [providers.add_person(db.session, place.id, f"Carer {{n}}", ["learner"], now=now) for n in range({number})]
    out = [phone(each.person_id, each.person_uuid, place.id) for each in people]
"""
KNOWN = """
    from sqlalchemy import text
    query = text("SELECT p.id, p.uuid, m.provider_id FROM persons p JOIN memberships m ON m.person_id = p.id"
                 " WHERE p.name {which} ORDER BY (p.id * 7919) % 10007 LIMIT {number}")
    from uuid import UUID
    out = [phone(row.id, UUID(row.uuid), row.provider_id) for row in db.session.execute(query).all()]
"""
END = """
    db.session.commit()
    print(json.dumps(out))
"""


def enrol(site: Site, number: int) -> list[Sender]:
    """Enrol `number` phones of new people straight through the services: joining is not what is measured."""
    return _enrolled(site, NEW.format(number=number))


def enrol_known(site: Site, number: int, *, named: str = "Carer %") -> list[Sender]:
    """Give people who are there already, on SQLite, another phone each; `named`: whose names are like this."""
    return _enrolled(site, KNOWN.format(number=number, which=f"LIKE '{named}'"))


def _enrolled(site: Site, people: str) -> list[Sender]:
    script = START + people + END
    rows = json.loads(in_app(site, script)[-1])
    connection = http.client.HTTPConnection("localhost", site.port)
    connection.request("GET", "/api/v1/ping?n=bench")
    server = json.loads(connection.getresponse().read())["server"]
    return [Sender(*row, server) for row in rows]


def send(port: int, path: str, work: Sequence[tuple[str, bytes]]) -> list[float]:
    """Send these bodies, each with its token, one after another on one connection; each must be answered with 200.

    Returns the seconds each answer took.
    """
    connection = http.client.HTTPConnection("localhost", port, timeout=60)
    waits = []
    for token, body in work:
        began = time.perf_counter()
        connection.request("POST", path, body, {"Content-Type": "application/json", "Authorization": f"Bearer {token}"})
        reply = connection.getresponse()
        words = reply.read()
        assert reply.status == 200, (reply.status, words[:300])
        waits.append(time.perf_counter() - began)
    connection.close()
    return waits
