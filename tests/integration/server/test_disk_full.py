"""A full disk is said, not hidden: no false receipt, nothing lost, and all goes on by itself when there is room."""

from __future__ import annotations

import contextlib
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

from app.kernel import begin_write, prepare_engine
from tests.support.line import join
from tests.support.site import FLASK, ROOT, Site
from tests.support.small_disk import SmallDisk


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    folder = tmp_path / "disk"
    folder.mkdir()
    made = SmallDisk(folder, megabytes=12)
    yield made
    made.remove()


@pytest.fixture
def site(disk: SmallDisk) -> Iterator[Site]:
    """A server that keeps everything on the small disk, backups too."""
    made = Site(disk.folder)
    made.prepare_tables()
    made.start()
    yield made
    made.stop()


def stored(site: Site) -> set[str]:
    with contextlib.closing(sqlite3.connect(site.folder / "between-visits.sqlite")) as database:
        return {uuid for (uuid,) in database.execute("SELECT uuid FROM records")}


def test_a_full_disk_gives_no_receipt_and_takes_everything_once_there_is_room(site: Site, disk: SmallDisk) -> None:
    line = join(site)
    receipted = {each["id"] for each in line.send(*(line.phone.record() for _ in range(10))).json["receipts"]}
    refused = []
    with disk.full(site):
        # There may be room left within the files; it ends soon.
        for _ in range(200):
            record = line.phone.record("look-back.answered", {"items": [], "note": "x" * 20_000})
            heard = line.send(record)
            if heard.status == 200:
                receipted.add(record["id"])
                continue
            assert heard.status == 503
            assert int(heard.headers["Retry-After"]) > 0
            assert heard.json["error"]["code"] == "busy"
            assert "Try again" in heard.json["error"]["message"]
            assert "receipts" not in heard.json
            refused.append(record)
            if len(refused) == 3:
                break
        assert len(refused) == 3
        assert line.state().status == 200, "who only reads is still served"

    assert line.send(*refused).words == ["stored"] * 3
    receipted |= {record["id"] for record in refused}
    assert {uuid.replace("-", "") for uuid in receipted} == stored(site)
    assert line.send(line.phone.record()).words == ["stored"]


def test_a_backup_that_finds_the_disk_full_says_so_and_leaves_the_earlier_ones(site: Site, disk: SmallDisk) -> None:
    line = join(site)
    line.send(*(line.phone.record() for _ in range(10)))
    earlier = Path(site.flask("backup", "create")["file"])
    before = earlier.read_bytes()
    database = site.folder / "between-visits.sqlite"
    limit = ["prlimit", f"--fsize={database.stat().st_size // 2}"] if not disk.mounted else []

    with disk.full(site):
        done = subprocess.run(
            [*limit, *FLASK, "backup", "create"],
            cwd=ROOT,
            env=site.environment,
            capture_output=True,
            text=True,
            check=False,
        )

    assert done.returncode == 1
    assert ("The disk is full" if disk.mounted else "Nothing was changed") in done.stdout + done.stderr
    assert earlier.read_bytes() == before
    assert [each["verified"] for each in site.flask("backup", "list")] == [True]
    assert Path(site.flask("backup", "create")["file"]).exists()


def test_the_journal_does_not_grow_for_ever_behind_a_slow_reader(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'one.sqlite'}")
    prepare_engine(engine)
    journal = tmp_path / "one.sqlite-wal"

    def write(megabytes: int) -> int:
        for _ in range(megabytes * 4):
            with Session(engine) as session:
                begin_write(session)
                session.execute(text("INSERT INTO log VALUES (:words)"), {"words": "x" * 250_000})
                session.commit()
        return journal.stat().st_size

    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE log (words TEXT)"))
        limit = connection.scalar(text("PRAGMA journal_size_limit"))
    with engine.connect() as reader:
        reader.execute(text("SELECT count(*) FROM log")).all()
        behind = write(12)
    after = write(24)
    engine.dispose()

    assert limit == 64 * 1024 * 1024
    assert behind > 10_000_000, "a reader keeps the journal from beginning anew"
    assert after < behind + 8_000_000, "without one it does"
