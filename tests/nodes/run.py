"""One run: two nodes and two databases under load, one harm after another, and at the end every record is counted."""

from __future__ import annotations

import random
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.compliance import evidence
from app.compliance.models import EvidencePack
from app.jobs.models import Job
from app.kernel import begin_write, day_of, utc_now
from tests.nodes.app_node import AppNode, next_release
from tests.nodes.cluster import NODES, Cluster
from tests.nodes.load import Desk, Seen, Timed, cookies_of_a_manager, seen
from tests.nodes.programs import wait_for
from tests.soak.harm import Chores, Harm
from tests.soak.sender import Sender, SoakPhone
from tests.soak.soak import EXPECTED, Report, Soak

# What the balancer says itself when a node dies over a request.
FROM_THE_BALANCER = ("502", "504", "GET 502", "GET 504")
# Asked for at the start, and as many again just before the primary is killed.
PACKS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What was done, how long the run looked (s), and what phones and the desk noticed."""

    name: str
    seconds: float
    phones: Seen
    desk: Seen


@dataclass
class Outcome:
    """What came of a run. `problems` is empty when every promise was kept."""

    report: Report
    events: list[Event]
    packs_by: dict[str, int]
    problems: list[str]


@dataclass
class Run:
    """The whole: `folder` is an empty one others may walk into, with an empty folder `around`."""

    folder: Path
    senders: int = 6
    settle: float = 10
    told: Callable[[str], None] = print
    events: list[Event] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.cluster = Cluster(self.folder / "around")
        expected = EXPECTED | set(FROM_THE_BALANCER)
        self.soak = Soak(self.folder, url=self.cluster.direct, senders=self.senders, expected=expected)
        own = {"BV_CONTENT": str(self.soak.place.root)}
        self.node = {name: AppNode(name, self.cluster, self.folder, own) for name in NODES}
        self.phones, self.desk = Timed(), Timed()

    def go(self) -> Outcome:
        """Do it all, and stop everything that was started. Raises AssertionError when something does not come up."""
        try:
            return self._go()
        except AssertionError:
            programs = (self.cluster.etcd, self.cluster.haproxy, *self.cluster.database.values())
            self.told("\n".join(f"--- {each.name}\n{each.said()}" for each in programs))
            self.told("\n".join(f"--- {node.name}\n{node.said()}" for node in self.node.values()))
            raise
        finally:
            try:
                for node in self.node.values():
                    node.end()
            finally:
                self.cluster.stop()

    def _go(self) -> Outcome:
        self.cluster.start()
        one = self.node["node1"]
        one.flask("db", "upgrade")
        one.flask("content", "publish")
        people = self.soak._enrol()
        self.soak.look_up_editions()
        provider = people[0][0].phone.provider_id
        cookies = cookies_of_a_manager(one.environment, provider)
        for node in self.node.values():
            node.start()
        self._ask_for_packs(people[0][:PACKS])
        senders = [
            Sender(self.cluster.public, mine, self.soak.make, self.phones, 1000 + number)
            for number, mine in enumerate(people)
        ]
        desk = Desk(self.cluster.public, cookies, self.desk)
        for thread in (*senders, desk):
            thread.start()
        time.sleep(3)
        self._harm(people[1][:PACKS])
        for thread in (*senders, desk):
            thread.finishing.set()
        for thread in (*senders, desk):
            thread.join(150)
        packs = self._count_packs()
        self._try_the_rest()
        idle = (
            Harm(self.soak.site, random.Random(), between=1, cuts=[]),
            Chores(self.soak.site, self.soak.place, lambda: None, every=1),
        )
        report = self.soak.count([phone for mine in people for phone in mine], self.phones, *idle)
        self.problems += [*report.problems, *(f"a phone broke: {each.failed!r}" for each in senders if each.failed)]
        self.problems += [f"the desk was not given {what}, {n} times" for what, n in desk.missing.items()]
        if wrong := {w: n for w, n in self.desk.replies.items() if w not in {*self.soak.expected, "cut"}}:
            self.problems.append(f"the desk saw what nobody should: {wrong}")
        return Outcome(report=report, events=self.events, packs_by=packs, problems=self.problems)

    @contextmanager
    def _event(self, name: str) -> Iterator[None]:
        self.told(f"{name} …")
        since = time.monotonic()
        yield
        time.sleep(self.settle)
        until = time.monotonic()
        found = Event(
            name=name,
            seconds=until - since,
            phones=seen(self.phones.answers, since, until),
            desk=seen(self.desk.answers, since, until),
        )
        self.events.append(found)
        self.told(
            f"  phones waited {found.phones.longest:.1f} s at most, {sum(found.phones.failed.values())} tries failed; "
            f"the desk {found.desk.longest:.1f} s, {sum(found.desk.failed.values())}"
        )

    def _harm(self, more: list[SoakPhone]) -> None:
        cluster = self.cluster
        with self._event("nothing"):
            time.sleep(self.settle)
        with self._event("a node of the app is killed, and started again"):
            self.node["node1"].kill()
            time.sleep(self.settle)
            self.node["node1"].start()
        with self._event("PgBouncer is stopped and started, on one node after the other"):
            for pooler in cluster.pgbouncer.values():
                pooler.stop()
                pooler.start()
                time.sleep(3)
        with self._event("the replica is killed, and started again"):
            replica = cluster.other(str(cluster.primary()))
            cluster.kill_database(replica)
            time.sleep(self.settle)
            cluster.database[replica].start()
            cluster.wait_until_both()
        with self._event("the primary is killed; the replica is promoted"):
            self._ask_for_packs(more)
            old = str(cluster.primary())
            cluster.kill_database(old)
            wait_for("the replica is the primary", lambda: cluster.primary() == cluster.other(old), seconds=90)
        with self._event("the old primary comes back as the replica"):
            cluster.database[old].start()
            cluster.wait_until_both()
        with self._event("the replica takes over on request"):
            cluster.switch_over()
            cluster.wait_until_both()
        with self._event("a rolling upgrade, with a step of the tables"):
            self._upgrade()

    def _upgrade(self) -> None:
        root = next_release(self.folder / "next")
        for node in self.node.values():
            node.drain()
            time.sleep(1)
            node.stop()
            node.root = root
            node.ready()
            # The first that starts takes the step. Old and new nodes then use the tables together, so it only adds.
            node.start()
            # For as long as this, old pages are open with new files, and the other way round.
            time.sleep(self.settle)

    def _ask_for_packs(self, phones: list[SoakPhone]) -> None:
        """Ask for a small pack about each of these people, for the workers to make."""
        day = day_of(utc_now()) - timedelta(days=2)
        with self.soak.engine() as engine, Session(engine) as session:
            begin_write(session)
            for each in phones:
                scope = evidence.Scope(
                    since=day - timedelta(days=400),
                    until=day,
                    as_at=day,
                    people=(each.phone.person_uuid,),
                    parts=("profiles",),
                    labels=evidence.usual_labels(),
                )
                evidence.ask(session, each.phone.provider_id, scope, by=None, now=utc_now())
            session.commit()

    def _count_packs(self) -> dict[str, int]:
        """Wait until each is made, and say which worker made how many; each is to be made once."""

        def made() -> tuple[int, int]:
            with self.soak.engine() as engine, Session(engine) as session:
                done = session.scalar(select(func.count()).select_from(Job).where(Job.state == "done"))
                return done or 0, session.scalar(select(func.count()).select_from(EvidencePack)) or 0

        wait_for("every pack is made", lambda: made() == (2 * PACKS, 2 * PACKS), seconds=420, every=2)
        said = {name: (self.folder / f"{name}-worker.log").read_text(errors="replace") for name in NODES}
        return {name: text.count("evidence: ") for name, text in said.items()}

    def _try_the_rest(self) -> None:
        """Look whether the doctor sees the pooler, also when it was not told of it, and a backup goes round it."""
        node = self.node["node2"]
        told, not_told = node.finding("Pooler"), node.finding("Pooler", without="BV_DATABASE_DIRECT_URL")
        if (told, not_told) != ("fine", "broken"):
            self.problems.append(f"the doctor finds the pooler {told!r}, and {not_told!r} when it is not told of it")
        node.flask("backup", "create")
        shutil.rmtree(self.folder / "node2" / "backups")
