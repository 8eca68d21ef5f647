"""What a database holds, in figures that are equal when the databases are."""

from __future__ import annotations

import hashlib
from typing import Final

from sqlalchemy import BigInteger, Connection, Integer, String, Text, Uuid, column, func, inspect, select, table

from app.backup.errors import ToolFailed
from app.backup.types import Log, Survey
from app.sync.digest import NOTHING, with_ids

AT_ONCE = 2_000
# Not the models: a backup made years ago has the columns of its day, and these four are the ones that never change.
RECORDS: Final = table("records", column("id", BigInteger), column("uuid", Uuid), column("body", Text))
SERVER: Final = table("server", column("id", Integer), column("uuid", Uuid))
VERSION: Final = table("alembic_version", column("version_num", String))


def survey(connection: Connection) -> Survey:
    """Count and digest what the connection's transaction sees. Raises ToolFailed when these are not our tables."""
    names = sorted(inspect(connection).get_table_names())
    if not {"records", "server", "alembic_version"} <= set(names):
        raise ToolFailed("The database does not have our tables. Run: flask db upgrade")
    revision = connection.execute(select(VERSION.c.version_num)).scalar()
    return Survey(
        server=server_of(connection),
        revision=str(revision),
        tables={name: connection.execute(select(func.count()).select_from(table(name))).scalar_one() for name in names},
        log=_log(connection),
    )


def server_of(connection: Connection) -> str:
    """Return the id of the server whose database this is."""
    return str(connection.execute(select(SERVER.c.uuid)).scalar())


def _log(connection: Connection) -> Log:
    digest, sha = NOTHING, hashlib.sha256()
    query = select(RECORDS.c.uuid, RECORDS.c.body).order_by(RECORDS.c.id)
    for rows in connection.execute(query, execution_options={"yield_per": AT_ONCE}).partitions():
        digest = with_ids(digest, (str(row.uuid) for row in rows))
        for row in rows:
            sha.update(f"{row.uuid} {row.body}\n".encode())
    return Log(n=digest.n, x=digest.x, sha256=sha.hexdigest())
