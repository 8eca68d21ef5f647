"""How Alembic meets the application: its database, and the metadata of every package.

`alembic.config.attributes["connection"]` may hold a connection to use instead, as the tests do.
"""

from __future__ import annotations

from typing import Any

from alembic import context
from sqlalchemy import Connection

from app.kernel import Base, UtcDateTime, import_all_models, turn, wanted_on


def render_item(kind: str, item: Any, _context: Any) -> str | bool:
    """Write our column types as what they are in the database: a step must not change when the code does."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def run(connection: Connection) -> None:
    """Take the steps in one transaction each; SQLite changes a table by making it anew."""
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_item=render_item,
        include_object=wanted_on(connection.dialect.name),
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
        compare_server_default=True,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()


import_all_models()
given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    from app.extensions import db

    # Several servers may be started at once: one takes the steps, the others wait and find them taken.
    with turn(db.engine, "migrations", wait=True), db.engine.connect() as own:
        run(own)
