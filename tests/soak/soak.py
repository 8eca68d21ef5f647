"""One soak: a real server, many phones, harm, and at the end every record is counted."""

from __future__ import annotations

import json
import random
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, func, select
from sqlalchemy.orm import Session

from app import sync
from app.content import queries as content
from app.identity import Device
from app.kernel import begin_write, new_uuid7, prepare_engine, utc_now
from app.learning import AttemptResult, LessonRead
from app.sync import PhoneDigest, Record
from app.sync.digest import NOTHING, Digest, with_ids
from tests.soak.harm import Chores, Harm
from tests.soak.sender import Sender, SoakPhone, Tally
from tests.soak.watch import Watch
from tests.support.library import Place
from tests.support.release import right_answers
from tests.support.site import Site
from tests.support.world import add_person, add_phone, add_provider

EXPECTED = frozenset({"ok", "cut", "no answer", "503", "GET 503"})


@dataclass
class Report:
    """What was counted. `problems` is empty when every promise was kept."""

    made: int = 0
    receipted: int = 0
    stored: int = 0
    lost: int = 0
    doubled: int = 0
    strange: int = 0
    p50: float = 0
    p95: float = 0
    replies: Counter[str] = field(default_factory=Counter)
    done: Counter[str] = field(default_factory=Counter)
    memory: tuple[float, float, float] = (0, 0, 0)
    most: list[float] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


@dataclass
class Soak:
    """A server with phones. `url` is a PostgreSQL to use instead of SQLite."""

    folder: Path
    url: str | None = None
    senders: int = 8
    phones: int = 25  # of each sender
    seed: int = 1
    expected: frozenset[str] = EXPECTED

    def __post_init__(self) -> None:
        self.luck = random.Random(self.seed)
        self.place = Place(self.folder / "content")
        settings = {"BV_CONTENT": str(self.place.root), "BV_WORKERS": "2", "BV_THREADS": "4"}
        instance = self.folder / "instance"
        instance.mkdir()
        self.site = Site(instance, settings={**settings, **({"BV_DATABASE_URL": self.url} if self.url else {})})
        self.editions: list[dict[str, Any]] = []

    @contextmanager
    def engine(self) -> Iterator[Engine]:
        engine = create_engine(self.url or f"sqlite:///{self.site.folder / 'between-visits.sqlite'}")
        prepare_engine(engine)
        yield engine
        engine.dispose()

    def _enrol(self) -> list[list[SoakPhone]]:
        with self.engine() as engine, Session(engine) as session:
            begin_write(session)
            server, provider = str(sync.server_id(session)), add_provider(session)
            return [
                [
                    SoakPhone(add_phone(session, add_person(session, provider), now=utc_now()), server)
                    for _ in range(self.phones)
                ]
                for _ in range(self.senders)
            ]

    def look_up_editions(self) -> None:
        with self.engine() as engine, Session(engine) as session:
            found = []
            for info in content.all_editions(session):
                stored = content.edition_by_sha(session, info.sha)
                assert stored is not None
                edition = json.loads(stored.body)
                found.append({"sha": info.sha, "number": info.number, "right": right_answers(edition)})
            self.editions = found

    def make(self, phone: SoakPhone, luck: random.Random) -> None:
        """Let a phone keep a record: a finished go, a lesson read, or a look back."""
        edition = luck.choice(self.editions)
        about = {"module": "on-the-stairs", "edition_no": edition["number"]}
        kind = luck.choice(["quiz.answered", "lesson.read", "look-back.answered"])
        data: dict[str, Any] = {"items": []}
        if kind == "quiz.answered":
            answers = {question: [right] for question, right in edition["right"].items() if luck.random() < 0.9}
            data = {**about, "attempt": str(new_uuid7()), "seed": 7, "started": "2026-06-15T09:55:00.000Z"}
            data |= {"seconds": 200, "answers": answers}
        elif kind == "lesson.read":
            data = {**about, "lesson": "half-way-up", "part": 1, "seconds": 40}
        sha = None if kind == "look-back.answered" else edition["sha"]
        phone.keep(phone.phone.record(kind, data, edition=sha))

    def run(self, seconds: float, *, between: float, cuts: int, every: float, told: bool = True) -> Report:
        """Soak for so long, with that much harm (see Harm and Chores); stop the server; count."""
        self.site.prepare()
        phones = self._enrol()
        self.look_up_editions()
        self.site.start()
        tally, watch = Tally(), Watch(self.site, every=min(2, seconds / 50))
        senders = [
            Sender(self.site.port, mine, self.make, tally, self.seed * 1000 + number)
            for number, mine in enumerate(phones)
        ]
        moments = [seconds * (turn + 1) / (cuts + 1) for turn in range(cuts)]
        harm = Harm(self.site, self.luck, between=between, cuts=moments)
        chores = Chores(self.site, self.place, self.look_up_editions, every=every)
        threads = [watch, *senders, harm, chores]
        began = time.monotonic()
        for thread in threads:
            thread.start()
        try:
            while (left := began + seconds - time.monotonic()) > 0 and harm.failed is None:
                time.sleep(min(60, left))
                if told:
                    print(self._line(time.monotonic() - began, phones, tally, harm, chores, watch), flush=True)
            for helper in (harm, chores):
                helper.finishing.set()
                helper.join(120)
            for sender in senders:
                sender.finishing.set()
            for sender in senders:
                sender.join(150)
            watch.finishing.set()
            watch.join(10)
        finally:
            self.site.stop()
        report = self.count([phone for mine in phones for phone in mine], tally, harm, chores)
        report.problems += [f"a sender broke: {sender.failed!r}" for sender in senders if sender.failed is not None]
        report.memory, report.most = watch.growth(min(120, seconds / 8)), watch.most(6)
        return report

    def _line(
        self, at: float, phones: list[list[SoakPhone]], tally: Tally, harm: Harm, chores: Chores, watch: Watch
    ) -> str:
        everyone = [phone for mine in phones for phone in mine]
        made, receipted = sum(len(p.made) for p in everyone), sum(len(p.receipted) for p in everyone)
        p50, p95 = quantiles(tally.seconds)
        done = ", ".join(f"{count} {what}" for what, count in sorted({**harm.done, **chores.done}.items()))
        return (
            f"{at / 60:5.1f} min  made {made}  receipted {receipted}  p50 {p50 * 1000:.0f} ms  p95 {p95 * 1000:.0f} ms"
            f"  {watch.now()}  {dict(tally.replies)}  {done}"
        )

    def count(self, phones: list[SoakPhone], tally: Tally, harm: Harm, chores: Chores) -> Report:
        made = {record: kind for phone in phones for record, kind in phone.made.items()}
        receipted = {record for phone in phones for record in phone.receipted}
        with self.engine() as engine, Session(engine) as session:
            stored = Counter(str(uuid) for uuid in session.scalars(select(Record.uuid)))
            worked_out = {
                "quiz.answered": session.scalar(select(func.count()).select_from(AttemptResult)),
                "lesson.read": session.scalar(select(func.count()).select_from(LessonRead)),
            }
            query = select(Device.uuid, PhoneDigest.n, PhoneDigest.x).join(Device, Device.id == PhoneDigest.device_id)
            figures = {row.uuid: Digest(n=row.n, x=row.x) for row in session.execute(query)}
        report = Report(made=len(made), receipted=len(receipted), stored=len(stored))
        report.lost = len(receipted - stored.keys())
        report.doubled = sum(count - 1 for count in stored.values())
        report.strange = len(stored.keys() - made.keys())
        report.replies, report.done = tally.replies, harm.done + chores.done
        report.p50, report.p95 = quantiles(tally.seconds)
        problems = report.problems
        if report.lost or report.doubled or report.strange:
            problems.append(f"{report.lost} lost, {report.doubled} doubled, {report.strange} from nowhere")
        if waiting := sum(len(phone.waiting) for phone in phones):
            problems.append(f"{waiting} still wait on phones although the server was well for two minutes")
        for kind, count in worked_out.items():
            if count != (wanted := sum(1 for record in stored if made.get(record) == kind)):
                problems.append(f"{wanted} records {kind} count as {count}")
        for phone in phones:
            if figures.get(phone.phone.dev, NOTHING) != with_ids(NOTHING, phone.receipted):
                problems.append(f"the server's figures for {phone.phone.dev} are not the phone's")
        if wrong := {word: count for word, count in tally.replies.items() if word not in self.expected}:
            problems.append(f"answers nobody should get: {wrong}")
        problems += chores.failed
        if harm.failed is not None:
            problems.append(f"the server did not come back: {harm.failed!r}")
        if not tally.seconds:
            problems.append("nothing was answered")
        return report


def quantiles(seconds: list[float]) -> tuple[float, float]:
    """The middle one and the one that 95 of 100 are below; 0 of none."""
    ordered = sorted(seconds)
    return (ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.95)]) if ordered else (0.0, 0.0)
