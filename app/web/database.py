"""The session's engine: which options it is made with, and when a request takes the write lock."""

from __future__ import annotations

from typing import Any

from flask import Flask, request
from sqlalchemy.engine import make_url

from app.extensions import db
from app.kernel import begin_write, prepare_engine
from app.web.access import READS_ONLY

# A thread that finds no connection gives up in time for its phone to hear of it (they wait 20 s for a byte).
POOL_TIMEOUT_S = 10


def engine_options(url: str, threads: int) -> dict[str, Any]:
    """Return the keyword arguments of `create_engine` for this database: a connection for each thread, and two more."""
    # An error's words name the statement, not the people in it.
    pool = {"hide_parameters": True, "pool_size": threads, "max_overflow": 2, "pool_timeout": POOL_TIMEOUT_S}
    if make_url(url).get_backend_name() == "sqlite":
        return pool
    # A connection the database dropped overnight is noticed before it is used.
    return {"pool_pre_ping": True, **pool}


def _write_from_the_start() -> None:
    if request.method not in READS_ONLY:
        # What was sent is read whole before the lock is taken: it may come from a phone on one bar of signal, and
        # meanwhile nobody else could write.
        request.get_data(parse_form_data=True)
        begin_write(db.session())


def init_app(app: Flask) -> None:
    """Bind the database to `app` and make its connections durable."""
    db.init_app(app)
    with app.app_context():
        prepare_engine(db.engine)
    app.before_request(_write_from_the_start)
