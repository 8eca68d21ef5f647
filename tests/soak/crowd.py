"""`make crowd`: 10,000 phones come back within a minute after an outage, ten records each, over a bad line.

One in ten sends everything twice, one reply in twenty is cut. What is measured is how long they wait, and that each
record is there once.
"""

from __future__ import annotations

import contextlib
import os
import random
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, Queue

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app import sync
from app.identity import Device, Person, Token
from app.identity.secrets import new_token, token_hash
from app.kernel import begin_write, new_uuid7, utc_now
from app.providers import Membership, Role
from app.providers.models import MembershipRole
from tests.soak.harm import Chores, Harm
from tests.soak.sender import Sender, SoakPhone, Tally
from tests.soak.soak import Report, Soak, quantiles
from tests.support.postgres import private_postgres
from tests.support.world import Phone, add_provider

RECORDS = 10
WITHIN = 60.0
LINES = 48


def enrol(soak: Soak, number: int) -> list[SoakPhone]:
    """Enrol so many phones of so many people, in a few statements."""
    now = utc_now()
    lives = {"append": 180, "read": 30}
    with soak.engine() as engine, Session(engine) as session:
        begin_write(session)
        server, provider = str(sync.server_id(session)), add_provider(session)
        people = [new_uuid7() for _ in range(number)]
        session.execute(
            insert(Person), [{"uuid": u, "name": f"Carer {i}", "added_at": now} for i, u in enumerate(people)]
        )
        ids = {row.uuid: row.id for row in session.execute(select(Person.uuid, Person.id))}
        places = [{"person_id": ids[u], "provider_id": provider.id, "started": now} for u in people]
        session.execute(insert(Membership), places)
        here = session.scalars(select(Membership.id).where(Membership.provider_id == provider.id))
        roles = [{"membership_id": m, "role": Role.LEARNER.value} for m in here]
        session.execute(insert(MembershipRole), roles)
        devs = {u: new_uuid7() for u in people}
        rows = [{"uuid": devs[u], "person_id": ids[u], "provider_id": provider.id, "added_at": now} for u in people]
        session.execute(insert(Device), rows)
        devices = {row.uuid: row.id for row in session.execute(select(Device.uuid, Device.id))}
        tokens = {u: {kind: new_token() for kind in lives} for u in people}
        session.execute(
            insert(Token),
            [
                {
                    "device_id": devices[devs[u]],
                    "kind": kind,
                    "hash": token_hash(token),
                    "issued_at": now,
                    "expires_at": now.replace(year=now.year + 1),
                }
                for u in people
                for kind, token in tokens[u].items()
            ],
        )
        session.commit()
    return [
        SoakPhone(
            Phone(person_id=ids[u], person_uuid=u, provider_id=provider.id, dev=devs[u], **tokens[u]),  # type: ignore[arg-type]
            server,
        )
        for u in people
    ]


class Arrivals:
    """Phones, each at its moment; those who were not heard come again after a while, as the phone's own waits are."""

    def __init__(self, soak: Soak, phones: list[SoakPhone], luck: random.Random) -> None:
        self.soak, self.luck, self.tally = soak, luck, Tally()
        self.waits: list[float] = []
        self.tries_failed = 0
        self.queue: Queue[SoakPhone] = Queue()
        for phone in phones:
            self.queue.put(phone)
        self.step = WITHIN / len(phones)
        self.lock = threading.Lock()
        self.began = time.monotonic()
        self.turn = 0

    def sender(self, number: int) -> Sender:
        """What one line sends with."""
        return Sender(self.soak.site.port, [], self.soak.make, self.tally, number)

    def serve(self, number: int) -> None:
        """Be one line: take the next phone when it is its moment, and stay with it until it is done."""
        sender = self.sender(number)
        while True:
            with self.lock:
                try:
                    phone = self.queue.get_nowait()
                except Empty:
                    return
                due = self.began + self.turn * self.step
                self.turn += 1
            time.sleep(max(0.0, due - time.monotonic()))
            self._send_all(sender, phone)
            with self.lock:
                self.waits.append(time.monotonic() - due)

    def _send_all(self, sender: Sender, phone: SoakPhone) -> None:
        tries = 0
        records = list(phone.waiting.values())
        fault = "reply cut" if sender.luck.random() < 0.05 else "none"
        again = sender.luck.random() < 0.1
        while True:
            word = sender.send(phone, fault)
            if word == "ok":
                if not again:
                    return
                again = False
                phone.waiting = {record["id"]: record for record in records}
            elif fault == "none":
                with self.lock:
                    self.tries_failed += 1
                time.sleep(sender.luck.random() * min(30.0, 2.0 * 2**tries))
                tries += 1
            fault = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Came:
    """What came of it: what was counted, each phone's seconds from its moment to its last receipt, and how it went."""

    report: Report
    waits: list[float]
    tries_failed: int
    took: float


def come(folder: Path, number: int, database: str) -> Came:
    """Let so many phones come back to a new server in this folder, on `sqlite` or a private `postgres`; count."""
    with contextlib.ExitStack() as stack:
        url = stack.enter_context(private_postgres()) if database == "postgres" else None
        soak = Soak(folder, url=url)
        soak.site.prepare()
        phones = enrol(soak, number)
        soak.look_up_editions()
        luck = random.Random(1)
        for phone in phones:
            for _ in range(RECORDS):
                soak.make(phone, luck)
        soak.site.start()
        arrivals = Arrivals(soak, phones, luck)
        lines = [threading.Thread(target=arrivals.serve, args=(line,), daemon=True) for line in range(LINES)]
        try:
            for line in lines:
                line.start()
            for line in lines:
                line.join(1800)
            took = time.monotonic() - arrivals.began
        finally:
            soak.site.stop()
        idle = Harm(soak.site, luck, between=1, cuts=[]), Chores(soak.site, soak.place, lambda: None, every=1)
        report = soak.count(phones, arrivals.tally, *idle)
    return Came(report=report, waits=arrivals.waits, tries_failed=arrivals.tries_failed, took=took)


def main() -> int:
    """Run as the environment says: PHONES, DATABASE (sqlite or postgres)."""
    number, database = int(os.environ.get("PHONES") or 10_000), os.environ.get("DATABASE") or "sqlite"
    with tempfile.TemporaryDirectory(prefix="bv-crowd-") as folder:
        came = come(Path(folder), number, database)
    report, took = came.report, came.took
    p50, p95 = quantiles(came.waits)
    print(f"{number} phones, {RECORDS} records each, within {WITHIN:.0f} s, on {database}: all done after {took:.0f} s")
    print(f"Stored {report.stored} of {report.made}; lost {report.lost}, doubled {report.doubled}")
    print(f"Tries that failed {came.tries_failed}; answers {dict(report.replies)}")
    print(f"One request: p50 {report.p50:.2f} s, p95 {report.p95:.2f} s. From arriving to the receipt: ", end="")
    print(f"p50 {p50:.1f} s, p95 {p95:.1f} s")
    for problem in report.problems:
        print(f"BROKEN: {problem}")
    return 1 if report.problems else 0


if __name__ == "__main__":
    sys.exit(main())
