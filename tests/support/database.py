"""Fixtures: an empty database of each sort, and sessions on it. Use with `pytest_plugins`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import URL, Engine, create_engine, make_url, text
from sqlalchemy.orm import Session, sessionmaker

from app.kernel import prepare_engine
from tests.support.postgres import private_postgres
from tests.support.schema import make_tables


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The address of a private PostgreSQL, started for the first test that asks."""
    with private_postgres() as url:
        yield url


@pytest.fixture(scope="session")
def postgres_tables(postgres_url: str) -> Iterator[URL]:
    """A PostgreSQL database with every table and no row, to be copied."""
    server = make_url(postgres_url)
    owner = create_engine(server, isolation_level="AUTOCOMMIT")
    with owner.connect() as connection:
        connection.execute(text("CREATE DATABASE website_tables TEMPLATE template0"))
    tables = server.set(database="website_tables")
    engine = create_engine(tables)
    make_tables(engine)
    engine.dispose()
    yield tables
    with owner.connect() as connection:
        connection.execute(text("DROP DATABASE website_tables WITH (FORCE)"))
    owner.dispose()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
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


@pytest.fixture
def database(empty_database: Engine) -> Engine:
    """An engine on a database with every table, once for each sort of database."""
    make_tables(empty_database)
    return empty_database


@pytest.fixture
def session(database: Engine) -> Iterator[Session]:
    """A session that nobody commits for you."""
    with sessionmaker(database)() as session:
        yield session
