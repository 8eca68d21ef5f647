"""The database ends a connection at any moment of a request: whoever asked hears "later", and nothing is lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection, Engine, NullPool, create_engine, event, text
from sqlalchemy.exc import InterfaceError, PendingRollbackError
from sqlalchemy.pool import QueuePool
from werkzeug.exceptions import NotFound
from werkzeug.test import TestResponse

from app import create_app
from app.config import Settings
from app.extensions import db
from app.kernel import utc_now
from tests.support.api import Caller
from tests.support.world import one_phone

pytestmark = pytest.mark.postgres
MOST = 60  # moments a request has: each statement, and its commit


@contextmanager
def dying(app: Flask, killer: Engine, moment: int) -> Iterator[list[int]]:
    """End the connection that a request works on right before its `moment`th statement or commit; count both."""
    seen = [0]

    def count(connection: Connection) -> None:
        seen[0] += 1
        if seen[0] != moment:
            return
        pid = connection.connection.dbapi_connection.info.backend_pid  # type: ignore[union-attr]
        with killer.connect() as other:
            other.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid})

    def statement(connection: Connection, *_: Any) -> None:
        count(connection)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", statement)
    event.listen(engine, "commit", count)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", statement)
        event.remove(engine, "commit", count)


@pytest.mark.parametrize("what", ["batch", "state", "page"])
def test_a_connection_that_dies_at_any_moment_is_busy_and_never_broken(
    what: str, postgres_tables: Any, tmp_path: Path
) -> None:
    killer = create_engine(postgres_tables, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    settings = Settings.from_environment({"BV_INSTANCE": str(tmp_path)})
    app = create_app(replace(settings, database_url=killer.url.render_as_string(hide_password=False)))
    with app.app_context():
        caller = Caller(app, one_phone(db.session(), now=utc_now()))
        db.session.remove()
    record = caller.phone.record()
    asked: dict[str, Callable[[], TestResponse]] = {
        "batch": lambda: caller.send(record),
        "state": lambda: caller.get("/state", caller.phone.read),
        "page": lambda: caller.client.get("/learn"),
    }
    ask = asked[what]
    try:
        answers = []
        for moment in range(1, MOST):
            with dying(app, killer, moment) as seen:
                answers.append(ask().status_code)
            if seen[0] < moment:
                break
            assert ask().status_code in (200, 304), f"the request after moment {moment} finds no connection"
        else:
            raise AssertionError(f"a request of more than {MOST} moments")
        assert answers.pop() == 200, "at the end nothing was ended"
        assert set(answers) <= {200, 503}, answers
        if what == "batch":
            assert 503 in answers
            assert [receipt["r"] for receipt in caller.send(record).get_json()["receipts"]] == ["duplicate"]
    finally:
        with app.app_context():
            db.session.remove()
            assert isinstance(db.engine.pool, QueuePool)
            assert db.engine.pool.checkedout() == 0
            db.engine.dispose()
        killer.dispose()


@pytest.mark.parametrize(
    ("raised", "status"),
    [
        (InterfaceError("SELECT 1", {}, Exception("the connection is closed")), 503),
        (PendingRollbackError("It went before."), 503),
        (NotFound(), 404),
    ],
)
def test_what_is_answered_over_a_dead_connection_is_what_was_meant(
    raised: Exception, status: int, postgres_tables: Any, tmp_path: Path
) -> None:
    """Undoing what the request did finds nobody either, and must not turn the answer into a fault of ours."""
    killer = create_engine(postgres_tables, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    settings = Settings.from_environment({"BV_INSTANCE": str(tmp_path)})
    app = create_app(replace(settings, database_url=killer.url.render_as_string(hide_password=False)))

    @app.get("/dies")
    def dies() -> str:
        own = db.session.connection().connection.dbapi_connection
        with killer.connect() as other:
            other.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": own.info.backend_pid})  # type: ignore[union-attr]
        raise raised

    try:
        with app.app_context():
            answer = app.test_client().get("/dies")
        assert answer.status_code == status
        assert app.test_client().get("/healthz").status_code == 200
    finally:
        with app.app_context():
            db.engine.dispose()
        killer.dispose()
