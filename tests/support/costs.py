"""What one request costs, in counts: statements, writing commits, and hashes of passwords and PINs."""

from __future__ import annotations

import re
import sqlite3
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from flask import Flask, Response, request
from sqlalchemy import Engine, event

from app.extensions import db
from app.identity import secrets

# Requests that make something last more than once, how often, and why they have to.
COMMITS: Mapping[str, tuple[int, str]] = {
    "api.add_place": (3, "a look at a code and a try at a PIN are each counted before anything is told"),
    "api.sign_in": (2, "a try at a PIN is counted before the slow check, which holds up nobody"),
    "api.offer_passkey": (2, "as signing in"),
    "api.remove_passkey": (2, "as signing in"),
    "api.export": (2, "as signing in"),
    "api.send_records": (2, "once a day a phone's token moves on, before its batch is read and the lock is taken"),
    "staff.sign_in": (3, "a try is counted before the slow check, and forgiven where the password was right"),
}
WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE|WITH\b.*\b(INSERT|UPDATE|DELETE)\b)", re.IGNORECASE | re.DOTALL)


@dataclass
class Cost:
    """`commits` are those that made something last: a commit that ends reading alone costs no disk anything."""

    statements: list[str] = field(default_factory=list)
    commits: int = 0
    hashes: int = 0
    _wrote: bool = False

    def note(self, _connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA")):
            self.statements.append(statement)
        self._wrote = self._wrote or WRITES.match(statement) is not None

    def note_commit(self, _connection: object) -> None:
        self.commits += self._wrote
        self._wrote = False

    def note_rollback(self, _connection: object) -> None:
        self._wrote = False


class _Counting:
    """The hasher, and how often it is asked for the work it is there for."""

    def __init__(self, hasher: Any, cost: Cost) -> None:
        self._hasher, self._cost = hasher, cost

    def hash(self, secret: str) -> Any:
        self._cost.hashes += 1
        return self._hasher.hash(secret)

    def verify(self, hashed: str, secret: str) -> Any:
        self._cost.hashes += 1
        return self._hasher.verify(hashed, secret)


@contextmanager
def costs(engine: Engine) -> Iterator[Cost]:
    """What is done within the block costs so much."""
    cost = Cost()
    secrets._stand_in()  # Made once a process, whoever asks first.
    hasher = secrets._hasher
    listened = {
        "before_cursor_execute": cost.note,
        "commit": cost.note_commit,
        "rollback": cost.note_rollback,
    }
    for name, listener in listened.items():
        event.listen(engine, name, listener)
    secrets._hasher = _Counting(hasher, cost)  # type: ignore[assignment]
    try:
        yield cost
    finally:
        secrets._hasher = hasher
        for name, listener in listened.items():
            event.remove(engine, name, listener)


def growth(few: Cost, many: Cost) -> list[tuple[str, int]]:
    """Which statements were sent more often, and by how much, when more were sent in all; the most first."""
    if len(many.statements) <= len(few.statements):
        return []
    return (Counter(many.statements) - Counter(few.statements)).most_common(3)


def watched(app: Flask) -> None:
    """Let no request of this application make things last more often than it may: the request fails, and its test."""
    now = threading.local()

    def began(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        now.wrote = getattr(now, "wrote", False) or WRITES.match(statement) is not None

    def committed(_connection: object) -> None:
        now.commits = getattr(now, "commits", 0) + getattr(now, "wrote", False)
        now.wrote = False

    def rolled_back(_connection: object) -> None:
        now.wrote = False

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", began)
    event.listen(engine, "commit", committed)
    event.listen(engine, "rollback", rolled_back)

    def begin() -> None:
        now.commits, now.wrote = 0, False

    def end(response: Response) -> Response:
        most, _ = COMMITS.get(str(request.endpoint), (1, ""))
        assert now.commits <= most, f"{request.endpoint} made things last {now.commits} times"
        return response

    # Before what the program itself does first, and after what it does last.
    app.before_request_funcs.setdefault(None, []).insert(0, begin)
    app.after_request_funcs.setdefault(None, []).insert(0, end)


class Kept:
    """A SQLite database as it was, to be put back after each try."""

    def __init__(self, engine: Engine) -> None:
        self._file = str(engine.url.database)
        self._copy = sqlite3.connect(":memory:")
        with sqlite3.connect(self._file) as live:
            live.backup(self._copy)

    def put_back(self) -> None:
        """Make the file what it was. Nobody may be in the middle of reading it."""
        with sqlite3.connect(self._file) as live:
            self._copy.backup(live)

    def close(self) -> None:
        self._copy.close()
