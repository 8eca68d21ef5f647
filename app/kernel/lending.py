"""A session that lends its connection out before it needs one itself."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session

from app.kernel.rows import send


class LendingSession(Session):
    """A session of which a request can have the connection alone, until something needs more than that.

    A session's own transaction, from its beginning to its end, takes a tenth of the time of a phone's request, and most
    send nothing but a few statements that are known beforehand. While a connection is lent (`look_before_writing`,
    `begin_write`) those go straight to it; whatever is asked of the session itself is asked of the same connection, in
    the same transaction. `commit`, `rollback` and `close` mean what they always do, and end the lending.
    """

    lent: Connection | None = None
    writing = False

    def lend(self, engine: Engine) -> None:
        """Have a connection for statements that go straight to it, each for itself until `write`."""
        self.lent = engine.connect()

    def write(self) -> None:
        """Begin a transaction on the lent connection that holds SQLite's write lock."""
        assert self.lent is not None, "lend a connection first"
        send(self.lent, "BEGIN IMMEDIATE")
        self.writing = True

    def get_bind(self, *args: Any, **kwargs: Any) -> Any:
        """Return what the session asks: the lent connection while there is one."""
        return super().get_bind(*args, **kwargs) if self.lent is None else self.lent

    def commit(self) -> None:
        """Commit, also what went straight to the lent connection."""
        if self.lent is None or self.in_transaction():
            super().commit()
        elif self.writing:
            send(self.lent, "COMMIT")
            for listener in self.lent.engine.dispatch.commit:
                listener(self.lent)
        self._take_back()

    def rollback(self) -> None:
        """Undo, also what went straight to the lent connection."""
        super().rollback()
        self._take_back()

    def close(self) -> None:
        """Let go of everything; what was not committed is undone."""
        super().close()
        self._take_back()

    def _take_back(self) -> None:
        if self.lent is not None:
            # What is left of a transaction ends as the pool has its connection again.
            self.lent.close()
            self.lent, self.writing = None, False
