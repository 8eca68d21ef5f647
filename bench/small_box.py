"""`make small-box`: the app, its worker and Caddy together in 512 MiB of memory, with the worst of a year in minutes.

What runs is what is shipped: `flask serve`, `flask worker`, `deploy/Caddyfile`, production settings, HTTPS. Beyond the
limit the kernel kills. Phones run outside the box, on the same processors. Figures go into `docs/one-box.md`.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import random
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, func, select
from sqlalchemy.orm import Session

from app.compliance import evidence
from app.compliance.evidence import PackView, Scope
from app.content import queries as content
from app.jobs import JobState
from app.kernel import begin_write, day_of, new_uuid7, prepare_engine, utc_now
from app.learning import AttemptResult
from app.providers import Provider
from app.sync import Record
from bench import report
from bench.memory_box import MemoryBox, NoGroup, memory_box
from tests.soak.crowd import LINES, RECORDS, Arrivals, enrol
from tests.soak.sender import PATIENCE, Sender, SoakPhone
from tests.soak.soak import quantiles
from tests.support.marked import put_between
from tests.support.release import right_answers
from tests.support.site import FLASK, ROOT, free_port

MEMORY = 512
CARERS = 60
PHONES = 10_000
PAGE = ROOT / "docs" / "one-box.md"
# The shipped file does the serving; these lines only keep it on loopback and away from the machine's own trust.
CADDY = """\
{{
	admin off
	auto_https disable_redirects
	skip_install_trust
	default_bind 127.0.0.1
	http_port {http}
	https_port {https}
}}
import {shipped}
"""


@dataclass
class Box:
    """One provider's server in the group. `folder` holds everything it keeps."""

    folder: Path
    memory: MemoryBox
    app: int = field(default_factory=free_port)
    port: int = field(default_factory=free_port)  # HTTPS, as phones and people come
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)
    editions: list[dict[str, Any]] = field(default_factory=list)

    @property
    def site(self) -> Box:
        """As the crowd calls it."""
        return self

    def environment(self, instance: str = "instance", mode: str = "production") -> dict[str, str]:
        """Settings as an operator writes them. Development only makes people up, before anything is measured."""
        clean = {name: value for name, value in os.environ.items() if not name.startswith("BV_")}
        own = {
            "BV_MODE": mode,
            "BV_ORIGIN": f"https://localhost:{self.port}",
            "BV_INSTANCE": str(self.folder / instance),
            "BV_CONTENT": str(self.folder / "content"),
            "BV_BACKUPS": str(self.folder / "backups"),
            "BV_SECRET_KEY": "of a small box that is gone in minutes",
            "BV_BACKUP_KEY": "kept nowhere else, as its backups are gone too",
            "BV_PORT": str(self.app),
            "BV_PROXIES": "1",
        }
        return {**clean, **own}

    def flask(self, *words: str, mode: str = "production", inside: bool = True) -> str:
        """Run a command, in the group as somebody on the box does; return what it printed. Raises what it said."""
        command = [*FLASK, *words]
        done = subprocess.run(
            self.memory.joined(command) if inside else command,
            cwd=ROOT,
            env=self.environment(mode=mode),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"flask {' '.join(words)} left with {done.returncode}: {done.stdout}{done.stderr}")
        return done.stdout

    @contextlib.contextmanager
    def started(self, *programs: str, instance: str = "instance") -> Iterator[None]:
        """Start these programs (serve, worker, caddy), wait until the app answers over HTTPS, and end them again."""
        try:
            for name in programs:
                self._start(name, instance)
            self.wait_for(self._answers, "The app did not answer over HTTPS")
            yield
        finally:
            for each in reversed(self.running):
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(each.pid, signal.SIGTERM)
                each.wait(60)
            self.running.clear()

    def _start(self, name: str, instance: str) -> None:
        environment = self.environment(instance)
        command: Sequence[str] = [*FLASK, name]
        if name == "caddy":
            own = self.folder / "Caddyfile"
            ports = {"http": free_port(), "https": self.port}
            own.write_text(CADDY.format(shipped=ROOT / "deploy" / "Caddyfile", **ports), encoding="utf-8")
            command = ["caddy", "run", "--adapter", "caddyfile", "--config", str(own)]
            # As deploy/ sets it: Go would else let its memory grow to twice what it needs.
            caddys = {
                "GOMEMLIMIT": "48MiB",
                "BV_SITE": f"localhost:{self.port}",
                "BV_UPSTREAM": f"127.0.0.1:{self.app}",
            }
            environment |= {**caddys, "XDG_DATA_HOME": str(self.folder / "caddy")}
        with (self.folder / f"{name}.log").open("ab") as log:
            self.running.append(
                subprocess.Popen(
                    self.memory.joined(command),
                    cwd=ROOT,
                    env=environment,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )
            )

    def wait_for(self, done: Callable[[], bool], else_: str, patience: float = 120) -> None:
        """Wait until it is done. Raises RuntimeError when a program ended meanwhile, or it took too long (seconds)."""
        deadline = time.monotonic() + patience
        while not done():
            gone = [each.args for each in self.running if each.poll() is not None]
            if gone or time.monotonic() > deadline:
                logs = "".join(path.read_text()[-2000:] for path in self.folder.glob("*.log"))
                raise RuntimeError(f"{else_}. Ended: {gone}. {logs}")
            time.sleep(0.2)

    def _answers(self) -> bool:
        with contextlib.suppress(OSError, http.client.HTTPException):
            return self.get("/api/v1/ping?n=up") == 200
        return False

    def line(self) -> http.client.HTTPSConnection:
        """A line to the box as a phone has one, with its certificate checked."""
        root = self.folder / "caddy" / "caddy" / "pki" / "authorities" / "local" / "root.crt"
        if not hasattr(self, "_trust"):
            self._trust = ssl.create_default_context(cafile=str(root))
        return http.client.HTTPSConnection("localhost", self.port, timeout=PATIENCE, context=self._trust)

    def get(self, path: str) -> int:
        """Ask for a page; return its status."""
        line = self.line()
        try:
            line.request("GET", path)
            reply = line.getresponse()
            reply.read()
            return reply.status
        finally:
            line.close()

    @contextlib.contextmanager
    def engine(self) -> Iterator[Engine]:
        """The box's database, from outside."""
        engine = create_engine(f"sqlite:///{self.folder / 'instance' / 'between-visits.sqlite'}")
        prepare_engine(engine)
        yield engine
        engine.dispose()

    def look_up_editions(self) -> None:
        """Read what can be learned, and what is right."""
        with self.engine() as engine, Session(engine) as session:
            for info in content.current_editions(session):
                stored = content.edition_by_sha(session, info.sha)
                assert stored is not None
                self.editions.append({"info": info, "right": right_answers(json.loads(stored.body))})

    def make(self, phone: SoakPhone, luck: random.Random) -> None:
        """Let a phone keep a finished go at some module."""
        edition = luck.choice(self.editions)
        info = edition["info"]
        data = {"module": info.key, "edition_no": info.number, "attempt": str(new_uuid7()), "seed": 7}
        data |= {"started": "2026-06-15T09:55:00.000Z", "seconds": 200, "answers": edition["right"]}
        phone.keep(phone.phone.record("quiz.answered", data, edition=info.sha))


class HttpsSender(Sender):
    """A phone's line through Caddy."""

    box: Box

    def _connect(self) -> http.client.HTTPConnection:
        line = self.box.line()
        line.connect()
        line.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return line


class Crowd(Arrivals):
    """Phones that come back within a minute, over HTTPS."""

    def sender(self, number: int) -> Sender:
        """What one line sends with."""
        sender = HttpsSender(self.soak.site.port, [], self.soak.make, self.tally, number)
        sender.box = self.soak.site  # type: ignore[assignment]
        return sender

    def come(self) -> float:
        """Let all come; return the seconds until the last has its receipts."""
        self.began = time.monotonic()
        lines = [threading.Thread(target=self.serve, args=(number,), daemon=True) for number in range(LINES)]
        for line in lines:
            line.start()
        for line in lines:
            line.join(1800)
        return time.monotonic() - self.began


def new_texts(folder: Path) -> int:
    """Give every module its next edition; return how many there are."""
    modules = list(folder.glob("packs/*/*/*/module.md"))
    for path in modules:
        text = path.read_text(encoding="utf-8").replace("\nchange: minor\n", "\n", 1)
        number = int(re.search(r"^edition: (\d+)$", text, re.M)[1])  # type: ignore[index]
        text = re.sub(r"^edition: \d+$", f"edition: {number + 1}\nchange: minor", text, count=1, flags=re.M)
        path.write_text(text, encoding="utf-8")
    return len(modules)


def pack_asked_for(box: Box) -> Callable[[], str]:
    """Ask for an evidence pack of all people with all parts; return what waits for the worker to make it."""
    with box.engine() as engine, Session(engine) as session:
        provider = session.scalars(select(Provider.id).order_by(Provider.id)).first()
        assert provider is not None
        today = day_of(utc_now())
        labels = evidence.labels_of(session, provider)
        begin_write(session)
        scope = Scope(
            since=today.replace(year=today.year - 1, day=1),
            until=today,
            as_at=today,
            people=None,
            parts=tuple(evidence.PARTS),
            labels=labels,
        )
        evidence.ask(session, provider, scope, by=None, now=utc_now())
        session.commit()

    def pack() -> PackView:
        with box.engine() as engine, Session(engine) as session:
            return evidence.list_packs(session, provider)[0]

    def made() -> str:
        under_way = (JobState.WAITING, JobState.RUNNING)
        box.wait_for(lambda: pack().job.state not in under_way, "The pack was not made", patience=600)
        if (found := pack()).job.state is not JobState.DONE:
            raise RuntimeError(f"The pack was not made: {found.job.words}")
        return f"{(found.size or 0) / 1e6:.1f} MB"

    return made


@dataclass
class Run:
    """What was seen: of each step its seconds and the most memory; of each crowd how it was served."""

    box: Box
    steps: list[dict[str, Any]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    @contextlib.contextmanager
    def step(self, what: str) -> Iterator[dict[str, Any]]:
        """Measure one step; what it gives away stands beside it."""
        said: dict[str, Any] = {"what": what}
        killed, began = self.box.memory.killed(), time.monotonic()
        try:
            yield said
        finally:
            self._note(said, killed, began)

    def _note(self, said: dict[str, Any], killed: int, began: float) -> None:
        most = self.box.memory.most(began, time.monotonic())
        said |= {"seconds": round(time.monotonic() - began, 1), "held": round(most.held), "used": round(most.used)}
        if died := self.box.memory.killed() - killed:
            self.problems.append(f"{said['what']}: {died} killed for want of memory")
        self.steps.append(said)
        print(f"  {said}", flush=True)

    def crowd(self, phones: list[SoakPhone], said: dict[str, Any], luck: random.Random) -> None:
        """Let every phone make ten records and come."""
        for phone in phones:
            for _ in range(RECORDS):
                self.box.make(phone, luck)
        crowd = Crowd(self.box, phones, luck)  # type: ignore[arg-type]
        took = crowd.come()
        p50, p95 = quantiles(crowd.tally.seconds)
        said["phones"] = {"all": round(took), "p50": round(p50, 3), "p95": round(p95, 3), **crowd.tally.replies}
        if wrong := crowd.tally.replies.keys() - {"ok", "cut", "503", "no answer"}:
            self.problems.append(f"{said['what']}: answers nobody should get: {sorted(wrong)}")

    def count(self, phones: list[SoakPhone]) -> None:
        """Compare what phones were told with what is kept."""
        made = {record for phone in phones for record in phone.made}
        told = {record for phone in phones for record in phone.receipted}
        with self.box.engine() as engine, Session(engine) as session:
            stored = {str(uuid) for uuid in session.scalars(select(Record.uuid))}
            results = session.scalar(select(func.count()).select_from(AttemptResult))
        if made != told or not told <= stored:
            self.problems.append(f"{len(made)} made, {len(told)} receipted, {len(told - stored)} of them not there")
        print(f"  {len(told)} records receipted, all there; {results} results in all", flush=True)


def prepared(box: Box, carers: int, phones: int) -> list[SoakPhone]:
    """Make up a provider's years and enrol the phones of another, outside the group: this is no part of the run."""
    shutil.copytree(ROOT / "content", box.folder / "content")
    (box.folder / "instance").mkdir()
    for words in (("db", "upgrade"), ("content", "publish"), ("seed", "--size", "large", "--carers", str(carers))):
        box.flask(*words, mode="development", inside=False)
    box.look_up_editions()
    return enrol(box, phones)  # type: ignore[arg-type]


def measure(box: Box, *, carers: int, phones: int) -> Run:
    """Take all steps, one after another."""
    run, luck = Run(box), random.Random(1)
    everyone = prepared(box, carers, phones)
    (box.folder / "empty").mkdir()
    with run.step("First start: tables made, all lessons published"), box.started("serve", "caddy", instance="empty"):
        pass
    with contextlib.ExitStack() as stack:
        with run.step("Start with a provider's years, and the worker's first round with its backup") as said:
            stack.enter_context(box.started("serve", "worker", "caddy"))
            box.wait_for(lambda: bool(list((box.folder / "backups").glob("*.backup"))), "A backup was not made")
            time.sleep(5)
        with run.step(f"{phones:,} phones in a minute, {RECORDS} records each") as said:
            run.crowd(everyone, said, luck)
        with run.step(f"An evidence pack of {carers} carers, made by the worker") as said:
            said["pack"] = pack_asked_for(box)()
        modules = new_texts(box.folder / "content")
        with run.step(f"The same phones, and meanwhile a backup, then {modules} new editions") as said:
            # An operator's evening, one command after the other (docs/upgrading.md).
            chores = threading.Thread(target=_chores, args=(run, (("backup", "create"), ("content", "publish"))))
            chores.start()
            run.crowd(everyone, said, luck)
            chores.join()
        with run.step("At rest afterwards"):
            time.sleep(10)
    run.count(everyone)
    return run


def _chores(run: Run, commands: Sequence[tuple[str, ...]]) -> None:
    for words in commands:
        try:
            run.box.flask(*words)
        except RuntimeError as error:
            run.problems.append(str(error))


def table(kept: dict[str, Any]) -> str:
    """Return a run in Markdown."""
    machine = kept["machine"]
    lines = [
        f"Measured on {kept['date'][:10]} at `{kept['commit']}`, in {kept['memory']} MiB without swap: "
        f"{machine['processors']} processors, {machine['kind']}, Python {machine['python']}; load {machine['load']} "
        "over the last quarter of an hour. Phones ran on the same processors.",
        "",
        "| Step | Seconds | Most held, MiB | Answer to a batch, 95 of 100 |",
        "|---|---|---|---|",
    ]
    for step in kept["steps"]:
        p95 = f"{step['phones']['p95']:.2f} s" if "phones" in step else ""
        lines.append(f"| {step['what']} | {step['seconds']} | {step['held']} | {p95} |")
    lines.append("")
    refused = sum(step.get("phones", {}).get(word, 0) for step in kept["steps"] for word in ("503", "no answer"))
    killed = "Nothing was killed" if not kept["killed"] else f"**{kept['killed']} processes were killed**"
    lines.append(f"{killed} for want of memory. " + (" ".join(kept["problems"]) or "No record was lost."))
    lines[-1] += f" {refused} batches were told to come again or not answered in time, and came again."
    return "\n".join(lines)


def main() -> int:
    """Run as the environment says: MEMORY in MiB, CARERS, PHONES. Only a run as shipped goes into the page."""
    # What was started is ended also when this is asked to end.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    if shutil.which("caddy") is None:
        print("Caddy is not here. On Debian: apt-get install caddy")
        return 2
    megabytes, carers, phones = (int(os.environ.get(name) or usual) for name, usual in USUAL.items())
    try:
        with (
            tempfile.TemporaryDirectory(prefix="bv-small-box-") as folder,
            memory_box(f"between-visits-{os.getpid()}", megabytes) as memory,
        ):
            print(f"A box of {megabytes} MiB", flush=True)
            run = measure(Box(Path(folder), memory), carers=carers, phones=phones)
            killed, peak = memory.killed(), round(memory.peak())
    except NoGroup as why:
        print(why)
        return 2
    kept: dict[str, Any] = report.kept({}) | {"memory": megabytes, "steps": run.steps, "killed": killed, "peak": peak}
    kept["problems"] = run.problems
    print(table(kept))
    print("Kept as", report.keep(kept, report.RESULTS / f"small-box-{kept['date'].replace(':', '')}.json"))
    if (megabytes, carers, phones) == tuple(USUAL.values()):
        put_between(PAGE, "small-box", table(kept))
    return 1 if run.problems or killed else 0


USUAL = {"MEMORY": MEMORY, "CARERS": CARERS, "PHONES": PHONES}

if __name__ == "__main__":
    sys.exit(main())
