"""Somebody else is writing: who writes too is told to try again, who reads is not held up, and nobody sees a crash."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine, create_engine, select, text, update
from sqlalchemy.orm import Session

from app import create_app
from app.config import Settings
from app.extensions import db
from app.identity import Device, Token
from app.kernel import begin_write, prepare_engine, utc_now
from app.web.database import engine_options
from tests.support.api import Caller
from tests.support.world import one_phone


@pytest.fixture
def app(database: Engine, tmp_path: Path) -> Iterator[Flask]:
    """The application. Its PostgreSQL gives up on a lock after a second, as SQLite does after five."""
    url = database.url
    if url.get_backend_name() == "postgresql":
        url = url.update_query_dict({"options": "-c lock_timeout=1000"})
    settings = Settings.from_environment({"BV_INSTANCE": str(tmp_path / "instance")})
    app = create_app(replace(settings, database_url=url.render_as_string(hide_password=False)))
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def caller(app: Flask) -> Caller:
    with app.app_context():
        phone = one_phone(db.session(), now=utc_now())
    return Caller(app, phone)


@contextmanager
def somebody_writing(database: Engine) -> Iterator[None]:
    """Hold what a writer needs: SQLite's one write lock, or PostgreSQL's locks on the rows of phones and tokens."""
    with Session(database) as other:
        begin_write(other)
        other.execute(update(Token).values(issued_at=Token.issued_at))
        other.execute(update(Device).values(added_at=Device.added_at))
        if database.dialect.name == "postgresql":
            other.execute(text("LOCK TABLE phone_digests IN EXCLUSIVE MODE"))
        yield
        other.rollback()


def age(database: Engine, **how_long: float) -> None:
    """Let the read token be this much older, so that it may be time to move its end on."""
    with Session(database) as session:
        ends = utc_now() + timedelta(days=30) - timedelta(**how_long)
        session.execute(update(Token).where(Token.kind == "read").values(expires_at=ends))
        session.commit()


def days_left(database: Engine) -> float:
    with Session(database) as session:
        ends = session.scalars(select(Token.expires_at).where(Token.kind == "read")).one()
    return (ends - utc_now()) / timedelta(days=1)


@pytest.mark.parametrize("path", ["/state", "/catalogue"])
def test_a_reader_moves_its_token_on_once_a_day(database: Engine, caller: Caller, path: str) -> None:
    age(database, hours=23)
    assert caller.get(path, caller.phone.read).status_code == 200
    assert days_left(database) < 29.1

    age(database, days=3)
    assert caller.get(path, caller.phone.read).status_code == 200
    assert days_left(database) > 29.9


@pytest.mark.parametrize("path", ["/state", "/catalogue"])
def test_a_reader_neither_waits_nor_fails_while_somebody_writes(database: Engine, caller: Caller, path: str) -> None:
    age(database, days=3)
    with somebody_writing(database):
        began = time.monotonic()
        assert caller.get(path, caller.phone.read).status_code == 200
        assert time.monotonic() - began < 2
    assert days_left(database) < 28

    # Nothing is left behind: the next one moves it on, and writing goes on as before.
    assert caller.get(path, caller.phone.read).status_code == 200
    assert days_left(database) > 29.9
    assert caller.send(caller.phone.record()).status_code == 200


def test_a_reader_in_the_middle_of_it_holds_up_no_writer(database: Engine, caller: Caller) -> None:
    with database.connect() as reader:
        assert reader.execute(select(Device.id)).all()
        began = time.monotonic()
        assert caller.send(caller.phone.record()).status_code == 200
        assert time.monotonic() - began < 2


def test_a_phone_that_has_to_wait_too_long_is_told_to_try_again(database: Engine, caller: Caller) -> None:
    record = caller.phone.record()
    with somebody_writing(database):
        began = time.monotonic()
        reply = caller.send(record)
        waited = time.monotonic() - began
    assert reply.status_code == 503
    assert int(reply.headers["Retry-After"]) > 0
    assert reply.json is not None
    assert reply.json["error"]["code"] == "busy"
    assert "Try again" in reply.json["error"]["message"]
    assert "lock" not in reply.get_data(as_text=True)
    assert waited < 15, "a phone gives up after 20 seconds without a byte"

    again = caller.send(record).json
    assert again is not None
    assert [each["r"] for each in again["receipts"]] == ["stored"]


def test_a_thread_without_a_connection_says_try_again_too(app: Flask, caller: Caller) -> None:
    with app.app_context():
        pool = db.engine.pool
        pool._timeout = 0.1  # type: ignore[attr-defined]
        held = [db.engine.connect() for _ in range(app.extensions["bv.settings"].threads + 2)]
        try:
            reply = caller.send(caller.phone.record())
        finally:
            for each in held:
                each.close()
    assert reply.status_code == 503
    assert "Try again" in reply.get_data(as_text=True)


def test_every_connection_of_the_pool_waits_for_the_disk(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'one.sqlite'}"
    engine = create_engine(url, **engine_options(url, threads=4))
    prepare_engine(engine)
    held = [engine.connect() for _ in range(6)]
    pragmas = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
    found = [tuple(each.scalar(text(f"PRAGMA {name}")) for name in pragmas) for each in held]
    for each in held:
        each.close()
    engine.dispose()
    assert found == [("wal", 2, 1, 5000)] * 6
