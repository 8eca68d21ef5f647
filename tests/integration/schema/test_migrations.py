"""The steps in `migrations/` make the very tables the models describe, and take them away again, on both databases."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Engine, inspect, select
from sqlalchemy.orm import Session

from app import sync
from app.kernel import Base
from app.sync import Server
from tests.support.schema import all_models

MIGRATIONS = Path(__file__).parents[3] / "migrations"


def go(engine: Engine, where: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        (command.downgrade if where == "base" else command.upgrade)(config, where)


def test_the_migrated_schema_is_the_one_the_models_describe(empty_database: Engine) -> None:
    all_models()
    go(empty_database, "head")

    with empty_database.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, Base.metadata) == []


def test_every_step_can_be_taken_back_and_taken_again(empty_database: Engine) -> None:
    go(empty_database, "head")
    go(empty_database, "base")
    assert set(inspect(empty_database).get_table_names()) <= {"alembic_version"}

    go(empty_database, "head")

    assert Base.metadata.tables.keys() <= set(inspect(empty_database).get_table_names())


def test_a_new_server_has_a_name_before_it_is_asked(empty_database: Engine) -> None:
    go(empty_database, "head")

    with Session(empty_database) as session:
        assert session.scalars(select(Server.uuid)).one() == sync.server_id(session)
