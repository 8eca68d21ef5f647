"""All of it with gunicorn and an operator's commands: backup, more records, restore, and a phone fills the gap."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from app import sync
from app.kernel import prepare_engine, utc_now
from app.sync.digest import NOTHING, with_ids
from tests.support import commands
from tests.support.backups import KEY
from tests.support.site import Site
from tests.support.world import Phone, one_phone


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    made = Site(tmp_path, settings={"BV_BACKUP_KEY": KEY, "BV_WORKERS": "1"})
    made.prepare_tables()
    made.start()
    yield made
    made.stop()


def join(site: Site) -> tuple[Phone, str]:
    """A phone of somebody of this server, and the server's id."""
    engine = create_engine(f"sqlite:///{site.folder / 'between-visits.sqlite'}")
    prepare_engine(engine)
    with Session(engine) as session:
        phone, server = one_phone(session, now=utc_now()), str(sync.server_id(session))
    engine.dispose()
    return phone, server


def send(site: Site, phone: Phone, server: str, records: list[dict[str, Any]], believed: list[str]) -> dict[str, Any]:
    held = with_ids(NOTHING, believed)
    batch = {
        "proto": 1,
        "server": server,
        "dev": str(phone.dev),
        "person": str(phone.person_uuid),
        "batch": "one",
        "app": "test",
        "now": "2026-06-15T12:00:00.000Z",
        "held": {"n": held.n, "x": held.x},
        "records": records,
    }
    request = urllib.request.Request(
        f"{site.origin}/api/v1/records",
        json.dumps(batch).encode(),
        {"Content-Type": "application/json", "Authorization": f"Bearer {phone.append}"},
    )
    with urllib.request.urlopen(request, timeout=20) as reply:
        answer: dict[str, Any] = json.loads(reply.read())
    return answer


def told(site: Site, phone: Phone) -> str:
    """What the server holds for the phone, as a phone with nothing to send asks for it."""
    request = urllib.request.Request(
        f"{site.origin}/api/v1/news",
        headers={"Authorization": f"Bearer {phone.read}", "BV-Held": f"0123456789abcdef {phone.dev}"},
    )
    with urllib.request.urlopen(request, timeout=20) as reply:
        word, _, figures = reply.headers["BV-Held"].split(" ")
    assert word == "0123456789abcdef"
    return str(figures)


def figures_of(ids: list[str]) -> str:
    held = with_ids(NOTHING, ids)
    return f"{held.n}:{held.x}"


def test_a_restored_server_asks_and_the_phone_sends_again(site: Site) -> None:
    phone, server = join(site)
    before = [phone.record() for _ in range(5)]
    assert {each["r"] for each in send(site, phone, server, before, [])["receipts"]} == {"stored"}

    made = site.flask("backup", "create")
    assert (made["verified"], made["encrypted"], made["records"]) == (True, True, 5)

    after = [phone.record() for _ in range(4)]
    ids = [each["id"] for each in before]
    assert "have" not in send(site, phone, server, after, ids)
    everything = [*ids, *(each["id"] for each in after)]
    assert told(site, phone) == figures_of(everything)

    refused = commands.run(("backup", "restore", made["file"]), site.environment)
    assert refused.returncode == 1
    assert "Stop the server and the worker first" in refused.stderr
    site.stop()
    kept = site.flask("backup", "restore", made["file"])["kept"]
    assert Path(kept).is_file()
    site.start()

    assert told(site, phone) == figures_of(ids), "a phone that only asks finds out too"
    asked = send(site, phone, server, [], everything)
    assert sorted(asked["have"]) == sorted(ids)
    again = send(site, phone, server, after, ids)
    assert {each["r"] for each in again["receipts"]} == {"stored"}
    assert "have" not in send(site, phone, server, [], everything)
    assert told(site, phone) == figures_of(everything)
    assert site.flask("backup", "create")["records"] == 9
