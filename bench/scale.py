"""What a country would take, worked out from what one visit takes: `python -m bench.scale`; `publish` writes the page.

A visit is what a phone does when it finds signal after a day: it asks what is new, and sends two lessons read and a
finished quiz. It is measured on PostgreSQL through gunicorn, the processor of our server and that of the database by
themselves. How often that happens is assumed, and stands in the page as that.
"""

from __future__ import annotations

import http.client
import json
import os
import sys
import tempfile
import time
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import brotli
import psycopg

from app.catalogue import figures
from app.web.api.news import HELD, HERE
from bench.phones import Sender, enrol
from bench.servers import MODULE, family, in_app, ours, processor, published
from tests.support.marked import put_between
from tests.support.postgres import private_postgres

PAGE = Path(__file__).resolve().parent.parent / "docs" / "scale.md"
PHONES, VISITS = 40, 10
NO_MODULES = figures([])
SETTINGS = ("shared_buffers=256MB",)
GROWING = ("records", "attempt_results", "lesson_reads", "completions", "reflections")

# What is assumed, of people and of prices. Nobody has counted it: put in your own.
CARERS = 800_000
VISITS_A_YEAR = 250  # days on which a carer opens it
RECORDS_A_VISIT = 3
BUSIEST_HOUR = 0.2  # share of a day's visits in one hour, before the morning round
WORKING = 0.6  # share of all carers who come on a busy day
STAFF_PAGES_A_DAY = 16_000 * 30  # a provider of fifty carers each, thirty pages a day
STAFF_MS = 60  # a page of staff, of docs/performance.md's table for 1,000 people the usual one
FIRST_VISIT_KB, CHANGED_KB_A_YEAR = 110, 400
HALF_USED = 0.5  # machines are bought so that the busiest hour takes half of them
CORE_A_MONTH, DISK_GB_A_MONTH, CDN_GB = 15.0, 0.15, 0.05  # pounds


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """What one visit took: milliseconds of processor, bytes on the wire, and bytes that stay in the database."""

    app_ms: float
    database_ms: float
    up: float
    down: float
    kept: float


def measured() -> Visit:
    """Let phones visit a server on PostgreSQL, and return what a visit took on average."""
    with (
        tempfile.TemporaryDirectory() as folder,
        private_postgres(SETTINGS) as url,
        ours(Path(folder) / "ours", BV_DATABASE_URL=url) as site,
    ):
        edition, lesson = published(site), _lesson(site)
        phones = enrol(site, PHONES)
        with psycopg.connect(urlsplit(url)._replace(scheme="postgresql").geturl(), autocommit=True) as database:
            keeper = _keeper(database)
            _visits(site.port, phones, edition, lesson, 1)  # What is made once is not counted.
            kept, ours_used, its_used = _size(database), processor(site.master), _used(keeper)
            up, down = _visits(site.port, phones, edition, lesson, VISITS)
            number = PHONES * VISITS
            return Visit(
                app_ms=(processor(site.master) - ours_used) / number * 1000,
                database_ms=(_used(keeper) - its_used) / number * 1000,
                up=up / number,
                down=down / number,
                kept=(_size(database) - kept) / number,
            )


def _visits(port: int, phones: list[Sender], edition: dict[str, Any], lesson: str, times: int) -> tuple[int, int]:
    up = down = 0
    here: dict[str, str] = {}
    connection = http.client.HTTPConnection("localhost", port, timeout=60)

    def ask(method: str, path: str, token: str, body: bytes | None, **more: str) -> bytes:
        headers = {"Authorization": f"Bearer {token}", "Accept-Encoding": "br", **more}
        connection.request(method, path, body, headers)
        reply = connection.getresponse()
        words = reply.read()
        assert reply.status in (200, 204), (path, reply.status, words[:300])
        nonlocal up, down
        up, down = up + len(body or b""), down + len(words)
        return brotli.decompress(words) if reply.headers["Content-Encoding"] == "br" else words

    for _ in range(times):
        for phone in phones:
            # As the phone asks: with what it has, and the figures compared.
            known = {HERE: here.get(phone.dev, ""), HELD: f"{uuid.uuid4().hex} {phone.dev}"}
            if said := ask("GET", "/api/v1/news", phone.read, None, **known):
                news = json.loads(said)
                here[phone.dev] = f"{news['here']}.{NO_MODULES}.{news['library']}"
            batch = _batch(phone, edition, lesson)
            ask("POST", "/api/v1/records", phone.append, batch, **{"Content-Type": "application/json"})
    connection.close()
    return up, down


def _batch(phone: Sender, edition: dict[str, Any], lesson: str) -> bytes:
    """The body of a request with a finished quiz and two lessons read."""
    batch = json.loads(phone.batch(edition, RECORDS_A_VISIT))
    about = {"module": edition["module"], "edition_no": edition["edition"]}
    for record in batch["records"][1:]:
        record |= {"kind": "lesson.read", "data": {**about, "lesson": lesson, "part": 1, "seconds": 40}}
    return json.dumps(batch | {"batch": str(uuid.uuid4())}).encode()


def _lesson(site: Any) -> str:
    script = f"""
from app import create_app, learning
from app.extensions import db
from app.content.queries import current_editions
app = create_app()
with app.app_context():
    session = db.session()
    sha = next(e.sha for e in current_editions(session) if e.key == {MODULE!r})
    print(sorted(learning.studied_editions(session, [sha])[sha].lessons)[0])
"""
    return in_app(site, script)[-1]


def _keeper(database: psycopg.Connection) -> int:
    """Return the process id of the database's first process."""
    row = database.execute("SHOW data_directory").fetchone()
    assert row is not None
    return int((Path(row[0]) / "postmaster.pid").read_text().splitlines()[0])


def _used(keeper: int) -> float:
    """Seconds of processor of a database: its first process, what it is running, and what it has run."""
    ticks = 0
    for pid in family(keeper):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        ticks += sum(int(each) for each in (fields[11:15] if pid == keeper else fields[11:13]))
    return ticks / os.sysconf("SC_CLK_TCK")


def _size(database: psycopg.Connection) -> int:
    """Bytes of the tables that grow, with their indexes and the room that is left in their pages."""
    query = "SELECT sum(pg_total_relation_size(inhrelid)) FROM pg_inherits WHERE inhparent = ANY(%s::regclass[])"
    row = database.execute(query, ([*GROWING],)).fetchone()
    assert row is not None
    return int(row[0])


def table(visit: Visit) -> str:
    """Return what a country takes, as a table in Markdown."""
    busiest = CARERS * WORKING * BUSIEST_HOUR / 3600
    staff = STAFF_PAGES_A_DAY * BUSIEST_HOUR / 3600
    visits_app, visits_database = busiest * visit.app_ms / 1000, busiest * visit.database_ms / 1000
    staff_cores = staff * STAFF_MS / 1000
    # Half of a staff page is its statements: each end is given the whole of it, to be on the safe side.
    app_cores = (visits_app + staff_cores) / HALF_USED
    database_cores = (visits_database + staff_cores) / HALF_USED
    records = CARERS * VISITS_A_YEAR * RECORDS_A_VISIT
    kept = CARERS * VISITS_A_YEAR * visit.kept / 1e9
    wire = CARERS * (VISITS_A_YEAR * (visit.up + visit.down) + (FIRST_VISIT_KB + CHANGED_KB_A_YEAR) * 1000) / 1e9
    editions = CARERS * (FIRST_VISIT_KB + CHANGED_KB_A_YEAR) * 1000 / 1e9
    # The database stands twice, and a third time as backups; the first six years of records stay.
    disk = kept * 6 * 3
    pounds = (
        (app_cores + 2 * database_cores) * CORE_A_MONTH * 12 + disk * DISK_GB_A_MONTH * 12 + editions * CDN_GB
    ) / CARERS
    rows = [
        ("**Measured, a visit**", ""),
        ("our server's processor", f"{visit.app_ms:.1f} ms"),
        ("the database's processor", f"{visit.database_ms:.1f} ms"),
        ("on the wire, up and down", f"{visit.up / 1000:.1f} kB, {visit.down / 1000:.1f} kB"),
        ("stays in the database, indexes included", f"{visit.kept / 1000:.1f} kB"),
        ("**Worked out, a country**", ""),
        ("visits a second in the busiest hour", f"{busiest:.0f}"),
        ("staff pages a second in it", f"{staff:.0f}"),
        ("processors for the app, half used then", f"{app_cores:.0f}"),
        ("processors for the database, half used then", f"{database_cores:.0f}"),
        ("records a year", f"{records / 1e6:,.0f} million"),
        ("database a year", f"{kept:,.0f} GB"),
        ("network a year, of which a CDN can take", f"{wire:,.0f} GB, {editions:,.0f} GB"),
        ("machines, disks and network, per carer and year", f"£{pounds:.3f}"),
    ]
    return "\n".join(
        [
            f"Measured on {time.strftime('%d %B %Y', time.gmtime())} with {os.cpu_count()} processors.",
            "",
            "| | |",
            "|---|---|",
            *(f"| {what} | {figure} |" for what, figure in rows),
        ]
    )


def main(words: list[str]) -> int:
    """Print the table, and put it into the page when asked to."""
    words_of_it = table(measured())
    print(words_of_it)
    if words == ["publish"]:
        put_between(PAGE, "scale", words_of_it)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
