"""No statement of a page or of the API reads all of a table that grows: an index leads to the rows it wants.

SQLite plans without looking at rows, so every statement of every request is explained as it was sent. PostgreSQL is
given thousands of rows of other people and providers first, and answers for what is asked for most.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pytest
from sqlalchemy import text

from app import create_app, jobs, messages
from app.extensions import db
from app.interop import webhooks
from app.interop.xapi import forwarding
from app.kernel import begin_write, utc_now
from tests.integration.cost.conftest import Walked
from tests.support.asking import Asked, Asking
from tests.support.crowd import ORIGIN, Crowd
from tests.support.emptied import Emptied
from tests.support.filled import fill, filled
from tests.support.plans import Sent, large, parts_touched, recorded, troubles
from tests.support.two_providers import make_world
from tests.support.website import settings_in

# Requests that read whole tables, and why they may.
WHOLE = {
    "GET /credentials/known.json": "whom this server vouches for and what was revoked: the file of all of it",
    "POST /api/v1/places": "where two records become one, once in a person's life, every table is asked for them",
    "POST /staff/people/<uuid:person>/everything": "as somebody's copy is made",
    "POST /api/v1/export": "as somebody's copy is made",
}
# What is sorted before the first few are taken is never everybody's; SQLite cannot say how little it is.
SORTED = {
    "GET /api/v1/feed/people": "where one provider's people stand",
    "GET /api/v1/state": "one person's newest goes",
    "GET /join/<code>": "one person's places",
    "GET /join/<code>/pin": "one person's places",
    "GET /staff/people/<uuid:person>/copy": "one person's places",
    "GET /staff/security": "what one person did",
}
# What a phone asks of all parts of the records: whether an id is anybody's.
OF_EVERYBODY = ("WHERE records.uuid IN",)
# Nobody has a row in them here, or each provider one: what they are asked is seen on SQLite.
NOT_FILLED = {
    "adoptions",
    "asc_wds_workplaces",
    "automatic_nudges",
    "evidence_labels",
    "feed_looks",
    "own_packs",
    "providers",
}
HOT = frozenset({"api.send_records", "api.rotate", "api.sign_in", "staff.sign_in", "staff.sign_out"})


# What is asked for most: by phones and other systems, and by whoever opens a link or looks at their people.
ASKED_MOST = (
    "GET /api/",
    "POST /api/",
    "GET /e/",
    "GET /p/",
    "GET /staff/matrix",
    "GET /staff/people |",
    "GET /staff/people/<uuid:person> |",
)


def of_everybody(found: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """What was found, less what may be."""
    left = {}
    for name, each in found.items():
        request = name.partition(" | ")[0]
        wrong = [words for words in each if not (request in SORTED and words.startswith("sorts"))]
        if wrong and request not in WHOLE:
            left[name] = wrong
    return left


def test_sqlite_reads_no_large_table_whole(walked: Walked) -> None:
    assert walked.explained > 400
    assert of_everybody(walked.troubles) == {}


@dataclass(frozen=True, slots=True, kw_only=True)
class OnPostgres:
    """What was found there, by request and statement; how many were asked; the tables too small to say anything; and
    the requests that ended in an error of ours.
    """

    troubles: dict[str, list[str]]
    parts: dict[str, dict[str, int]]
    explained: int
    small: frozenset[str]
    failed: list[str]


@pytest.fixture(scope="module")
def on_postgres(postgres_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[OnPostgres]:
    """Everything that is looked at, and what phones and workers do all day."""
    url = Emptied(postgres_url).url()
    address = url.render_as_string(hide_password=False)
    app = create_app(settings_in(tmp_path_factory.mktemp("planned"), origin=ORIGIN, database_url=address))
    with app.app_context():
        crowd = Crowd(make_world())
        crowd.grow(2)
        asking = Asking(app, crowd)
        with db.engine.begin() as connection:
            fill(connection)
            connection.execute(text("ANALYZE"))
        with db.engine.connect() as connection:
            tables = filled(connection)
        requests = [each for each in asking.requests() if each.method == "GET"]
        requests += [each for each in asking.requests() if each.endpoint in HOT]
        yield look(asking, requests, tables)
        db.session.remove()
        db.engine.dispose()


def look(asking: Asking, requests: list[Asked], tables: frozenset[str]) -> OnPostgres:
    """Ask, and explain each statement when it is first sent."""
    found: dict[str, list[str]] = {}
    parts: dict[str, dict[str, int]] = {}
    known: set[str] = set()
    failed: list[str] = []

    def explain(name: str, sent: Mapping[str, Sent], *, of_one: bool) -> None:
        db.session.remove()
        with db.engine.connect() as connection:
            for statement, each in sent.items():
                if of_one and (touched := parts_touched(connection, each)):
                    parts[f"{name} | {statement}"] = touched
                if statement not in known and (trouble := troubles(connection, each, tables)):
                    found[f"{name} | {statement}"] = trouble
                known.add(statement)

    for asked in requests:
        with recorded(db.engine) as sent:
            status = asking.send(asked).status_code
        if status >= 500:
            failed.append(asked.name)
        explain(asked.name, sent, of_one=asked.endpoint.startswith("api.") and "feed" not in asked.endpoint)
    with recorded(db.engine) as sent:
        work()
    explain("the worker", sent, of_one=False)
    return OnPostgres(troubles=found, parts=parts, explained=len(known), small=large() - tables, failed=failed)


def work() -> None:
    """What a worker asks every half minute."""
    session, now = db.session(), utc_now()
    begin_write(session)
    jobs.claim(session, ["evidence", "catalogue"], now=now)
    messages.claim(session, now=now)
    webhooks.delivering.claim(session, now=now)
    forwarding.waiting_stores(session, now=now)
    session.rollback()


@pytest.mark.postgres
def test_postgres_reads_no_large_table_whole_for_what_is_asked_most(on_postgres: OnPostgres) -> None:
    assert on_postgres.explained > 250
    found = of_everybody(on_postgres.troubles)
    assert {name: each for name, each in found.items() if name.startswith(ASKED_MOST)} == {}


@pytest.mark.postgres
def test_every_page_is_shown_on_postgres_too(on_postgres: OnPostgres) -> None:
    assert on_postgres.failed == []


@pytest.mark.postgres
def test_so_much_is_in_every_table_that_this_means_something(on_postgres: OnPostgres) -> None:
    assert on_postgres.small == NOT_FILLED


@pytest.mark.postgres
def test_what_a_phone_asks_is_of_one_part_of_each_table(on_postgres: OnPostgres) -> None:
    """One person's rows lie together: their other parts, on their other disks, are left alone."""
    assert on_postgres.parts
    more = {name: touched for name, touched in on_postgres.parts.items() if max(touched.values()) > 1}
    assert {name: touched for name, touched in more.items() if not any(each in name for each in OF_EVERYBODY)} == {}
