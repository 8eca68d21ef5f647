"""What taking in quiz results costs, in batches of 1, 10 and 100, beside the floor server in the same run.

Eight senders at once. Processor time is that of the servers alone, their masters and workers, marking and everything
else that is worked out included.
"""

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

BATCHES = {1: 800, 10: 400, 100: 80}  # batch size: requests a round
SENDERS = 8
ROUNDS = 5


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
def floor(folder: Path) -> Iterator[tuple[int, int]]:
    """The bare server, by the same gunicorn with the same number of workers and threads; its port and process id."""
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
        yield port, process.pid
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


def processor(master: int) -> float:
    """Seconds of processor a server has used so far, its workers included."""
    pids = [master, *map(int, Path(f"/proc/{master}/task/{master}/children").read_text().split())]
    ticks = 0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def send(port: int, path: str, bodies: list[bytes], token: str) -> list[float]:
    """Send these bodies one after another on one connection; every one must be answered with 200.

    Returns the seconds each answer took.
    """
    connection = http.client.HTTPConnection("localhost", port, timeout=60)
    waits = []
    for body in bodies:
        began = time.perf_counter()
        connection.request("POST", path, body, {"Content-Type": "application/json", "Authorization": f"Bearer {token}"})
        reply = connection.getresponse()
        words = reply.read()
        assert reply.status == 200, (reply.status, words[:300])
        waits.append(time.perf_counter() - began)
    connection.close()
    return waits


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """One round: records a second, milliseconds of processor a record, and the 95th of 100 answers in milliseconds."""

    rate: float
    cpu: float
    p95: float


def measure(work: list[tuple[Sender, list[bytes]]], records: int, port: int, master: int, path: str) -> Round:
    """Let all senders send at once until each has had all its answers."""
    used, began = processor(master), time.perf_counter()
    with ThreadPoolExecutor(len(work)) as pool:
        waits = [wait for each in pool.map(lambda one: send(port, path, one[1], one[0].append), work) for wait in each]
    seconds, used = time.perf_counter() - began, processor(master) - used
    p95 = sorted(waits)[int(len(waits) * 0.95)]
    return Round(rate=records / seconds, cpu=used / records * 1000, p95=p95 * 1000)


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
    with floor(folder) as (floor_port, floor_master):
        servers = (
            ("ours", site.port, site.master, "/api/v1/records"),
            ("floor", floor_port, floor_master, "/records"),
        )
        for size, requests in BATCHES.items():
            each = requests // SENDERS
            rounds: dict[str, list[Round]] = {"ours": [], "floor": []}
            for _ in range(ROUNDS):
                # The same bytes for both: what a phone says it has receipts for has to be true of ours.
                work = [(sender, bodies(sender, size, each)) for sender in senders]
                for who, port, master, path in servers:
                    rounds[who].append(measure(work, each * SENDERS * size, port, master, path))
            rows.append(_row(size, rounds["ours"], rounds["floor"]))
    return rows


def _row(size: int, ours: list[Round], least: list[Round]) -> dict[str, Any]:
    def middle(figure: Callable[[Round], float], rounds: list[Round]) -> float:
        return statistics.median(map(figure, rounds))

    def cpu(one: Round) -> float:
        return one.cpu

    def rate(one: Round) -> float:
        return one.rate

    def p95(one: Round) -> float:
        return one.p95

    return {
        "batch": size,
        "ms of processor a record": round(middle(cpu, ours), 3),
        "floor": round(middle(cpu, least), 3),
        "times": round(middle(cpu, ours) / middle(cpu, least), 2),
        "records a second": round(middle(rate, ours)),
        "floor's": round(middle(rate, least)),
        "share": round(middle(rate, ours) / middle(rate, least), 2),
        "p95 ms": round(middle(p95, ours)),
        "floor's p95": round(middle(p95, least)),
    }
