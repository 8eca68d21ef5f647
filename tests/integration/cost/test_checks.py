"""The checks of cost can fail: each is shown what it is there to find."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine, create_engine, text

from app.extensions import db
from app.identity import secrets
from app.kernel import prepare_engine
from tests.support.costs import COMMITS, Kept, costs, growth, watched
from tests.support.plans import Sent, in_postgres, large, parts_touched, recorded, troubles
from tests.support.website import set_up

ADD = "INSERT INTO ended_sign_ins (hash, at) VALUES ('{}', '2026-01-01 00:00:00')"


@pytest.fixture
def engine(sqlite_tables: Path, tmp_path: Path) -> Iterator[Engine]:
    shutil.copy(sqlite_tables, tmp_path / "test.sqlite")
    engine = create_engine(f"sqlite:///{tmp_path / 'test.sqlite'}")
    prepare_engine(engine)
    yield engine
    engine.dispose()


def test_a_statement_for_each_row_is_growth(engine: Engine) -> None:
    found = []
    for rows in (1, 3):
        with costs(engine) as cost, engine.connect() as connection:
            for _ in range(rows):
                connection.execute(text("SELECT name FROM persons WHERE id = 1"))
        found.append(cost)
    assert growth(*found) == [("SELECT name FROM persons WHERE id = 1", 2)]
    assert growth(found[1], found[0]) == []


def test_two_commits_are_two_and_one_that_wrote_nothing_is_none(engine: Engine) -> None:
    with costs(engine) as cost, engine.connect() as connection:
        for word in ("first", "second"):
            connection.execute(text(ADD.format(word)))
            connection.commit()
        connection.execute(text("SELECT 1"))
        connection.commit()
        connection.execute(text(ADD.format("third")))
        connection.rollback()
    assert cost.commits == 2


def test_hashes_are_counted(engine: Engine) -> None:
    with costs(engine) as cost:
        secrets.matches(secrets.hash_secret("a word"), "a word")
    assert cost.hashes == 2
    secrets.hash_secret("another")
    assert cost.hashes == 2


def test_a_database_is_what_it_was_again(engine: Engine) -> None:
    kept = Kept(engine)
    with engine.begin() as connection:
        connection.execute(text(ADD.format("new")))
    kept.put_back()
    kept.close()
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM ended_sign_ins")).scalar_one() == 0


def test_a_page_that_makes_things_last_twice_fails_its_test(sqlite_app: Flask) -> None:
    @sqlite_app.get("/twice")
    def twice() -> str:
        for word in ("first", "second"):
            db.session.execute(text(ADD.format(word)))
            db.session.commit()
        return "done"

    watched(sqlite_app)
    sqlite_app.testing = True
    with pytest.raises(AssertionError, match="twice made things last 2 times"):
        sqlite_app.test_client().get("/twice")
    assert sqlite_app.test_client().get("/help").status_code == 200


def test_what_may_last_more_than_once_is_there(sqlite_app: Flask) -> None:
    assert {rule.endpoint for rule in sqlite_app.url_map.iter_rules()} >= COMMITS.keys()


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("SELECT * FROM persons", "reads all of persons"),
        ("SELECT a.id FROM messages AS a WHERE a.text = 'x'", "reads all of messages"),
        ("SELECT id FROM persons WHERE name = 'x' ORDER BY uuid LIMIT 1", "reads all of persons"),
        ("SELECT id FROM messages WHERE provider_id = 1 ORDER BY text LIMIT 1", "sorts everything"),
        ("DELETE FROM messages WHERE text = 'x'", "reads all of messages"),
        ("UPDATE messages SET text = 'y' WHERE kind = 'x'", "reads all of messages"),
        ("SELECT 1 FROM server AS s JOIN jobs AS j ON j.words = s.uuid", "jobs"),
    ],
)
def test_sqlite_is_found_out(engine: Engine, statement: str, found: str) -> None:
    with engine.connect() as connection:
        assert any(found in each for each in troubles(connection, Sent(statement, ()), large()))


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM persons WHERE id = 1",
        "SELECT * FROM server",
        "SELECT id FROM messages WHERE provider_id = 1 ORDER BY made_at DESC LIMIT 5",
        "SELECT name FROM persons WHERE uuid IN ('1', '2')",
    ],
)
def test_what_an_index_answers_is_no_trouble(engine: Engine, statement: str) -> None:
    with engine.connect() as connection:
        assert troubles(connection, Sent(statement, ()), large()) == []


def test_what_is_sent_is_recorded_with_its_parameters(sqlite_app: Flask) -> None:
    with recorded(db.engine) as sent:
        set_up()
    looked = [each for each in sent.values() if each.statement.startswith("SELECT")]
    assert looked
    assert not [each for each in sent.values() if each.statement.startswith("INSERT")]


@pytest.mark.postgres
def test_postgres_is_found_out(database: Engine) -> None:
    if database.dialect.name != "postgresql":
        return
    with database.begin() as connection:
        rows = "SELECT n AS id, n AS words FROM generate_series(1, 5000) AS n"
        connection.execute(text(f"CREATE TEMPORARY TABLE jobs AS {rows}"))
        connection.execute(text("CREATE INDEX ix_jobs_id ON jobs (id)"))
        connection.execute(text("ANALYZE jobs"))

        def found(statement: str) -> list[str]:
            return troubles(connection, Sent(statement, None), {"jobs"})

        assert found("SELECT * FROM jobs WHERE words = 7") == ["reads all of jobs"]
        assert found("SELECT * FROM jobs WHERE id = 7") == []
        assert any("sorts" in each for each in found("SELECT * FROM jobs ORDER BY words LIMIT 3"))
        connection.execute(text("DROP TABLE jobs"))
        assert parts_touched(connection, Sent("SELECT * FROM records WHERE device_id = 7", None))["records"] > 1
        assert parts_touched(connection, Sent("SELECT * FROM records WHERE person_id = 7", None)) == {"records": 1}


def test_an_index_that_is_read_from_end_to_end_is_no_help() -> None:
    plan = {"Node Type": "Index Only Scan", "Relation Name": "jobs", "Index Name": "ix_jobs_state"}
    assert in_postgres(plan, {"jobs"}) == ["reads all of an index of jobs: ix_jobs_state"]
    assert in_postgres(plan | {"Index Cond": "(id = 7)"}, {"jobs"}) == []
