"""The least server that really stores: Flask and one INSERT a record, in SQLite as safe as ours (WAL, FULL).

Run by gunicorn as `bench.floor:app`; FLOOR_DATABASE names its file.
"""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
from collections.abc import Mapping
from typing import Any

from flask import Flask, Response, abort, g, request

app = Flask(__name__)


def prepare(path: str, bodies: Mapping[str, bytes] | None = None) -> None:
    """Make the file before the workers start: switching to WAL waits for nobody, so two at once would fail."""
    with contextlib.closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("CREATE TABLE record (id TEXT PRIMARY KEY, body TEXT NOT NULL)")
        database.execute("CREATE TABLE edition (sha TEXT PRIMARY KEY, body BLOB NOT NULL)")
        database.executemany("INSERT INTO edition VALUES (?, ?)", (bodies or {}).items())
        database.commit()


def database() -> sqlite3.Connection:
    if "database" not in g:
        g.database = sqlite3.connect(os.environ["FLOOR_DATABASE"], timeout=20)
        g.database.execute("PRAGMA synchronous=FULL")
    connection: sqlite3.Connection = g.database
    return connection


@app.teardown_appcontext
def close(_error: BaseException | None) -> None:
    connection = g.pop("database", None)
    if connection is not None:
        connection.close()


@app.post("/records")
def records() -> dict[str, Any]:
    batch = request.get_json()
    rows = [(record["id"], json.dumps(record)) for record in batch["records"]]
    with database() as connection:
        connection.executemany("INSERT INTO record VALUES (?, ?) ON CONFLICT DO NOTHING", rows)
    return {"receipts": [row[0] for row in rows]}


@app.get("/e/<sha>")
def edition(sha: str) -> Response:
    row = database().execute("SELECT body FROM edition WHERE sha = ?", (sha,)).fetchone()
    return Response(row[0], mimetype="application/json") if row else abort(404)


@app.get("/up")
def up() -> str:
    return "up"
