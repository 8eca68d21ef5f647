"""Taking in quiz results on PostgreSQL, ten a request, beside what its own store takes of the same rows.

The store's own rate is that of eight connections of psycopg that do to the same tables what a request of ours does to
them, each table in one statement, in one transaction that is on the disk before it is answered; nothing is read, judged
or marked for it. Ours are eight phones through gunicorn, on the same server. For comparison the rate of a table with
nothing but an id and a text is printed too.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
from psycopg import sql
from psycopg.types.json import Json

from app.kernel import new_uuid7
from bench.intake import sent
from bench.phones import enrol
from bench.servers import ours, published
from tests.support.postgres import private_postgres

SENDERS, REQUESTS, SIZE, ROUNDS = 8, 50, 10, 5
# As a small box would be set up; fsync and synchronous_commit are as PostgreSQL has them, on.
SETTINGS = ("shared_buffers=128MB", "synchronous_commit=on", "fsync=on")
TABLE = "CREATE TABLE floor_record (id uuid PRIMARY KEY, body text NOT NULL)"
# What a finished quiz becomes, as far as it was passed, and the column that names it.
FILLED = {"records": "uuid", "attempt_results": "record", "completions": "record"}

Write = Callable[[psycopg.Connection], None]


def measure(folder: Path) -> dict[str, list[float]]:
    """S11: our rate as a share of the store's."""
    shares = []
    with private_postgres(SETTINGS) as url, ours(folder / "ours", BV_DATABASE_URL=url) as site:
        edition, senders = published(site), enrol(site, SENDERS)
        plain = urlsplit(url)._replace(scheme="postgresql").geturl()
        with psycopg.connect(plain) as connection:
            connection.execute(TABLE)
        body = json.dumps(senders[0].answered(edition))
        for _ in range(ROUNDS):
            work = [[(one.append, one.batch(edition, SIZE)) for _ in range(REQUESTS)] for one in senders]
            us = sent(work, SENDERS * REQUESTS * SIZE, site.port, site.master, "/api/v1/records").rate
            store = rate_of(plain, [alike(plain, number) for number in range(SENDERS)])
            bare = rate_of(plain, [naked(body)] * SENDERS)
            print(f"  ours {us:.0f} records a second, its store {store:.0f}, a bare table {bare:.0f}", flush=True)
            shares.append(us / store * 100)
    return {"S11.share": shares}


def rate_of(url: str, writers: list[Write]) -> float:
    """Rows a second by these writers at once, each on a connection of its own, as many in all as ours takes."""
    connections = [psycopg.connect(url) for _ in writers]

    def write(one: tuple[Write, psycopg.Connection]) -> None:
        for _ in range(REQUESTS):
            one[0](one[1])
            one[1].commit()

    began = time.perf_counter()
    with ThreadPoolExecutor(len(writers)) as pool:
        list(pool.map(write, zip(writers, connections, strict=True)))
    seconds = time.perf_counter() - began
    for connection in connections:
        connection.close()
    return len(writers) * REQUESTS * SIZE / seconds


def naked(body: str) -> Write:
    """Ten rows of an id and a text."""
    statement = f"INSERT INTO floor_record VALUES {', '.join(['(%s, %s)'] * SIZE)}"

    def write(connection: psycopg.Connection) -> None:
        connection.execute(statement, [value for _ in range(SIZE) for value in (new_uuid7(), body)])

    return write


def alike(url: str, number: int) -> Write:
    """Ten more records of the phone of this number, as rows like those that ours made of its last ten."""
    with psycopg.connect(url) as connection:
        device = connection.execute("SELECT device_id FROM phone_digests ORDER BY 1 OFFSET %s", (number,)).fetchone()
        assert device is not None
        last = (
            "SELECT records.uuid FROM records JOIN devices USING (person_id)"
            " WHERE devices.id = %s AND device_id = devices.id ORDER BY records.id DESC LIMIT %s"
        )
        uuids = [row[0] for row in connection.execute(last, (device[0], SIZE))]
        found = {table: _rows(connection, table, key, uuids) for table, key in FILLED.items()}
    rows = {table: theirs for table, theirs in found.items() if theirs}
    statements = {table: _insert(table, theirs) for table, theirs in rows.items()}

    def write(connection: psycopg.Connection) -> None:
        ids = {uuid: new_uuid7() for uuid in uuids}
        connection.execute("SELECT n, x FROM phone_digests WHERE device_id = %s FOR UPDATE", device)
        connection.execute("SELECT uuid, device_id, sha FROM records WHERE uuid = ANY(%s)", (list(ids.values()),))
        for table, theirs in rows.items():
            key = FILLED[table]
            values = [ids[row[key]] if name == key else row[name] for row in theirs for name in row]
            connection.execute(statements[table], values)
        connection.execute("UPDATE phone_digests SET n = n WHERE device_id = %s", device)

    return write


def _insert(table: str, rows: list[dict[str, Any]]) -> sql.Composed:
    """Return one INSERT of so many rows with these columns."""
    one = sql.SQL("({})").format(sql.SQL(", ").join([sql.Placeholder()] * len(rows[0])))
    return sql.SQL("INSERT INTO {} ({}) VALUES {}").format(
        sql.Identifier(table),
        sql.SQL(", ").join(map(sql.Identifier, rows[0])),
        sql.SQL(", ").join([one] * len(rows)),
    )


def _rows(connection: psycopg.Connection, table: str, key: str, uuids: list[Any]) -> list[dict[str, Any]]:
    query = sql.SQL("SELECT * FROM {} WHERE {} = ANY(%s)").format(sql.Identifier(table), sql.Identifier(key))
    cursor = connection.execute(query, (uuids,))
    names = [column.name for column in cursor.description or ()]
    rows = [dict(zip(names, row, strict=True)) for row in cursor]
    for row in rows:
        row.pop("id", None)  # The log counts by itself.
    return [
        {name: Json(value) if isinstance(value, dict | list) else value for name, value in row.items()} for row in rows
    ]
