"""A receipt outlives whatever happens next: the process killed, the power gone.

What a disk does with its own cache nobody can try here. What can be seen is tried: that SQLite has asked the disk and
was answered before the reply leaves (strace), and that the files as they lie there at that moment hold the records.
"""

from __future__ import annotations

import contextlib
import re
import shutil
import socket
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, func, select, text
from sqlalchemy.orm import Session

from app.kernel import prepare_engine
from app.sync import Record
from tests.support.line import Line, join
from tests.support.site import Site


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """One worker, so that it is known who answers."""
    made = Site(tmp_path / "site", settings={"BV_WORKERS": "1"})
    made.folder.mkdir()
    made.prepare_tables()
    made.start()
    yield made
    made.stop()


def ids_in(database: Path) -> set[str]:
    """The records of a SQLite file that nobody else uses, once it says that it is sound."""
    with contextlib.closing(sqlite3.connect(database)) as opened:
        assert opened.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return {uuid for (uuid,) in opened.execute("SELECT uuid FROM records")}


def test_the_disk_has_answered_before_the_receipt_leaves(site: Site, tmp_path: Path) -> None:
    line, seen = join(site), tmp_path / "calls"
    line.send(line.phone.record())
    calls = "trace=fsync,fdatasync,write,writev,pwrite64,pwritev,sendto,sendmsg"
    watching = subprocess.Popen(
        ["strace", "-f", "-y", "-s", "400", "-e", calls, "-o", seen, "-p", str(site.workers()[0])],
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert watching.stderr is not None
        assert "attached" in watching.stderr.readline()
        assert line.send(line.phone.record()).words == ["stored"]
        time.sleep(0.5)
    finally:
        watching.terminate()
        watching.communicate(timeout=10)
    found = seen.read_text(errors="replace").splitlines()
    written = [number for number, call in enumerate(found) if re.search(r"p?writev?(64)?\(\d+<[^>]*-wal>", call)]
    synced = [number for number, call in enumerate(found) if re.search(r"f(data)?sync\(\d+<[^>]*-wal>\) += 0", call)]
    told = [number for number, call in enumerate(found) if '\\"receipts\\"' in call]
    assert written
    assert synced
    assert told
    assert max(written) < max(synced) < min(told), "\n".join(found)


def test_the_files_as_they_lie_at_the_receipt_hold_the_records(site: Site, tmp_path: Path) -> None:
    line = join(site)
    receipted: set[str] = set()
    for turn in range(4):
        records = [line.phone.record() for _ in range(20)]
        assert set(line.send(*records).words) == {"stored"}
        receipted |= {record["id"].replace("-", "") for record in records}
        site.kill()
        copy = tmp_path / f"copy-{turn}"
        copy.mkdir()
        for end in ("", "-wal"):  # without the shared memory, which a power cut takes along
            file = site.folder / f"between-visits.sqlite{end}"
            if file.exists():
                shutil.copyfile(file, copy / file.name)
        assert receipted <= ids_in(copy / "between-visits.sqlite")
        site.start()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def either(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Site, Engine]]:
    """A server on each sort of database."""
    if request.param == "sqlite":
        url, settings = f"sqlite:///{tmp_path / 'site' / 'between-visits.sqlite'}", {}
    else:
        url = request.getfixturevalue("postgres_url")
        settings = {"BV_DATABASE_URL": url}
    engine = create_engine(url)
    prepare_engine(engine)
    if request.param == "postgres":
        with engine.begin() as connection:
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
    site = Site(tmp_path / "site", settings={"BV_WORKERS": "1", **settings})
    site.folder.mkdir()
    site.prepare_tables()
    site.start()
    yield site, engine
    site.stop()
    engine.dispose()


def stored(engine: Engine) -> int:
    with Session(engine) as session:
        return session.scalar(select(func.count()).select_from(Record)) or 0


def test_killed_after_the_commit_and_before_the_reply_is_heard(either: tuple[Site, Engine]) -> None:
    site, engine = either
    line = join(site, engine.url.render_as_string(hide_password=False))
    records = [line.phone.record() for _ in range(30)]
    body = line.body(*records)
    head = (
        f"POST /api/v1/records HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {line.phone.append}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", site.port)) as deaf:
        deaf.sendall(head.encode() + body)
        deadline = time.monotonic() + 10
        while stored(engine) < 30:
            assert time.monotonic() < deadline, "the batch was not committed"
            time.sleep(0.005)
        site.kill()
    site.start()

    assert Line(site, line.phone, line.server).send(*records).words == ["duplicate"] * 30
    assert stored(engine) == 30
