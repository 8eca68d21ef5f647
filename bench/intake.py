"""Records taken in a second, in batches of 1, 50 and 1,000, beside the floor server in the same run."""

from __future__ import annotations

import hashlib
import http.client
import json
import os
import statistics
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.kernel import new_uuid7
from bench.floor import prepare
from tests.support.site import ROOT, Site, free_port

BATCHES = {1: 400, 50: 80, 1_000: 8}  # batch size: requests a round
SENDERS = 4
ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Sender:
    """A phone enrolled for the measurement."""

    person: str
    dev: str
    append: str
    server: str


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


def enrol(site: Site, number: int) -> list[Sender]:
    """Enrol `number` phones straight through the services: joining is not what is measured."""
    script = f"""
import json
from app import create_app, identity
from app.extensions import db
from app.kernel import utc_now
from app import providers
app = create_app()
with app.app_context():
    now = utc_now()
    place = providers.add_provider(db.session, "Bench Care", contact="Priya", now=now)
    out = []
    for number in range({number}):
        person = providers.add_person(db.session, place.id, f"Carer {{number}}", [providers.Role.LEARNER], now=now)
        phone = identity.enrol_phone(db.session, person.person_id, provider_id=place.id, now=now)
        out.append([str(person.person_uuid), str(phone.dev), phone.append])
    db.session.commit()
    print(json.dumps(out))
"""
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env=site.environment, capture_output=True, text=True, check=True
    )
    connection = http.client.HTTPConnection("localhost", site.port)
    connection.request("GET", "/api/v1/ping?n=bench")
    server = json.loads(connection.getresponse().read())["server"]
    return [Sender(*row, server) for row in json.loads(done.stdout.strip().splitlines()[-1])]


@contextmanager
def floor(folder: Path) -> Iterator[int]:
    """The bare server, by the same gunicorn with the same number of workers and threads."""
    port = free_port()
    database = str(folder / "floor.sqlite")
    prepare(database)
    process = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "-b", f"127.0.0.1:{port}", "-w", "2", "--threads", "4", "bench.floor:app"],
        cwd=ROOT,
        env={**os.environ, "FLOOR_DATABASE": database},
        stderr=subprocess.DEVNULL,
    )
    time.sleep(2)
    try:
        yield port
    finally:
        process.terminate()
        process.wait(20)


def answered(module: str, edition: dict[str, Any], seq: int, sender: Sender) -> dict[str, Any]:
    """One finished quiz as a phone sends it."""
    moment = time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime())
    return {
        "id": str(new_uuid7()),
        "v": 1,
        "kind": "quiz.answered",
        "dev": sender.dev,
        "seq": seq,
        "at": moment,
        "mono": seq,
        "off": 0,
        "edition": edition["sha"],
        "app": "bench",
        "lang": "en",
        "data": {
            "module": module,
            "edition_no": edition["edition"],
            "attempt": str(uuid.uuid4()),
            "seed": 1,
            "started": moment,
            "seconds": 180,
            "answers": edition["answers"],
        },
    }


def send(port: int, path: str, bodies: list[bytes], token: str) -> None:
    """Send these bodies one after another on one connection; every one must be answered with 200."""
    connection = http.client.HTTPConnection("localhost", port, timeout=60)
    for body in bodies:
        connection.request("POST", path, body, {"Content-Type": "application/json", "Authorization": f"Bearer {token}"})
        reply = connection.getresponse()
        words = reply.read()
        assert reply.status == 200, (reply.status, words[:300])
    connection.close()


def measure(senders: list[Sender], bodies_of: Callable[[Sender], list[bytes]], port: int, path: str) -> float:
    """Seconds until all senders have had all their answers. Bodies are made before the clock starts."""
    work = [(sender, bodies_of(sender)) for sender in senders]
    began = time.perf_counter()
    with ThreadPoolExecutor(len(senders)) as pool:
        list(pool.map(lambda one: send(port, path, one[1], one[0].append), work))
    return time.perf_counter() - began


def run(site: Site, folder: Path, module: str, edition: dict[str, Any]) -> list[dict[str, Any]]:
    """Measure ours and the floor in turn; return a row a batch size with medians and their ratio."""
    senders = enrol(site, SENDERS)
    counters = dict.fromkeys([sender.dev for sender in senders], 0)
    digests = {sender.dev: Digest() for sender in senders}

    def bodies(sender: Sender, size: int, requests: int) -> list[bytes]:
        made = []
        for _ in range(requests):
            records = []
            for _ in range(size):
                counters[sender.dev] += 1
                records.append(answered(module, edition, counters[sender.dev], sender))
            batch = {
                "proto": 1,
                "server": sender.server,
                "dev": sender.dev,
                "person": sender.person,
                "batch": str(uuid.uuid4()),
                "app": "bench",
                "now": records[-1]["at"],
                "held": digests[sender.dev].shown(),
                "records": records,
            }
            digests[sender.dev].add(record["id"] for record in records)
            made.append(json.dumps(batch).encode())
        return made

    rows = []
    with floor(folder) as floor_port:
        for size, requests in BATCHES.items():
            each = max(1, requests // SENDERS)
            total = each * SENDERS * size
            rates: dict[str, list[float]] = {"ours": [], "floor": []}
            for _ in range(ROUNDS):
                for who, port, path in (("ours", site.port, "/api/v1/records"), ("floor", floor_port, "/records")):
                    seconds = measure(senders, lambda s, n=size, r=each: bodies(s, n, r), port, path)
                    rates[who].append(total / seconds)
            ours, least = statistics.median(rates["ours"]), statistics.median(rates["floor"])
            rows.append({"batch": size, "ours": round(ours), "floor": round(least), "share": round(ours / least, 2)})
    return rows
