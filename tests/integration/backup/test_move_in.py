"""A server that outgrew SQLite is moved into PostgreSQL: every row, its name, its audit trail, and what comes next."""

from __future__ import annotations

import contextlib
import json
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, NullPool, create_engine, text, update
from sqlalchemy.orm import Session

from app import audit
from app.backup import move_in
from app.backup.errors import AnotherSort, NotVerified, ServerRunning, ToolFailed
from app.backup.survey import survey
from app.identity import Person
from app.kernel import prepare_engine, utc_now
from tests.support.rows import fill_empty_tables, rows_of
from tests.support.schema import all_models
from tests.support.site import Site
from tests.support.world import add_person, add_provider


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite of today's tables with a row in each, and two people who are one."""
    all_models()
    site = Site(tmp_path_factory.mktemp("old"))
    site.prepare_tables()
    file = site.folder / "between-visits.sqlite"
    engine = create_engine(f"sqlite:///{file}")
    prepare_engine(engine)
    with Session(engine) as session:
        provider = add_provider(session)
        first, second = (add_person(session, provider).person_id for _ in range(2))
        audit.note(session, "person.added", actor=audit.OPERATOR, now=utc_now(), provider=provider.uuid)
        # The other one's number is higher: they have to be there before it can be pointed to.
        session.execute(update(Person).where(Person.id == first).values(same_as=second))
        session.commit()
    fill_empty_tables(engine)
    engine.dispose()
    return file


@pytest.fixture(scope="module")
def new_server(postgres_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """The database of a new server, to be copied; nobody is connected to it. Gives an engine on another."""
    owner = create_engine(postgres_url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with owner.connect() as connection:
        connection.execute(text("DROP DATABASE IF EXISTS new_server WITH (FORCE)"))
        connection.execute(text("CREATE DATABASE new_server"))
    url = owner.url.set(database="new_server").render_as_string(hide_password=False)
    Site(tmp_path_factory.mktemp("new"), settings={"BV_DATABASE_URL": url}).prepare_tables()
    yield owner
    with owner.connect() as connection:
        connection.execute(text("DROP DATABASE new_server WITH (FORCE)"))


@pytest.fixture
def empty(new_server: Engine) -> Iterator[Engine]:
    """A PostgreSQL with the tables of a new server."""
    with new_server.connect() as connection:
        connection.execute(text("DROP DATABASE IF EXISTS moved_in WITH (FORCE)"))
        connection.execute(text("CREATE DATABASE moved_in TEMPLATE new_server"))
    engine = create_engine(new_server.url.set(database="moved_in"))
    yield engine
    engine.dispose()
    with new_server.connect() as connection:
        connection.execute(text("DROP DATABASE moved_in WITH (FORCE)"))


def address(engine: Engine) -> str:
    return engine.url.render_as_string(hide_password=False)


@pytest.mark.postgres
def test_everything_arrives_and_new_rows_are_numbered_after_it(full: Path, empty: Engine) -> None:
    with empty.begin() as connection:
        moved = move_in(connection, full)
    old = create_engine(f"sqlite:///{full}")
    with old.connect() as connection:
        assert moved == survey(connection)
    counts = {name: len(rows) for name, rows in rows_of(empty).items()}
    assert counts == {name: len(rows) for name, rows in rows_of(old).items()}
    assert [name for name, count in counts.items() if not count] == [], "a table without rows proves nothing"
    with Session(old) as before, Session(empty) as session:
        pairs = {row.id: row.same_as for row in before.query(Person)}
        assert {row.id: row.same_as for row in session.query(Person)} == pairs
        assert any(other is not None and other > own for own, other in pairs.items())
        assert audit.head(session) == audit.head(before)
        assert add_person(session, add_provider(session, "Another")).person_id > max(pairs)
    old.dispose()


@pytest.mark.postgres
def test_nothing_is_put_beside_what_is_there(full: Path, empty: Engine) -> None:
    with Session(empty) as session:
        add_provider(session)
        session.commit()
    with pytest.raises(ServerRunning, match="providers"), empty.begin() as connection:
        move_in(connection, full)


@pytest.mark.postgres
def test_what_did_not_arrive_as_it_was_does_not_count(full: Path, empty: Engine) -> None:
    loses = """CREATE FUNCTION lose() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'"""
    with empty.begin() as connection:
        connection.execute(text(loses))
        connection.execute(
            text("CREATE TRIGGER lose BEFORE INSERT ON held_records FOR EACH ROW EXECUTE FUNCTION lose()")
        )
    with pytest.raises(NotVerified), empty.begin() as connection:
        move_in(connection, full)
    with empty.connect() as connection:
        assert survey(connection).tables["providers"] == 0


@pytest.mark.postgres
def test_an_older_file_and_a_wrong_one_are_refused(full: Path, empty: Engine, tmp_path: Path) -> None:
    older = tmp_path / "older.sqlite"
    shutil.copy(full, older)
    with contextlib.closing(sqlite3.connect(older)) as file, file:
        file.execute("UPDATE alembic_version SET version_num = '0001'")
    with pytest.raises(ToolFailed, match="another version"), empty.begin() as connection:
        move_in(connection, older)
    with pytest.raises(ToolFailed, match="There is no file"), empty.begin() as connection:
        move_in(connection, tmp_path / "nothing")


def test_it_goes_into_postgresql_only(full: Path, tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'other.sqlite'}")
    with pytest.raises(AnotherSort), engine.begin() as connection:
        move_in(connection, full)
    engine.dispose()


@pytest.mark.postgres
def test_the_command_says_what_it_did_and_notes_it(full: Path, empty: Engine, tmp_path: Path) -> None:
    site = Site(tmp_path / "new", settings={"BV_DATABASE_URL": address(empty)})
    said = json.loads(site._run("backup", "move-in", str(full), "--json"))
    with Session(empty) as session:
        newest = audit.entries(session, limit=1)[0]
    assert (newest.action, said["records"]) == ("backup.moved-in", 1)
