"""One PostgreSQL database with every table for all tests of a run, emptied before each: making it takes far longer.

A test may do to it what it likes. When the tables, columns or triggers are not as they were, it is made anew.
"""

from __future__ import annotations

from sqlalchemy import URL, Connection, NullPool, create_engine, insert, make_url, text
from sqlalchemy.exc import DBAPIError

from app.kernel import Base, new_uuid7
from app.sync import Server
from tests.support.schema import all_models, make_tables

NAME = "with_tables"
# Whoever a test before left connected would hold what has to be emptied.
END_OTHERS = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()"""
SHAPE = """SELECT string_agg(line, ' ' ORDER BY line) FROM (
    SELECT attrelid::regclass || '.' || attname || ':' || atttypid::regtype || CAST(attnotnull AS text)
        FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
        WHERE relnamespace = 'public'::regnamespace AND attnum > 0
    UNION ALL SELECT tgrelid::regclass || '!' || tgname || CAST(tgenabled AS text)
        FROM pg_trigger WHERE NOT tgisinternal
    UNION ALL SELECT conrelid::regclass || '?' || conname || pg_get_constraintdef(oid) FROM pg_constraint
        WHERE connamespace = 'public'::regnamespace
    UNION ALL SELECT proname || prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace
) AS lines (line)"""
FIRST_AGAIN = """SELECT setval(format('%I', sequencename), start_value, false) FROM pg_sequences
WHERE schemaname = 'public' AND last_value IS NOT NULL"""


class Emptied:
    """The shared database of the server at `address`; made when it is first asked for."""

    def __init__(self, address: str) -> None:
        self._server = make_url(address)
        self._shape: str | None = None
        # Kept from test to test: a new one has to read first what every table is like.
        self._connection: Connection | None = None

    def url(self) -> URL:
        """Its address, once nothing is in it but the name of a new server."""
        all_models()
        own = self._server.set(database=NAME)
        engine = create_engine(own, poolclass=NullPool)
        # The second time it is another connection: a test may have ended the one that was kept.
        for _ in range(2 if self._shape is not None else 0):
            try:
                self._connection = self._connection or engine.connect()
                with self._connection.begin():
                    if self._empty(self._connection):
                        return own
            except DBAPIError:
                pass  # Dropped, renamed or changed beyond emptying: made anew.
            self.leave()
        owner = create_engine(self._server, isolation_level="AUTOCOMMIT", poolclass=NullPool)
        with owner.connect() as connection:
            connection.execute(text(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)"))
            connection.execute(text(f"CREATE DATABASE {NAME} TEMPLATE template0"))
        make_tables(engine)
        with engine.connect() as connection:
            self._shape = connection.execute(text(SHAPE)).scalar_one()
        return own

    def leave(self) -> None:
        """Close the connection that is kept."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _empty(self, connection: Connection) -> bool:
        connection.execute(text(END_OTHERS))
        connection.execute(text("DROP TABLE IF EXISTS alembic_version"))
        if connection.execute(text(SHAPE)).scalar_one() != self._shape:
            return False
        # Neither the order of foreign keys nor the trail's own guard counts here.
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        first_rows = " UNION ALL ".join(f"(SELECT '{name}' FROM {name} LIMIT 1)" for name in Base.metadata.tables)
        for name in connection.execute(text(first_rows)).scalars().all():
            connection.execute(text(f"DELETE FROM {name}"))
        connection.execute(text(FIRST_AGAIN))
        connection.execute(insert(Server).values(id=1, uuid=new_uuid7()))
        return True
