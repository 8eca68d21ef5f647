"""Several servers share one PostgreSQL: what only one may do at a time, and what they do when another takes over."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine, create_engine, text

from app import create_app
from app.cli.worker import Job, Worker
from app.config import Settings
from app.extensions import db
from app.kernel import prepare_engine, turn, utc_now
from app.web.database import engine_options
from tests.support.api import Caller
from tests.support.site import FLASK, ROOT, Site, free_port
from tests.support.world import one_phone


def address(database: Engine) -> str:
    return database.url.render_as_string(hide_password=False)


def running(url: str, folder: Path) -> Flask:
    return create_app(replace(Settings.from_environment({"BV_INSTANCE": str(folder)}), database_url=url))


def close(app: Flask) -> None:
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def app(database: Engine, tmp_path: Path) -> Iterator[Flask]:
    app = running(address(database), tmp_path / "instance")
    yield app
    close(app)


@pytest.fixture
def postgres(postgres_tables: object) -> Iterator[Engine]:
    engine = create_engine(postgres_tables)  # type: ignore[call-overload]
    prepare_engine(engine)
    yield engine
    engine.dispose()


def test_a_balancer_hears_that_all_is_well_and_nothing_else(app: Flask) -> None:
    reply = app.test_client().get("/healthz")
    assert (reply.status_code, reply.text) == (200, "well\n")
    assert reply.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in reply.headers


def test_a_balancer_hears_that_the_database_does_not_answer(tmp_path: Path) -> None:
    app = running(f"postgresql+psycopg://nobody@127.0.0.1:{free_port()}/nothing", tmp_path)
    reply = app.test_client().get("/healthz")
    close(app)
    assert (reply.status_code, reply.text) == (503, "not well\n")
    assert "Retry-After" in reply.headers


@pytest.mark.postgres
def test_a_replica_takes_no_records_so_its_server_is_not_well(postgres: Engine, tmp_path: Path) -> None:
    says_so = "CREATE FUNCTION replica.pg_is_in_recovery() RETURNS boolean LANGUAGE sql AS 'SELECT true'"
    with postgres.begin() as connection:
        connection.execute(text("CREATE SCHEMA replica"))
        connection.execute(text(says_so))
    app = running(f"{address(postgres)}?options=-csearch_path%3Dreplica,public,pg_catalog", tmp_path)
    try:
        assert app.test_client().get("/healthz").status_code == 503
    finally:
        close(app)
        with postgres.begin() as connection:
            connection.execute(text("DROP SCHEMA replica CASCADE"))


@pytest.mark.postgres
def test_phones_are_told_to_try_later_while_the_database_only_reads(postgres: Engine, tmp_path: Path) -> None:
    app = running(address(postgres), tmp_path)
    with app.app_context():
        caller = Caller(app, one_phone(db.session(), now=utc_now()))
        db.session.remove()
        db.engine.dispose()
    record = caller.phone.record()
    only_reads = f"ALTER DATABASE {postgres.url.database} SET default_transaction_read_only = on"
    try:
        with postgres.begin() as connection:
            connection.execute(text(only_reads))
        meanwhile = caller.send(record)
        # A connection keeps what it was begun with: only a new one can write again.
        with postgres.begin() as connection:
            connection.execute(text("SET TRANSACTION READ WRITE"))
            connection.execute(text(only_reads.replace("SET", "RESET").removesuffix(" = on")))
        afterwards = caller.send(record)
    finally:
        close(app)
        with postgres.begin() as connection:
            connection.execute(text("SET TRANSACTION READ WRITE"))
            connection.execute(text(only_reads.replace("SET", "RESET").removesuffix(" = on")))
    assert (meanwhile.status_code, "Retry-After" in meanwhile.headers) == (503, True)
    assert afterwards.status_code == 200
    assert [receipt["r"] for receipt in afterwards.get_json()["receipts"]] == ["stored"]


@pytest.mark.postgres
def test_a_connection_the_database_ended_is_noticed_before_it_is_used(postgres: Engine, tmp_path: Path) -> None:
    app = running(address(postgres), tmp_path)
    with app.app_context():
        caller = Caller(app, one_phone(db.session(), now=utc_now()))
        db.session.remove()
    with postgres.begin() as connection:
        end = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND "
        assert connection.execute(text(end + "datname = current_database()")).scalar_one() >= 1
    reply = caller.send(caller.phone.record())
    close(app)
    assert reply.status_code == 200


def test_behind_a_pooler_no_statement_is_prepared_there() -> None:
    url = "postgresql+psycopg://pool/d"
    assert engine_options(url, 4, pooled=True)["connect_args"]["prepare_threshold"] is None
    assert "prepare_threshold" not in engine_options(url, 4)["connect_args"]


def test_what_the_address_says_about_waiting_counts() -> None:
    connect = engine_options("postgresql+psycopg://host/d?connect_timeout=3", 4)["connect_args"]
    assert "connect_timeout" not in connect
    assert connect["tcp_user_timeout"] == 15_000


@pytest.mark.postgres
def test_one_server_at_a_time_has_its_turn_and_whoever_waits_gets_the_next(postgres: Engine) -> None:
    done: list[str] = []

    def second() -> None:
        with turn(postgres, "sweeping", wait=True) as mine:
            done.append(f"second {mine}")

    with turn(postgres, "sweeping") as mine, turn(postgres, "sweeping") as also, turn(postgres, "counting") as other:
        assert (mine, also, other) == (True, False, True)
        waits = threading.Thread(target=second)
        waits.start()
        waits.join(0.3)
        done.append("first")
    waits.join(20)
    assert done == ["first", "second True"]
    with turn(postgres, "sweeping") as mine:
        assert mine


def test_a_worker_leaves_to_another_what_only_one_may_do(app: Flask, database: Engine) -> None:
    done: list[str] = []
    alone = Job(name="alone", do=lambda _now: done.append("alone"))
    by_many = Job(name="by many", do=lambda _now: done.append("by many"), by_many=True)
    with app.app_context():
        worker = Worker((alone, by_many))
        with turn(database, "worker: alone"):
            assert worker.look(utc_now())
        # On SQLite there is no other server.
        assert done == (["by many"] if database.dialect.name == "postgresql" else ["alone", "by many"])
        done.clear()
        assert worker.look(utc_now())
    assert done == ["alone", "by many"]


@pytest.mark.postgres
def test_two_servers_started_at_once_bring_the_tables_up_to_date_once(postgres_url: str, tmp_path: Path) -> None:
    owner = create_engine(postgres_url, isolation_level="AUTOCOMMIT")
    with owner.connect() as connection:
        connection.execute(text("DROP DATABASE IF EXISTS two_starts"))
        connection.execute(text("CREATE DATABASE two_starts"))
    url = owner.url.set(database="two_starts").render_as_string(hide_password=False)
    sites = [Site(tmp_path / name, settings={"BV_DATABASE_URL": url}) for name in ("one", "two")]
    upgrade = [*FLASK, "db", "upgrade"]
    started = [
        subprocess.Popen(upgrade, cwd=ROOT, env=site.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        for site in sites
    ]
    said = [process.communicate(timeout=120)[0].decode() for process in started]
    made = create_engine(url)
    with made.connect() as connection:
        steps = connection.execute(text("SELECT count(*) FROM alembic_version")).scalar_one()
    made.dispose()
    with owner.connect() as connection:
        connection.execute(text("DROP DATABASE two_starts WITH (FORCE)"))
    owner.dispose()
    assert [process.returncode for process in started] == [0, 0], said
    assert steps == 1
