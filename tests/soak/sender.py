"""Phones that send for a long time over a bad line, and know exactly what they were told."""

from __future__ import annotations

import http.client
import json
import random
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from app.kernel import new_uuid7
from app.sync.digest import NOTHING, with_ids
from tests.support.world import Phone

# As the phone's own: 50 records a batch, 20 s without a byte ends a request.
MOST_RECORDS = 50
PATIENCE = 20
FAULTS = {"none": 78, "reply cut": 8, "sent twice": 6, "slow": 4, "request cut": 4}


@dataclass
class SoakPhone:
    """One phone: what it made, what waits, and what it holds a receipt for."""

    phone: Phone
    server: str
    made: dict[str, str] = field(default_factory=dict)  # id → kind
    waiting: dict[str, dict[str, Any]] = field(default_factory=dict)
    sent_before: list[dict[str, Any]] = field(default_factory=list)
    receipted: set[str] = field(default_factory=set)

    def keep(self, record: dict[str, Any]) -> None:
        """Keep a record for sending."""
        self.phone.made.clear()  # the helper's own list would only grow
        self.made[record["id"]] = record["kind"]
        self.waiting[record["id"]] = record

    def batch(self, luck: random.Random) -> dict[str, Any]:
        """The next batch. Now and then it holds records that were receipted already, as after a lost reply."""
        records = list(self.waiting.values())[:MOST_RECORDS]
        if luck.random() < 0.1:
            records += luck.sample(self.sent_before, min(5, len(self.sent_before)))
        held = with_ids(NOTHING, self.receipted)
        return {
            "proto": 1,
            "server": self.server,
            "dev": str(self.phone.dev),
            "person": str(self.phone.person_uuid),
            "batch": str(new_uuid7()),
            "app": "soak",
            "now": moment(),
            "held": {"n": held.n, "x": held.x},
            "records": records,
        }

    def hear(self, sent: dict[str, Any], status: int, body: bytes) -> str:
        """Believe a reply only as far as it proves something; return a word for the tally."""
        if status != 200:
            return str(status)
        reply = json.loads(body)
        if (reply["server"], reply["batch"]) != (self.server, sent["batch"]):
            return "not ours"
        known = {record["id"]: record for record in sent["records"]}
        for receipt in reply["receipts"]:
            if receipt["r"] == "refused":
                return "refused"
            record = known[receipt["id"]]
            self.waiting.pop(record["id"], None)
            self.receipted.add(record["id"])
            self.sent_before = [*self.sent_before[-20:], record]
        if "have" in reply and not self.receipted <= set(reply["have"]):
            return "receipt forgotten"
        return "ok"


def moment() -> str:
    """The time, as phones write it."""
    return time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime())


@dataclass
class Tally:
    """What all senders saw. Shared between threads."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    replies: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)

    def note(self, word: str, fault: str, seconds: float | None) -> None:
        """Count one request; `seconds` only when it was an ordinary one that was answered."""
        with self.lock:
            self.replies[word] += 1
            self.faults[fault] += 1
            if seconds is not None:
                self.seconds.append(seconds)


class Sender(threading.Thread):
    """Plays several phones, one after another, until it is told to finish; then sends all that waits."""

    def __init__(
        self,
        port: int,
        phones: list[SoakPhone],
        make: Callable[[SoakPhone, random.Random], None],
        tally: Tally,
        seed: int,
    ) -> None:
        super().__init__(daemon=True)
        self.port, self.phones, self.make, self.tally = port, phones, make, tally
        self.luck = random.Random(seed)
        self.finishing = threading.Event()
        self.failed: BaseException | None = None

    def run(self) -> None:
        """Send with faults; then, without any, until nothing waits or two minutes are over."""
        try:
            self._run()
        except BaseException as error:  # told in the report, which is then a failure
            self.failed = error

    def _run(self) -> None:
        while not self.finishing.is_set():
            phone = self.luck.choice(self.phones)
            for _ in range(self.luck.randint(1, 6)):
                self.make(phone, self.luck)
            [fault] = self.luck.choices(list(FAULTS), list(FAULTS.values()))
            self.send(phone, fault)
            if self.luck.random() < 0.1:
                self.read(phone)
            self.finishing.wait(self.luck.random() * 0.4)
        deadline = time.monotonic() + 120
        for phone in self.phones:
            # An empty batch too: its digest must agree.
            while (self.send(phone, "none") != "ok" or phone.waiting) and time.monotonic() < deadline:
                time.sleep(0.2)

    def send(self, phone: SoakPhone, fault: str) -> str:
        """Send one batch over a line with this fault; return what came of it."""
        batch = phone.batch(self.luck)
        body = json.dumps(batch).encode()
        began = time.monotonic()
        try:
            word = self._send(phone, batch, body, fault)
        except (OSError, http.client.HTTPException, TimeoutError):
            word = "no answer"
        took = time.monotonic() - began
        self.tally.note(word, fault, took if word == "ok" and fault == "none" else None)
        return word

    def _send(self, phone: SoakPhone, batch: dict[str, Any], body: bytes, fault: str) -> str:
        lines = [self._connect() for _ in range(2 if fault == "sent twice" else 1)]
        try:
            for line in lines:
                line.putrequest("POST", "/api/v1/records")
                line.putheader("Content-Type", "application/json")
                line.putheader("Content-Length", str(len(body)))
                line.putheader("Authorization", f"Bearer {phone.phone.append}")
                line.endheaders()
                if fault == "request cut":
                    line.send(body[: len(body) // 2])
                    return "cut"
                for part in pieces(body) if fault == "slow" else [body]:
                    line.send(part)
                    if fault == "slow":
                        time.sleep(self.luck.random() * 0.5)
            if fault == "reply cut":
                lines[0].sock.settimeout(1)
                lines[0].sock.recv(self.luck.randint(1, 60))
                return "cut"
            reply = lines[-1].getresponse()
            return phone.hear(batch, reply.status, reply.read())
        finally:
            for line in lines:
                line.close()

    def read(self, phone: SoakPhone) -> None:
        """Ask for the state or the catalogue, as a phone does after sending."""
        path = self.luck.choice(["/api/v1/state", "/api/v1/catalogue"])
        line = http.client.HTTPConnection("localhost", self.port, timeout=PATIENCE)
        try:
            line.request("GET", path, headers={"Authorization": f"Bearer {phone.phone.read}"})
            reply = line.getresponse()
            reply.read()
            word = "ok" if reply.status == 200 else f"GET {reply.status}"
        except (OSError, http.client.HTTPException):
            word = "no answer"
        finally:
            line.close()
        self.tally.note(word, "reading", None)

    def _connect(self) -> http.client.HTTPConnection:
        line = http.client.HTTPConnection("localhost", self.port, timeout=PATIENCE)
        line.connect()
        line.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return line


def pieces(body: bytes) -> list[bytes]:
    """A body in three parts."""
    third = max(1, len(body) // 3)
    return [body[:third], body[third : 2 * third], body[2 * third :]]
