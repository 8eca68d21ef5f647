"""The steps in `migrations/` make the very tables the models describe, and take them away again, on both databases."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, MetaData, Table, inspect, select
from sqlalchemy.orm import Session

from app import sync
from app.content.models import Edition
from app.kernel import Base, wanted_on
from app.sync import Server
from tests.support.rows import fill_empty_tables, missing, rows_of, tables_of
from tests.support.schema import all_models

MIGRATIONS = Path(__file__).parents[3] / "migrations"


def go(engine: Engine, where: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        (command.downgrade if where in ("base", "-1") else command.upgrade)(config, where)


def test_the_migrated_schema_is_the_one_the_models_describe(empty_database: Engine) -> None:
    all_models()
    go(empty_database, "head")

    with empty_database.connect() as connection:
        opts = {"compare_type": True, "compare_server_default": True}
        opts["include_object"] = wanted_on(connection.dialect.name)
        context = MigrationContext.configure(connection, opts=opts)
        assert compare_metadata(context, Base.metadata) == []


def test_every_step_can_be_taken_back_and_taken_again(empty_database: Engine) -> None:
    go(empty_database, "head")
    go(empty_database, "base")
    assert set(inspect(empty_database).get_table_names()) <= {"alembic_version"}

    go(empty_database, "head")

    assert Base.metadata.tables.keys() <= set(inspect(empty_database).get_table_names())


def test_every_step_up_and_down_keeps_the_rows_of_every_table_that_stays(empty_database: Engine) -> None:
    steps = len(list(ScriptDirectory(str(MIGRATIONS)).walk_revisions()))
    schemas, added = [], set()
    full: dict[str, list[dict[str, str]]] = {}
    for _ in range(steps):
        schemas.append(set(full))
        go(empty_database, "+1")
        assert missing(full, rows_of(empty_database)) == []
        added |= set(fill_empty_tables(empty_database))
        full = rows_of(empty_database)
    assert [name for name, rows in full.items() if not rows] == [], "a table without rows proves nothing"
    assert added > {"records", "audit_entries", "passkeys"}

    before = full
    for schema in reversed(schemas):
        go(empty_database, "-1")
        after = rows_of(empty_database)
        assert set(after) == schema
        assert missing({name: rows for name, rows in before.items() if name in schema}, after) == []
        before = after

    go(empty_database, "head")
    assert set(tables_of(empty_database)) == set(full)


def test_a_step_taken_back_and_taken_again_over_rows_finds_them_all(empty_database: Engine) -> None:
    """An operator goes back to the last release and comes again: what both know is as it was."""
    go(empty_database, "head")
    fill_empty_tables(empty_database)
    full = rows_of(empty_database)

    go(empty_database, "-1")
    kept = rows_of(empty_database)
    go(empty_database, "head")

    again = rows_of(empty_database)
    assert missing(kept, again) == []
    assert missing({name: full[name] for name in kept if kept[name] == full[name]}, again) == []
    assert fill_empty_tables(empty_database) == [name for name in full if name not in kept]


def test_a_new_server_has_a_name_before_it_is_asked(empty_database: Engine) -> None:
    go(empty_database, "head")

    with Session(empty_database) as session:
        assert session.scalars(select(Server.uuid)).one() == sync.server_id(session)


def test_editions_of_before_say_when_their_facts_are_to_be_checked_again(empty_database: Engine) -> None:
    go(empty_database, "0006")
    old = {
        "change": "major", "title": "T", "pack": "core", "topic": "t", "source": "s", "wire_bytes": 1, "listing": "{}",
        "answer_key": "{}", "safety": False, "number": 1, "published_at": datetime(2026, 1, 1, tzinfo=UTC),
    }  # fmt: skip
    with empty_database.begin() as connection:
        editions = Table("editions", MetaData(), autoload_with=connection)
        for sha, day in (("a" * 64, "2027-06-01"), ("b" * 64, None)):
            body = json.dumps({"check_again": day}).encode()
            connection.execute(editions.insert().values(sha=sha, module=sha[:3], body=body, **old))

    go(empty_database, "0007")

    with empty_database.connect() as connection:
        found = connection.execute(select(Edition.sha, Edition.check_again, Edition.audience).order_by(Edition.sha))
        assert found.all() == [("a" * 64, date(2027, 6, 1), None), ("b" * 64, None, None)]
