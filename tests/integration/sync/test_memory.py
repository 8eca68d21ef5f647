"""Taking in records leaves nothing behind in the process: what each request makes is gone after it."""

from __future__ import annotations

import gc
import logging
import tracemalloc

import pytest

from app import sync
from app.extensions import db
from app.kernel import new_uuid7, utc_now
from app.sync.digest import NOTHING, with_ids
from tests.support.editions import edition
from tests.support.publishing import publish, publish_core
from tests.support.website import Browser, Place, app, bramble, browser, empty_tables, priya
from tests.support.world import add_phone

__all__ = ["app", "bramble", "browser", "empty_tables", "priya"]

BATCHES = 120
# Python keeps free lists, and pools of what it was given; a leak of one small object a record would be over this.
MOST = 40_000  # bytes


def test_many_batches_leave_nothing_behind(browser: Browser, bramble: Place) -> None:
    publish_core(db.session())
    sha = publish(db.session(), edition("falls"))
    phone = add_phone(db.session(), bramble.add("Ngozi Obi"), now=utc_now())
    server = str(sync.server_id(db.session()))
    db.session.commit()
    held = NOTHING

    def send(batches: int) -> None:
        nonlocal held
        for _ in range(batches):
            records = [phone.answered(sha, {"first-thing": ["b"]}) for _ in range(3)]
            phone.made.clear()
            body = {
                "proto": 1,
                "server": server,
                "dev": str(phone.dev),
                "person": str(phone.person_uuid),
                "batch": str(new_uuid7()),
                "app": "test",
                "now": "2026-06-15T10:00:00.000Z",
                "held": {"n": held.n, "x": held.x},
                "records": records,
            }
            reply = browser.client.post(
                "/api/v1/records", json=body, headers={"Authorization": f"Bearer {phone.append}"}
            )
            assert reply.status_code == 200
            assert [each["r"] for each in reply.json["receipts"]] == ["stored"] * 3
            held = with_ids(held, [record["id"] for record in records])

    # The test runner keeps every line of the log.
    logging.disable()
    tracemalloc.start()
    try:
        send(60)
        gc.collect()
        before, _ = tracemalloc.get_traced_memory()
        send(BATCHES)
        gc.collect()
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
        logging.disable(logging.NOTSET)
    assert after - before < MOST


def test_a_leak_of_a_little_for_each_record_would_show() -> None:
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        kept = [{"record": number} for number in range(3 * BATCHES)]
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(kept) == 3 * BATCHES
    with pytest.raises(AssertionError):
        assert after - before < MOST
