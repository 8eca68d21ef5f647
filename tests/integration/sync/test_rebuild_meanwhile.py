"""`flask records rebuild` while phones send to a real server of two processes, on both databases."""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from app import sync
from app.kernel import begin_write, new_uuid7, utc_now
from app.learning import AttemptResult
from app.sync import HeldRecord, Record
from tests.soak.sender import Sender, SoakPhone, Tally
from tests.support.editions import edition, pick_one
from tests.support.publishing import publish
from tests.support.site import Site
from tests.support.tables import worked_out
from tests.support.world import add_person, add_phone, add_provider

REBUILDS = 2
SENDERS, PHONES = 3, 2


@pytest.fixture
def site(database: Engine, tmp_path: Path) -> Iterator[Site]:
    url = database.url.render_as_string(hide_password=False)
    site = Site(tmp_path, settings={"BV_DATABASE_URL": url, "BV_WORKERS": "2", "BV_THREADS": "4"})
    site.start()
    yield site
    site.stop()


def test_rebuilding_while_phones_send_loses_nothing_and_gives_the_same_rows(site: Site, database: Engine) -> None:
    with Session(database) as session:
        begin_write(session)
        sha = publish(session, edition(questions=[pick_one(must=True)]))
        server, provider = str(sync.server_id(session)), add_provider(session)
        phones = [
            [SoakPhone(add_phone(session, add_person(session, provider), now=utc_now()), server) for _ in range(PHONES)]
            for _ in range(SENDERS)
        ]

    def make(phone: SoakPhone, luck: random.Random) -> None:
        phone.keep(a_record(phone, sha, luck))

    tally = Tally()
    senders = [Sender(site.port, mine, make, tally, seed) for seed, mine in enumerate(phones)]
    for sender in senders:
        sender.start()
    enough = threading.Event()
    counts = []
    for _ in range(REBUILDS):
        enough.wait(1)
        counts.append(site.flask("records", "rebuild")["records"])
    for sender in senders:
        sender.finishing.set()
    for sender in senders:
        sender.join(150)

    assert [sender.failed for sender in senders] == [None] * SENDERS
    assert counts == sorted(counts)
    assert counts[0] < counts[-1], "nothing came between two rebuilds: this run proves nothing"
    assert set(tally.replies) <= {"ok", "cut", "no answer", "503", "GET 503"}, tally.replies
    made = {uuid: kind for mine in phones for phone in mine for uuid, kind in phone.made.items()}
    assert not [phone.waiting for mine in phones for phone in mine if phone.waiting]
    with Session(database) as session:
        stored = [str(uuid) for uuid in session.scalars(select(Record.uuid))]
        assert sorted(stored) == sorted(made), "each once, and no other"
        kinds = Counter(made.values())
        assert len(session.scalars(select(AttemptResult.record)).all()) == kinds["quiz.answered"] > 0
        assert len(session.scalars(select(HeldRecord.uuid)).all()) == kinds["sketch.drawn"] > 0
        as_it_came = worked_out(session)
        begin_write(session)
        sync.rebuild(session)
        assert worked_out(session) == as_it_came


def a_record(phone: SoakPhone, sha: str, luck: random.Random) -> dict[str, Any]:
    """A go, a lesson read, or what this server cannot judge."""
    kind = luck.choice(["quiz.answered", "lesson.read", "sketch.drawn"])
    if kind == "quiz.answered":
        answer = luck.choice(["a", "b"])
        return phone.phone.answered(sha, {"first-thing": [answer]}, at="2026-06-14T10:00:00Z")
    if kind == "lesson.read":
        return phone.phone.read_lesson(sha)
    return phone.phone.record(kind, {"id": str(new_uuid7())})
