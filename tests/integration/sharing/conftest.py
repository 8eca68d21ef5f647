"""A publisher on SQLite, and a follower on each sort of database with a pack of its own."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session, sessionmaker

from app.content import load, service
from app.kernel import new_uuid7, prepare_engine
from tests.support.library import Place
from tests.support.sharing import NOW, Direct, Follower, Publisher, Shelf
from tests.support.website import app, bramble, browser, empty_tables, priya

__all__ = ["app", "bramble", "browser", "empty_tables", "follower", "other_publisher", "priya", "publisher"]


@pytest.fixture
def publisher(tmp_path: Path, sqlite_tables: Path) -> Iterator[Publisher]:
    """Thistle Training offers two modules."""
    yield from _publisher(tmp_path / "thistle", sqlite_tables, "thistle")


@pytest.fixture
def other_publisher(tmp_path: Path, sqlite_tables: Path) -> Iterator[Publisher]:
    """Another one, with a pack of another key and modules of the same."""
    yield from _publisher(tmp_path / "bramble", sqlite_tables, "bramble")


def _publisher(folder: Path, tables: Path, pack: str) -> Iterator[Publisher]:
    folder.mkdir()
    shutil.copy(tables, folder / "test.sqlite")
    engine = create_engine(f"sqlite:///{folder / 'test.sqlite'}")
    prepare_engine(engine)
    shelf = Shelf(folder / "content", pack)
    shelf.module("at-the-door")
    shelf.module("lost-keys")
    with sessionmaker(engine)() as session:
        # The tables were copied with the name of the server they were made for.
        session.execute(text("UPDATE server SET uuid = :uuid"), {"uuid": new_uuid7().hex})
        made = Publisher(session, shelf, "Thistle Training" if pack == "thistle" else "Bramble Learning")
        made.publish()
        made.offer()
        yield made
    engine.dispose()


@pytest.fixture
def follower(session: Session, publisher: Publisher, tmp_path: Path) -> Follower:
    """A server with one module of its own that follows Thistle Training."""
    service.publish(session, load(Place(tmp_path / "own").root), now=NOW)
    made = Follower(session, Direct(publisher), tmp_path / "waiting")
    made.follow()
    return made
