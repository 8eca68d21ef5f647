"""A backup is made while people write, and counts only after it was put back and compared."""

from __future__ import annotations

import sqlite3
import stat
import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from app import backup
from app.backup import Busy, NotVerified, ToolFailed
from app.backup import service as service_of_backups
from app.backup.folder import held, newest_verified
from tests.support.backups import KEY, LATER, NEWEST, NIGHT, Disk, databases


def test_a_backup_says_whose_it_is_and_what_it_holds(disk: Disk) -> None:
    disk.phone(records=3)

    made = disk.back_up()

    survey = made.manifest.survey
    assert made.path.name == "between-visits-20260615T020000Z.backup"
    assert (survey.revision, survey.log.n, survey.tables["records"], survey.tables["persons"]) == (NEWEST, 3, 3, 1)
    assert newest_verified(disk.place.folder, survey.server, now=NIGHT, whole=True) is not None
    assert stat.S_IMODE(made.path.stat().st_mode) == 0o600


def test_making_one_leaves_nothing_lying_about(disk: Disk) -> None:
    before = databases(disk) | {"backups"}

    disk.back_up()

    assert databases(disk) <= before | {"records.sqlite-wal", "records.sqlite-shm"}
    assert {path.name for path in disk.place.folder.iterdir()} == {".lock", "between-visits-20260615T020000Z.backup"}


def test_people_write_while_it_is_made_and_it_is_of_one_moment(disk: Disk) -> None:
    disk.phone(records=1000)
    phone = disk.phone()
    done, waits = threading.Event(), []

    def keep_writing() -> None:
        while not done.is_set():
            began = time.monotonic()
            disk.arrive(phone, 5)
            waits.append(time.monotonic() - began)

    writer = threading.Thread(target=keep_writing)
    writer.start()
    try:
        while len(waits) < 3:
            time.sleep(0.01)
        before = len(waits)
        made = disk.back_up()
        during = len(waits) - before
    finally:
        done.set()
        writer.join()
    assert made.manifest.survey.log.n >= 1000
    assert during > 0
    assert max(waits) < 2
    assert "kept" not in phone.state.values()


def test_only_the_newest_are_kept_and_another_servers_are_left_alone(disk: Disk) -> None:
    own = str(disk.back_up().manifest.survey.server)
    disk.rename("0" * 32)
    foreign = disk.back_up(now=NIGHT - timedelta(days=9)).path
    disk.rename(own.replace("-", ""))

    for day in range(1, 4):
        made = disk.back_up(kept=2, now=NIGHT + timedelta(days=day))

    assert made.deleted == ("between-visits-20260616T020000Z.backup",)
    assert foreign.exists()
    assert len(backup.listing(disk.place)) == 3


def test_one_that_comes_back_otherwise_is_kept_but_does_not_count(disk: Disk, monkeypatch: pytest.MonkeyPatch) -> None:
    disk.phone(records=2)
    unpack = service_of_backups.unpack

    def forgets(path: Path, target: Path, *, key: str | None) -> object:
        manifest = unpack(path, target, key=key)
        with disk.engine.connect() as connection:
            wrong = connection.execute(text("SELECT 1")).scalar_one()
        if manifest.sort == "sqlite":
            with sqlite3.connect(target) as file:
                file.execute("DELETE FROM records WHERE id = ?", (wrong,))
            file.close()
        else:
            target.write_bytes(target.read_bytes()[:-100])
        return manifest

    monkeypatch.setattr(service_of_backups, "unpack", forgets)
    with pytest.raises(NotVerified, match="does not count as verified"):
        disk.back_up()

    [listed] = backup.listing(disk.place)
    assert (listed.verified, listed.path.suffix) == (False, ".unverified")
    assert newest_verified(disk.place.folder, listed.manifest.survey.server, now=LATER) is None  # type: ignore[union-attr]

    monkeypatch.undo()
    path, _ = backup.verify(disk.place, listed.path)
    assert path.suffix == ".backup"
    assert [each.verified for each in backup.listing(disk.place)] == [True]


def test_two_at_once_do_not_meet(disk: Disk) -> None:
    with held(disk.place.folder), pytest.raises(Busy, match="Wait until it has ended"):
        disk.back_up()


def test_what_a_killed_run_left_is_cleared_away(disk: Disk) -> None:
    left = disk.place.folder / ".making-abc"
    left.mkdir(parents=True)
    (left / "part").write_bytes(b"half")

    disk.back_up()

    assert not left.exists()


def test_two_in_one_second_are_two_files(disk: Disk) -> None:
    assert disk.back_up().path != disk.back_up().path
    assert len(backup.listing(disk.place)) == 2


def test_a_full_disk_is_said_so_and_earlier_backups_stay(disk: Disk, monkeypatch: pytest.MonkeyPatch) -> None:
    disk.back_up()

    def full(*_args: object, **_kwargs: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(service_of_backups, "pack", full)
    with pytest.raises(ToolFailed, match="disk is full"):
        disk.back_up(now=LATER)

    assert [each.verified for each in backup.listing(disk.place)] == [True]


def test_a_backup_from_the_future_does_not_count(disk: Disk) -> None:
    made = disk.back_up(now=NIGHT)
    disk.back_up(now=NIGHT + timedelta(days=400))

    newest = newest_verified(disk.place.folder, made.manifest.survey.server, now=LATER)

    assert newest is not None
    assert newest.path == made.path


@pytest.mark.postgres
def test_a_role_that_may_not_make_databases_is_told_what_to_ask_for(disk: Disk) -> None:
    known = make_url(disk.place.url)
    if known.get_backend_name() == "sqlite":
        assert disk.back_up(key=KEY).manifest.salt is not None  # a file needs no such right
        return
    with disk.engine.begin() as connection:
        connection.execute(text("CREATE ROLE small LOGIN"))
        connection.execute(text("GRANT pg_read_all_data TO small"))
    try:
        small = backup.Place(url=known.set(username="small").render_as_string(), folder=disk.place.folder, key=None)
        with pytest.raises(NotVerified, match="ALTER ROLE small CREATEDB"):
            backup.create(small, kept=14, now=NIGHT)
        assert [each.path.suffix for each in backup.listing(disk.place)] == [".unverified"]
    finally:
        owner = create_engine(known, isolation_level="AUTOCOMMIT")
        with owner.connect() as connection:
            connection.execute(text("DROP OWNED BY small"))
            connection.execute(text("REVOKE pg_read_all_data FROM small"))
            connection.execute(text("DROP ROLE small"))
        owner.dispose()
