"""Tables that grow with what people do are cut into parts by person on PostgreSQL, by models and migrations alike."""

from __future__ import annotations

from sqlalchemy import Connection, Engine, inspect, text

from app.kernel import Base
from app.kernel.parts import PARTS, is_parted
from tests.integration.schema.test_migrations import go
from tests.support.schema import all_models, make_tables

HOW = """SELECT child.relnamespace::regnamespace || '.' || child.relname || ' of ' || parent.relname || ' '
    || pg_get_expr(child.relpartbound, child.oid)
FROM pg_inherits JOIN pg_class child ON child.oid = inhrelid JOIN pg_class parent ON parent.oid = inhparent
WHERE child.relkind = 'r'"""
CUT_BY = "SELECT relname || ' ' || pg_get_partkeydef(oid) FROM pg_class WHERE relkind = 'p'"


def keys_of(engine: Engine) -> dict[str, list[str]]:
    """Each table's primary key."""
    found = inspect(engine)
    return {name: found.get_pk_constraint(name)["constrained_columns"] for name in Base.metadata.tables}


def parts_of(connection: Connection) -> tuple[set[str], set[str]]:
    """Which tables are cut by what, and into what."""
    return set(connection.execute(text(CUT_BY)).scalars()), set(connection.execute(text(HOW)).scalars())


def test_models_and_migrations_agree_on_keys_and_parts(empty_database: Engine) -> None:
    """Alembic's own comparison looks at neither."""
    all_models()
    on_postgresql = empty_database.dialect.name == "postgresql"
    make_tables(empty_database)
    keys = keys_of(empty_database)
    with empty_database.connect() as connection:
        parts = parts_of(connection) if on_postgresql else None
    Base.metadata.drop_all(empty_database)

    go(empty_database, "head")

    assert keys_of(empty_database) == keys
    if on_postgresql:
        names = {table.name for table in Base.metadata.tables.values() if is_parted(table)}
        with empty_database.connect() as connection:
            assert parts_of(connection) == parts
        assert parts is not None
        assert parts[0] == {f"{name} HASH (person_id)" for name in names}
        assert len(parts[1]) == PARTS * len(names)
        assert names >= {"records", "attempt_results", "lesson_reads"}
