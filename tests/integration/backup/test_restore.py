"""Putting a backup back loses neither the database that was there nor, in the end, what came after the backup."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from app import backup, sync
from app.backup import AnotherSort, NewerVersion, NotFromHere, ServerRunning
from app.backup.databases import database_at
from tests.support.backups import KEY, LATER, REVISIONS, Disk, databases
from tests.support.tables import worked_out


def records_in(disk: Disk, kept: str) -> int:
    url = make_url(disk.place.url)
    engine = create_engine(url.set(database=kept))
    with engine.connect() as connection:
        count: int = connection.execute(text("SELECT count(*) FROM records")).scalar_one()
    engine.dispose()
    return count


@pytest.mark.parametrize("key", [None, KEY])
def test_what_the_backup_lacked_comes_back_from_the_phones(disk: Disk, key: str | None) -> None:
    """Backup, more records with receipts, the server is put back; the next digest differs, it asks, and they return."""
    phone = disk.phone(records=40)
    silent = disk.phone(records=5)
    night = disk.back_up(key=key)
    disk.arrive(phone, 25)
    newer = disk.phone(records=3)
    everything = disk.log()
    assert len(everything) == 73

    disk.put_back(night.path, key=key)

    assert len(disk.log()) == 45
    reply = disk.take(phone.sender, phone.batch(phone.dev, 0))
    assert reply.have is not None
    assert len(reply.have) == 40
    for one in (phone, newer, silent):
        disk.send(one)  # the figures differ: the server says what it has, and the phone queues what it lacks
        disk.send(one)
    assert disk.log() == everything
    for one in (phone, newer, silent):
        assert "kept" not in one.state.values()
        assert disk.take(one.sender, one.batch(one.dev, 0)).have is None
    with Session(disk.engine) as session:
        before = worked_out(session)
        sync.rebuild(session)
        assert worked_out(session) == before


def test_the_database_before_is_kept_whole(disk: Disk) -> None:
    phone = disk.phone(records=2)
    night = disk.back_up()
    disk.arrive(phone, 7)

    done = disk.put_back(night.path)

    assert done.kept is not None
    assert records_in(disk, done.kept) == 9
    assert len(disk.log()) == 2
    assert not [name for name in databases(disk) if "_try_" in name or ".making-" in name]


def test_a_server_that_runs_is_not_pulled_away_from_under_its_people(disk: Disk) -> None:
    disk.phone(records=2)
    night = disk.back_up()
    disk.phone(records=1)

    with disk.engine.connect() as running:
        running.execute(text("SELECT count(*) FROM records"))
        running.rollback()
        with pytest.raises(ServerRunning, match="Stop the server and the worker first"):
            backup.restore(disk.place, night.path, revisions=REVISIONS, another_server=False, now=LATER)
        assert running.execute(text("SELECT count(*) FROM records")).scalar_one() == 3

    assert len(disk.log()) == 3
    assert not [name for name in databases(disk) if "before" in name]


def test_another_servers_backup_needs_to_be_meant(disk: Disk) -> None:
    foreign = disk.back_up()
    disk.rename("0" * 32)

    with pytest.raises(NotFromHere, match="--another-server"):
        disk.put_back(foreign.path)
    done = disk.put_back(foreign.path, another_server=True)

    assert done.kept is not None
    with Session(disk.engine) as session:
        assert str(sync.server_id(session)) == foreign.manifest.survey.server


def test_a_backup_of_a_newer_version_waits_for_the_update(disk: Disk) -> None:
    disk.phone(records=1)
    with disk.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    newer = disk.back_up()
    with disk.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))

    with pytest.raises(NewerVersion, match="Update this server first"):
        disk.put_back(newer.path)

    assert len(disk.log()) == 1


def test_a_machine_without_a_database_gets_one(disk: Disk, tmp_path: Path) -> None:
    disk.phone(records=4)
    night = disk.back_up()
    disk.engine.dispose()
    url = make_url(disk.place.url)
    if url.get_backend_name() == "sqlite":
        fresh = url.set(database=str(tmp_path / "elsewhere" / "new.sqlite"))
    else:
        fresh = url.set(database=f"{url.database}_new")
    place = backup.Place(
        url=fresh.render_as_string(hide_password=False), folder=tmp_path / "elsewhere" / "backups", key=None
    )

    done = backup.restore(place, night.path, revisions=REVISIONS, another_server=False, now=LATER)

    assert done.kept is None
    assert records_in(disk, str(fresh.database)) == 4


def test_a_backup_of_the_other_sort_is_refused_in_words(disk: Disk, tmp_path: Path) -> None:
    night = disk.back_up()
    other = (
        "postgresql+psycopg://nobody@127.0.0.1:1/none"
        if night.manifest.sort == "sqlite"
        else f"sqlite:///{tmp_path / 'x.sqlite'}"
    )
    place = backup.Place(url=other, folder=disk.place.folder, key=None)
    with pytest.raises(AnotherSort, match="Set BV_DATABASE_URL"):
        backup.restore(place, night.path, revisions=REVISIONS, another_server=False, now=LATER)


def test_a_database_beyond_repair_is_kept_too_and_replaced(sqlite_disk: Disk, tmp_path: Path) -> None:
    disk = sqlite_disk
    disk.phone(records=6)
    night = disk.back_up()
    disk.engine.dispose()
    (tmp_path / "records.sqlite").write_bytes(b"not a database any more" * 500)
    (tmp_path / "records.sqlite-wal").write_bytes(b"nor this")

    done = disk.put_back(night.path)

    assert len(disk.log()) == 6
    assert Path(str(done.kept)).read_bytes().startswith(b"not a database")
    assert Path(f"{done.kept}-wal").read_bytes() == b"nor this"
    disk.engine.dispose()
    with sqlite3.connect(tmp_path / "records.sqlite") as file:
        assert file.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    file.close()


def test_the_servers_name_is_known_running_and_stopped(disk: Disk) -> None:
    database = database_at(disk.place.url)
    disk.phone(records=1)
    with Session(disk.engine) as session:
        name = str(sync.server_id(session))
        assert database.server() == name
    disk.engine.dispose()
    assert database.server() == name
