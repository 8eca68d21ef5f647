"""`make bench-staff`: what a big provider's staff pages take: 1,000 people, 80 trainings, a million lesson reads.

The provider is generated and put into SQLite in bulk. Each page is asked for through the whole application, signed in,
in one process, and before each time a carer's phone sends a record. "The first time" is the first after the server was
started for those pages that stand first in what they share, "again" the median of the others. Both are by the clock and
by the processor, which other work of the machine lengthens less. The table goes into docs/performance.md.
"""

from __future__ import annotations

import gzip
import json
import os
import platform
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from flask import Flask, url_for
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app import create_app, identity, providers, requirements
from app.config import Mode, Settings
from app.content import queries as content
from app.extensions import db
from app.kernel import begin_write, utc_now
from app.providers import Role
from app.web.manager.library import library_of
from bench import practice
from tests.support.marked import put_between
from tests.support.site import FLASK, ROOT
from tests.support.trainings import LONG_AGO, add_profile, add_training
from tests.support.world import add_phone

PEOPLE, TRAININGS, READS = 1000, 80, 1_000_000
# How many trainings each of the five jobs needs: some need all.
JOBS = (30, 30, 35, 40, 80)
ROUNDS = 7
# So many of the slowest are written down.
SHOWN = 25
PASSWORD = "three plain words for a bench"
PAGE = ROOT / "docs/performance.md"


def make(folder: Path) -> Flask:
    """Return an application on a new database with the whole provider in it."""
    settings = Settings(
        mode=Mode.DEVELOPMENT,
        origin="http://localhost",
        secret_key="a key for measuring, and for nothing else",
        database_url=f"sqlite:///{folder / 'between-visits.sqlite'}",
        instance=folder,
        content=ROOT / "content",
    )
    environment = {**os.environ, "BV_INSTANCE": str(folder), "BV_MODE": "development"}
    for words in (("db", "upgrade"), ("content", "publish")):
        subprocess.run([*FLASK, *words], cwd=ROOT, env=environment, check=True, capture_output=True)
    app = create_app(settings)
    with app.app_context():
        session = db.session()
        begin_write(session)
        fill(session)
        session.commit()
        with db.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        db.session.remove()
    return app


def fill(session: Session) -> None:
    """Put the provider, its people, what they need and what they did into the tables."""
    luck, now = random.Random(7), utc_now()
    provider = providers.add_provider(session, "Bramble Home Care", contact="Priya", now=now - LONG_AGO)
    manager = providers.add_person(
        session, provider.id, "Priya Nair", (Role.MANAGER, Role.TRAINER), now=now - LONG_AGO, sign_in_name="priya"
    )
    identity.set_password(session, manager.person_id, PASSWORD)
    people = [
        providers.add_person(session, provider.id, f"Carer {number:04}", (Role.LEARNER,), now=now - LONG_AGO)
        for number in range(PEOPLE)
    ]
    editions = content.all_editions(session)[:TRAININGS]
    since = now - LONG_AGO
    trainings = [
        add_training(
            session, provider.id, each.title, each.key, since=since, first_due_days=luck.choice((84, 400, 500))
        )
        for each in editions
    ]
    for place, needed in enumerate(JOBS):
        add_profile(
            session, provider.id, f"Job {place + 1}", trainings[:needed], people[place :: len(JOBS)], since=since
        )
    session.flush()
    connection = session.connection()
    shas = json.dumps([each.sha for each in editions])
    connection.exec_driver_sql(READ, {"reads": READS, "people": PEOPLE, "shas": shas})
    identity.enrol_phone(session, people[0].person_id, provider_id=provider.id, now=now)
    session.flush()
    connection.exec_driver_sql(LOG)
    connection.exec_driver_sql(GO, {"shas": shas})
    connection.exec_driver_sql(COMPLETION, {"shas": shas})
    practice.fill(session, provider.id, people, now=now)


# Made inside SQLite, as a million rows are. Everybody finished about three modules in four, at some time in 13 months.
WHEN = "strftime('%Y-%m-%d %H:%M:%S.000000', 'now', '-' || (1 + abs(random()) % 568800) || ' minutes')"
CHOSEN = "SELECT module, number, sha, key AS place FROM editions JOIN json_each(:shas) ON value = sha"
READ = f"""
WITH RECURSIVE chosen AS MATERIALIZED ({CHOSEN}),
carers AS MATERIALIZED (
    SELECT person_id, provider_id, row_number() OVER (ORDER BY person_id) - 1 AS place FROM memberships
    WHERE id IN (SELECT membership_id FROM membership_roles WHERE role = 'learner')),
counted(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM counted WHERE n + 1 < :reads)
INSERT INTO lesson_reads (record, person_id, provider_id, module, edition, sha, at, lesson, seconds)
SELECT lower(hex(randomblob(16))), person_id, provider_id, module, number, sha, {WHEN}, 'lesson-' || n % 6, 10 + n % 80
FROM counted JOIN carers ON carers.place = n % :people
JOIN chosen ON chosen.place = (n / :people) % (SELECT count(*) FROM chosen)"""
# The log they came by: a record each, all by one phone, which no page asks about.
LOG = """
INSERT INTO records (uuid, person_id, provider_id, device_id, received_at, at, seq, v, kind, edition, sha, body)
SELECT record, person_id, provider_id, (SELECT max(id) FROM devices), at, at, 1, 1, 'lesson.read', sha, sha, '{}'
FROM lesson_reads"""
QUESTIONS = "[" + ",".join(f'{{"id":"question-{n}","first":100,"last":100,"tries":1}}' for n in range(4)) + "]"
GO = f"""
WITH chosen AS MATERIALIZED ({CHOSEN}), goes AS MATERIALIZED (
    SELECT lower(hex(randomblob(16))) AS record, person_id, provider_id, module, number, sha, {WHEN} AS at
    FROM memberships JOIN chosen WHERE abs(random()) % 4 > 0)
INSERT INTO attempt_results (record, person_id, provider_id, module, edition, sha, at, received_at, attempt, seconds,
    score, passed, questions, notes)
SELECT record, person_id, provider_id, module, number, sha, at, at, record, 60 + abs(random()) % 500, 100, 1,
    '{QUESTIONS}', '{{"unknown":[],"pending":[]}}' FROM goes"""
COMPLETION = """
INSERT INTO completions (record, person_id, provider_id, module, edition, sha, at, valid_for_months)
SELECT record, person_id, provider_id, module, edition, sha, at, NULL FROM attempt_results
WHERE sha IN (SELECT value FROM json_each(:shas))"""


def signed_in(app: Flask) -> FlaskClient:
    """Return the manager's browser."""
    client = app.test_client()
    page = client.get("/staff/sign-in").get_data(as_text=True)
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token is not None
    reply = client.post(
        "/staff/sign-in", data={"csrf_token": token[1], "name": "priya", "password": PASSWORD}, follow_redirects=True
    )
    assert reply.status_code == 200, reply.status
    return client


@dataclass(frozen=True)
class Took:
    """Milliseconds by the clock and of the processor: the first time, and the median of the others."""

    first: float
    first_processor: float
    again: float
    again_processor: float


def timed(act: Callable[[], object], *, before: Callable[[], object] = lambda: None) -> Took:
    """Do something a few times over, and something else `before` each time, which is not counted."""
    clock, processor = [], []
    for _ in range(ROUNDS):
        before()
        began, worked = time.perf_counter(), time.process_time()
        act()
        clock.append((time.perf_counter() - began) * 1000)
        processor.append((time.process_time() - worked) * 1000)
    return Took(clock[0], processor[0], statistics.median(clock[1:]), statistics.median(processor[1:]))


# Asked for besides the plain addresses: what the matrix can be narrowed to, and its last page.
NARROWED = ("?page=20", "?state=overdue", "?as_at={past}")
# Downloads, pictures, and a page that only an act leads to.
NOT_PAGES = {
    "manager.asked_many",
    "staff.app_qr",
    "matrix.as_xlsx",
    "matrix.as_csv",
    "figures.minutes_csv",
    "trainer.export",
    "manager.invite_qr",
}


def pages(app: Flask) -> list[str]:
    """Return the address of every page of staff that needs no more than a person, a module, a training or a profile."""
    with app.test_request_context():
        session = db.session()
        known = {
            "person": next(m for m in providers.list_members(session, 1) if m.name == "Carer 0004").person_uuid,
            "key": content.all_editions(session)[0].key,
            "training": requirements.trainings(session, 1)[0].uuid,
            "profile": requirements.profiles(session, 1)[0].uuid,
        }
        rules = [
            rule
            for rule in app.url_map.iter_rules()
            if rule.rule.startswith("/staff")
            and "GET" in (rule.methods or ())
            and rule.arguments <= known.keys()
            and rule.endpoint not in NOT_PAGES
        ]
        found = [url_for(rule.endpoint, **{name: known[name] for name in rule.arguments}) for rule in rules]
        db.session.remove()
    past = (utc_now() - timedelta(days=90)).date()
    return [*found, *(f"/staff/matrix{each.format(past=past)}" for each in NARROWED)]


def phone_of(app: Flask) -> Callable[[], None]:
    """Return what makes a carer's phone send a record: a page never finds everything as it was."""
    with app.app_context():
        session = db.session()
        carer = next(m for m in providers.list_members(session, 1) if m.name == "Carer 0007")
        phone, sha = add_phone(session, carer), content.all_editions(session)[0].sha
        session.commit()
        db.session.remove()

    def send() -> None:
        with app.app_context():
            phone.send(db.session(), phone.read_lesson(sha), now=utc_now())
            db.session.remove()

    return send


def measure(app: Flask) -> list[tuple[str, Took, int]]:
    """Address, milliseconds, and bytes when packed, of each page, the slowest first."""
    client, send = signed_in(app), phone_of(app)
    rows = []
    for address in pages(app):
        size = 0

        def ask(to: str = address) -> None:
            nonlocal size
            reply = client.get(to)
            # Some are there only after an act, such as erasing whoever has left.
            assert reply.status_code in (200, 302, 404), (to, reply.status)
            size = len(gzip.compress(reply.data)) if reply.status_code == 200 else 0

        took = timed(ask, before=send)
        if size:
            rows.append((re.sub(r"[0-9a-f-]{36}", "…", address), took, size))
            print(*rows[-1], flush=True)
    return sorted(rows, key=lambda row: -row[1].again)


def whole(app: Flask) -> Took:
    """Work out who stands where with everything, without a page and without what is kept in memory."""
    with app.test_request_context():
        chains = library_of(1).chains
        return timed(lambda: requirements.board(db.session(), 1, chains=chains, now=utc_now()))


def _line(name: str, took: Took, size: int) -> str:
    first, again = f"{took.first:.0f} ({took.first_processor:.0f})", f"{took.again:.0f} ({took.again_processor:.0f})"
    return f"| {name} | {first} | {again} | {size / 1000:.0f} |" if size else f"| {name} | {first} | {again} | |"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        app = make(Path(folder))
        rows = measure(app)
        board = ("Where 1,000 people stand with 80 trainings, no page", whole(app), 0)
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
    busy = round(os.getloadavg()[2])
    lines = [
        f"Measured on {utc_now():%-d %B %Y}: {os.cpu_count()} processors, {platform.machine()}, Python"
        f" {platform.python_version()}; the machine was doing {busy} other things over the last quarter of an hour.",
        "",
        "| Milliseconds (of the processor) | the first time | again, the median | kB packed |",
        "|---|---|---|---|",
        *(_line(*row) for row in [board, *rows[:SHOWN]]),
        *(
            [f"\nThe other {len(rows) - SHOWN} pages: at most {rows[SHOWN][1].again:.0f} ms again."]
            if rows[SHOWN:]
            else []
        ),
        "",
    ]
    put_between(PAGE, "bench-staff", "\n".join(lines))
    print("\n".join(lines))


if __name__ == "__main__":
    sys.exit(main())
