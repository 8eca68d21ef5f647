"""The real server with two processes of several threads: what many send at once, and what somebody sends slowly."""

from __future__ import annotations

import gzip
import json
import socket
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from app import sync
from app.identity import Device
from app.kernel import new_uuid7, utc_now
from app.sync import Digest, PhoneDigest, Record
from app.sync.digest import NOTHING, with_ids
from tests.support.site import Site
from tests.support.world import Phone, one_phone

SENDERS = 8


@pytest.fixture
def site(database: Engine, tmp_path: Path) -> Iterator[Site]:
    """Gunicorn with two workers of four threads, on each sort of database."""
    url = database.url.render_as_string(hide_password=False)
    site = Site(tmp_path, settings={"BV_DATABASE_URL": url, "BV_WORKERS": "2", "BV_THREADS": "4"})
    site.start()
    yield site
    site.stop()


def send(site: Site, session: Session, phone: Phone, *records: dict[str, Any]) -> dict[str, Any]:
    """Send records as the phone does, over the network, and return the reply. Anything but 200 raises."""
    batch = {
        "proto": 1,
        "server": str(sync.server_id(session)),
        "dev": str(phone.dev),
        "person": str(phone.person_uuid),
        "batch": "same",
        "app": "test",
        "now": "2026-06-15T12:00:00.000Z",
        "held": {"n": NOTHING.n, "x": NOTHING.x},
        "records": records,
    }
    request = urllib.request.Request(
        f"{site.origin}/api/v1/records",
        data=gzip.compress(json.dumps(batch).encode()),
        headers={
            "Authorization": f"Bearer {phone.append}",
            "Content-Type": "application/json",
            "Content-Encoding": "gzip",
        },
    )
    with urllib.request.urlopen(request, timeout=20) as reply:
        answer: dict[str, Any] = json.load(reply)
        return answer


def test_the_same_batch_sent_many_times_at_once_is_stored_once(site: Site, database: Engine) -> None:
    with Session(database) as session:
        phone = one_phone(session, now=utc_now())
    # A phone this server has forgotten: taking it in again is part of the race.
    phone.dev = new_uuid7()
    records = [phone.record() for _ in range(60)]
    together = Barrier(SENDERS)

    def at_once(_number: int) -> dict[str, Any]:
        with Session(database) as session:
            together.wait()
            return send(site, session, phone, *records)

    with ThreadPoolExecutor(SENDERS) as pool:
        replies = list(pool.map(at_once, range(SENDERS)))

    said = Counter(receipt["r"] for reply in replies for receipt in reply["receipts"])
    assert said == {"stored": 60, "duplicate": 60 * (SENDERS - 1)}
    assert not [reply for reply in replies if "have" in reply or "rotate" in reply]
    with Session(database) as session:
        assert session.scalars(select(func.count()).select_from(Record)).one() == 60
        digest = session.execute(
            select(PhoneDigest.n, PhoneDigest.x).join(Device, Device.id == PhoneDigest.device_id)
        ).one()
        assert Digest(n=digest.n, x=digest.x) == with_ids(NOTHING, [record["id"] for record in records])


def test_somebody_who_sends_slowly_keeps_nobody_from_writing(site: Site, database: Engine) -> None:
    with Session(database) as session:
        phone = one_phone(session, now=utc_now())
        with socket.create_connection(("127.0.0.1", site.port)) as slow:
            slow.sendall(
                b"POST /api/v1/sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                b"Content-Length: 1000\r\n\r\n{"
            )

            time.sleep(0.5)  # until a thread has it in hand

            assert [each["r"] for each in send(site, session, phone, phone.record())["receipts"]] == ["stored"]
