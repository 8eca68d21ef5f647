"""The session's engine: which options it is made with."""

from __future__ import annotations

from typing import Any

from flask import Flask
from sqlalchemy.engine import make_url

from app import files
from app.extensions import db
from app.files import Bucket
from app.kernel import prepare_engine

# A thread that finds no connection gives up in time for its phone to hear of it (they wait 20 s for a byte).
POOL_TIMEOUT_S = 10
# A machine that is gone says nothing at all: a connection to it is given up by us, and in that time too. Seconds, but
# the last in milliseconds; the names are libpq's.
NOTICED = {
    "connect_timeout": 10,
    "keepalives_idle": 5,
    "keepalives_interval": 3,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
}


def engine_options(url: str, threads: int, *, pooled: bool = False) -> dict[str, Any]:
    """Return the keyword arguments of `create_engine` for this database: a connection for each thread, and two more.

    `pooled`: the address leads to a pooler that gives each transaction another connection (BV_DATABASE_DIRECT_URL).
    """
    # An error's words name the statement, not the people in it.
    pool = {"hide_parameters": True, "pool_size": threads, "max_overflow": 2, "pool_timeout": POOL_TIMEOUT_S}
    known = make_url(url)
    if known.get_backend_name() == "sqlite":
        return pool
    # What the address says itself counts more.
    connect: dict[str, Any] = {name: value for name, value in NOTICED.items() if name not in known.query}
    if pooled:
        # What was prepared on one connection of the pooler's is unknown on the next.
        connect["prepare_threshold"] = None
    # A connection the database dropped, overnight or when another took its place, is noticed before it is used.
    return {"pool_pre_ping": True, "connect_args": connect, **pool}


def init_app(app: Flask, bucket: Bucket | None = None) -> None:
    """Bind the database to `app` and make its connections durable. `bucket`: where files of its rows lie."""
    db.init_app(app)
    with app.app_context():
        prepare_engine(db.engine)
        files.keep_in(db.engine, bucket)
