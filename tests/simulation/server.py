"""The real server, for the simulator: the WSGI app on a real database, told the time, killed and put back at will.

`python -m tests.simulation.server FOLDER REQUESTS REPLIES DATABASE` reads one JSON object a line from the pipe REQUESTS
and answers each with one line on REPLIES. DATABASE is sqlite, postgresql, or the address of the database that another
such process owns: then this is one more process of the same server.
"""

from __future__ import annotations

import contextlib
import io
import json
import sys
import traceback
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import event

from app import create_app
from app.config import Settings
from app.extensions import db
from app.kernel import begin_write
from app.learning import editions
from tests.simulation import happenings, report, variants
from tests.simulation.database import Database, database_for
from tests.simulation.surroundings import Clock, Luck
from tests.support.schema import make_tables

Message = dict[str, Any]
FIRST = "first"
LAST = "last"


class Killed(BaseException):
    """The process ends here. Nothing catches it: handlers of errors catch `Exception`."""


class Server:
    """One process of a server. The one with `database` owns it: the others let go when it is put back."""

    def __init__(self, folder: Path, url: str, database: Database | None) -> None:
        settings = Settings.from_environment({"BV_INSTANCE": str(folder / "instance")})
        self.app = create_app(replace(settings, database_url=url))
        self.database = database
        self.luck = Luck()
        self.variant = "present"
        # Commits left before the process is killed; None: it lives.
        self.commits_left: int | None = None
        with self.app.app_context():
            event.listen(db.session, "before_commit", self._count_commit)
            if database is not None:
                make_tables(db.engine)
                happenings.fill(db.session())
        if database is not None:
            self.let_go({})
            database.keep(FIRST)

    def _count_commit(self, _session: object) -> None:
        if self.commits_left is not None:
            self.commits_left -= 1
            if self.commits_left < 0:
                raise Killed

    def answer(self, said: Message) -> Message:
        """Do what is asked: something here, or something that happens in the database."""
        if said["do"] in ("reset", "let_go", "become", "where", "backup", "restore", "request"):
            done: Message = getattr(self, said["do"])(said)
            return done
        with self.app.app_context():
            begin_write(db.session())
            work = getattr(happenings, said["do"], None) or getattr(report, said["do"])
            done = work(db.session(), said)
            db.session.commit()
            return done

    def where(self, _said: Message) -> Message:
        return {"url": self.app.config["SQLALCHEMY_DATABASE_URI"]}

    def let_go(self, _said: Message) -> Message:
        """Stop and start: nothing a process had read stays, and nobody is connected."""
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()
        editions._known.clear()
        return {}

    def become(self, said: Message) -> Message:
        """Go on as another release of the server, from the next request."""
        self.variant = said["variant"]
        variants.become(self.variant)
        return {}

    def reset(self, said: Message) -> Message:
        self.luck.random.seed(said["seed"])
        self.become({"variant": "present"})
        self.let_go({})
        if self.database is None:
            return {}
        self.database.forget(LAST)
        self.database.put_back(FIRST)
        with self.app.app_context():
            return happenings.who_is_here(db.session())

    def backup(self, _said: Message) -> Message:
        assert self.database is not None
        self.let_go({})
        self.database.keep(LAST)
        return {}

    def restore(self, _said: Message) -> Message:
        assert self.database is not None
        self.let_go({})
        return {"done": self.database.put_back(LAST)}

    def request(self, said: Message) -> Message:
        """One HTTP request. `die_at`: killed at that commit of it."""
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
            "wsgi.multiprocess": True,
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
        if self.variant == "newer" and path.startswith("/api/") and text.startswith("{"):
            text = variants.says_more(text)
        return {**began, "body": text}


def main(folder: str, requests: str, replies: str, database: str) -> None:
    with contextlib.ExitStack() as stack:
        asked = stack.enter_context(open(requests, encoding="utf-8"))  # noqa: PTH123
        answers = stack.enter_context(open(replies, "w", encoding="utf-8"))  # noqa: PTH123
        owned = None if "://" in database else stack.enter_context(database_for(database, Path(folder)))
        server = Server(Path(folder), database if owned is None else owned.url, owned)
        for line in asked:
            said = json.loads(line)
            if "now" in said:
                Clock.present = datetime.fromtimestamp(said["now"] / 1000, tz=UTC)
            try:
                answer = server.answer(said)
            except Exception:
                # The run that asked fails and says why; the next one finds the server as it should be.
                answer = {"failed": traceback.format_exc()}
            answers.write(json.dumps(answer) + "\n")
            answers.flush()
        server.let_go({})


if __name__ == "__main__":
    main(*sys.argv[1:])
