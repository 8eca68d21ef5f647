"""Fixtures: an empty database of each sort, and sessions on it. Use with `pytest_plugins`."""

from __future__ import annotations

import shutil
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


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The address of a private PostgreSQL, started for the first test that asks."""
    with private_postgres() as url:
        yield url


@pytest.fixture(scope="session")
def shared_postgres(postgres_url: str) -> Emptied:
    """The database on it that most tests share, one after another."""
    return Emptied(postgres_url)


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
