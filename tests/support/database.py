"""Fixtures: an empty database of each sort, and sessions on it. Use with `pytest_plugins`."""

from __future__ import annotations

import os
import shutil
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import URL, Engine, create_engine, text
from sqlalchemy.orm import Session, sessionmaker

from app.kernel import prepare_engine
from tests.support.emptied import Emptied
from tests.support.postgres import private_postgres
from tests.support.schema import make_tables

BOTH = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]


def share_of_pages(items: list[pytest.Item]) -> list[pytest.Item]:
    """Of the page tests on PostgreSQL, those to leave out: seven of eight, by a hash of the name, always the same.

    Such a test asks `tests.support.website` for `app`; whoever asks for `database` is no page test.
    """
    return [
        item
        for item in items
        if isinstance(item, pytest.Function)
        and getattr(item, "callspec", None) is not None
        and item.callspec.params.get("app") == "postgres"
        and zlib.crc32(item.nodeid.encode()) % 8
    ]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave them out, unless all are asked for, or one is by its name."""
    if os.environ.get("PAGES_ON") == "both" or any("::" in word for word in config.args):
        return
    left_out = set(share_of_pages(items))
    config.hook.pytest_deselected(items=list(left_out))
    items[:] = [item for item in items if item not in left_out]


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The address of a private PostgreSQL, started for the first test that asks."""
    with private_postgres() as url:
        yield url


@pytest.fixture(scope="session")
def shared_postgres(postgres_url: str) -> Iterator[Emptied]:
    """The database on it that most tests share, one after another."""
    shared = Emptied(postgres_url)
    yield shared
    shared.leave()


@pytest.fixture
def postgres_tables(shared_postgres: Emptied) -> URL:
    """A PostgreSQL database with every table and no row."""
    return shared_postgres.url()


@pytest.fixture(scope="session")
def sqlite_tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with every table and no row, to be copied."""
    file = tmp_path_factory.mktemp("tables") / "tables.sqlite"
    engine = create_engine(f"sqlite:///{file}")
    prepare_engine(engine)
    make_tables(engine)
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return file


@pytest.fixture(params=BOTH)
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """An engine on a database without tables, once for each sort of database."""
    if request.param == "sqlite":
        engine = create_engine(f"sqlite:///{tmp_path / 'test.sqlite'}")
    else:
        engine = create_engine(request.getfixturevalue("postgres_url"))
        with engine.begin() as connection:
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
    prepare_engine(engine)
    yield engine
    engine.dispose()


@pytest.fixture(params=BOTH)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """An engine on a database with every table and no row, once for each sort of database."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_tables"), tmp_path / "test.sqlite")
        engine = create_engine(f"sqlite:///{tmp_path / 'test.sqlite'}")
    else:
        engine = create_engine(request.getfixturevalue("postgres_tables"))
    prepare_engine(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def session(database: Engine) -> Iterator[Session]:
    """A session that nobody commits for you."""
    with sessionmaker(database)() as session:
        yield session
