"""The real server, for the simulator: the WSGI app on real SQLite, told what time it is, killed and restored at will.

`python -m tests.simulation.server FOLDER REQUESTS REPLIES` reads one JSON object a line from the pipe REQUESTS and
answers each with one line on REPLIES. One request at a time, so a seed replays exactly.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import random
import secrets
import sqlite3
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import event, select

from app.kernel import clock


class Clock(datetime):
    """Stands in for `datetime` in app.kernel.clock, the one place that reads the machine's clock."""

    present = datetime(2026, 6, 1, tzinfo=UTC)

    @classmethod
    def now(cls, tz: Any = None) -> datetime:
        return cls.present.astimezone(tz)


clock.datetime = Clock  # type: ignore[misc]

from app import content, create_app, identity, learning, providers, sync  # noqa: E402
from app.config import Settings  # noqa: E402
from app.content.service import withdraw  # noqa: E402
from app.extensions import db  # noqa: E402
from app.identity.models import Device, Token  # noqa: E402
from app.learning import AttemptResult, Completed, editions  # noqa: E402
from app.providers import Role  # noqa: E402
from app.sync.digest import NOTHING, with_ids  # noqa: E402
from app.sync.models import PhoneDigest, Record  # noqa: E402
from app.sync.rebuild import judge_held  # noqa: E402
from tests.support.editions import edition, pick_one  # noqa: E402
from tests.support.publishing import publish, publish_core  # noqa: E402
from tests.support.schema import make_tables  # noqa: E402
from tests.support.tables import worked_out  # noqa: E402

assert content
START = datetime(2026, 6, 1, 9, tzinfo=UTC)
MODULES = ("falls", "hands", "meals")
NAMES = ("Ngozi", "Tom", "Ela", "Sam")
Message = dict[str, Any]


class Killed(BaseException):
    """The process ends here. Nothing catches it: handlers of errors catch `Exception`."""


class Luck:
    """Everything the server draws by lot, from one seed."""

    def __init__(self) -> None:
        self.random = random.Random(0)
        os.urandom = lambda count: self.random.randbytes(count)
        secrets.token_urlsafe = lambda count=32: self.random.randbytes(count).hex()
        time.time_ns = lambda: int(Clock.present.timestamp() * 1_000_000_000)


class Server:
    """One server whose whole memory is a database file."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "server.sqlite"
        settings = Settings.from_environment({"BV_INSTANCE": str(folder / "instance")})
        self.app = create_app(replace(settings, database_url=f"sqlite:///{self.file}"))
        self.copies: dict[str, bytes] = {}
        self.luck = Luck()
        # Commits left before the process is killed; None: it lives.
        self.commits_left: int | None = None
        with self.app.app_context():
            make_tables(db.engine)
            event.listen(db.session, "before_commit", self._count_commit)
            self._fill()
        self.first = self._bytes()

    def _fill(self) -> None:
        session = db.session()
        provider = providers.add_provider(session, "Bramble Home Care", contact="Priya", now=START)
        publish_core(session)
        for key in MODULES:
            self._publish(key, 1, "minor", START - timedelta(days=200))
        for name in NAMES:
            member = providers.add_person(session, provider.id, name, (Role.LEARNER,), now=START)
            for key in MODULES[:2]:
                due = (START + timedelta(days=20)).date()
                learning.assign(session, provider.id, member.person_id, key, due=due, now=START)
        session.commit()

    def _publish(self, key: str, number: int, change: str, at: datetime) -> None:
        body = edition(key, number, change=change, questions=[pick_one(), pick_one("and-then", must=True)])
        publish(db.session(), body, at=at)

    def _count_commit(self, _session: object) -> None:
        if self.commits_left is not None:
            self.commits_left -= 1
            if self.commits_left < 0:
                raise Killed

    def _bytes(self) -> bytes:
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()
        with contextlib.closing(sqlite3.connect(self.file)) as database:
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return self.file.read_bytes()

    def _put_back(self, copy: bytes) -> None:
        """Stop, put the file in its place, start: nothing a process had read stays."""
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()
        for ending in ("-wal", "-shm"):
            self.file.with_name(self.file.name + ending).unlink(missing_ok=True)
        self.file.write_bytes(copy)
        editions._known.clear()

    # Each of these answers one `do`.

    def reset(self, said: Message) -> Message:
        self.luck.random.seed(said["seed"])
        self.copies.clear()
        self._put_back(self.first)
        with self.app.app_context():
            people = db.session.scalars(select(identity.models.Person).order_by(identity.models.Person.id)).all()
            return {
                "server": str(sync.server_id(db.session())),
                "people": [{"id": str(each.uuid), "name": each.name} for each in people],
            }

    def backup(self, said: Message) -> Message:
        self.copies[said["name"]] = self._bytes()
        return {}

    def restore(self, said: Message) -> Message:
        copy = self.copies.get(said["name"])
        if copy is not None:
            self._put_back(copy)
        return {"done": copy is not None}

    def publish(self, said: Message) -> Message:
        """Publish what is missing of `editions`, as the operator does again after a restore."""
        with self.app.app_context():
            for each in said["editions"]:
                known = select(content.models.Edition.sha).where(
                    content.models.Edition.module == each["key"], content.models.Edition.number == each["number"]
                )
                if db.session.scalar(known) is None:
                    self._publish(each["key"], each["number"], each["change"], datetime.fromisoformat(each["at"]))
            judge_held(db.session())
            db.session.commit()
        return {}

    def withdraw(self, said: Message) -> Message:
        with self.app.app_context():
            now = Clock.present
            withdraw(db.session(), said["key"], said["number"], reason="Wrong", safety=False, now=now)
            db.session.commit()
        return {}

    def _person(self, said: Message) -> identity.PersonView:
        person = identity.find_person(db.session(), UUID(said["person"]))
        assert person is not None
        return person

    def enrol(self, said: Message) -> Message:
        with self.app.app_context():
            if self._person(said).archived_at is not None:
                return {"archived": True}
            made = identity.enrol_phone(db.session(), self._person(said).id, provider_id=1, now=Clock.present)
            db.session.commit()
            return {"dev": str(made.dev), "append": made.append, "read": made.read}

    def sign_in(self, said: Message) -> Message:
        """What /sign-in does once the PIN was right; the PIN's slow hash is tested elsewhere."""
        with self.app.app_context():
            person, dev = self._person(said), UUID(said["dev"])
            identity.restore_person(db.session(), person.id)
            made = identity.renew_tokens(db.session(), person.id, dev, provider_id=1, now=Clock.present)
            db.session.commit()
            return {"append": made.append, "read": made.read}

    def end_sign_in(self, said: Message) -> Message:
        """End all tokens of one phone."""
        with self.app.app_context():
            for token in db.session.scalars(select(Token).join(Device).where(Device.uuid == UUID(said["dev"]))):
                token.revoked_at = Clock.present
            db.session.commit()
        return {}

    def archive(self, said: Message) -> Message:
        with self.app.app_context():
            identity.archive_person(db.session(), self._person(said).id, now=Clock.present)
            db.session.commit()
        return {}

    def request(self, said: Message) -> Message:
        """One HTTP request. `die_at`: killed at that commit of it; `late`: killed after, before the reply."""
        body = said.get("body", "").encode()
        path, _, query = said["path"].partition("?")
        environ = {
            "REQUEST_METHOD": said["method"],
            "SCRIPT_NAME": "",
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_HOST": "localhost",
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": False,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }
        for name, value in said["headers"].items():
            key = name.upper().replace("-", "_")
            environ[key if key == "CONTENT_TYPE" else f"HTTP_{key}"] = value
        began: dict[str, Any] = {}

        def start(status: str, headers: list[tuple[str, str]], _info: object = None) -> Callable[[bytes], object]:
            began.update(status=int(status.split()[0]), headers={name.lower(): value for name, value in headers})
            return lambda _: None

        self.commits_left = said.get("die_at")
        try:
            pieces = self.app.wsgi_app(environ, start)
            text = b"".join(pieces).decode()
            if hasattr(pieces, "close"):
                pieces.close()
        except Killed:
            return {"killed": True}
        finally:
            self.commits_left = None
        return {**began, "body": text}

    def missing(self, said: Message) -> Message:
        """Which of these records the log does not have."""
        wanted = {UUID(each) for each in said["ids"]}
        with self.app.app_context():
            found = set(db.session.scalars(select(Record.uuid).where(Record.uuid.in_(wanted))))
        return {"ids": sorted(str(each) for each in wanted - found)}

    def log(self, _said: Message) -> Message:
        """Everything the checks compare, and whether working it all out again gives the same."""
        with self.app.app_context():
            session = db.session()
            rows = session.execute(
                select(Record.uuid, identity.models.Person.uuid, Device.uuid, Record.seq)
                .join(identity.models.Person, Record.person_id == identity.models.Person.id)
                .join(Device, Record.device_id == Device.id)
            ).all()
            kept = session.execute(select(Device.uuid, PhoneDigest.n, PhoneDigest.x).join(Device)).all()
            by_dev: dict[str, list[str]] = {}
            for row in rows:
                by_dev.setdefault(str(row[2]), []).append(str(row[0]))
            wrong = [
                str(dev) for dev, n, x in kept if (n, x) != ((d := with_ids(NOTHING, by_dev.get(str(dev), []))).n, d.x)
            ]
            before = worked_out(session)
            sync.rebuild(session)
            after = worked_out(session)
            session.rollback()
            return {
                "records": [[str(uuid), str(person), str(dev), seq] for uuid, person, dev, seq in rows],
                "digests": {str(dev): {"n": n, "x": x} for dev, n, x in kept},
                "wrong_digests": wrong,
                "rebuilt_otherwise": [name for name in before if before[name] != after[name]],
                "passes": [str(uuid) for uuid in session.scalars(select(Completed.record))],
                "attempts": [str(uuid) for uuid in session.scalars(select(AttemptResult.record))],
                "held": [str(uuid) for uuid in session.scalars(select(sync.HeldRecord.uuid))],
            }


def main(folder: str, requests: str, replies: str) -> None:
    server = Server(Path(folder))
    with open(requests, encoding="utf-8") as asked, open(replies, "w", encoding="utf-8") as answers:  # noqa: PTH123
        for line in asked:
            said = json.loads(line)
            if "now" in said:
                Clock.present = datetime.fromtimestamp(said["now"] / 1000, tz=UTC)
            try:
                answer = getattr(server, said["do"])(said)
            except Exception:
                # The run that asked fails and says why; the next one finds the server as it should be.
                answer = {"failed": traceback.format_exc()}
            answers.write(json.dumps(answer) + "\n")
            answers.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
