"""The worker makes each night's backup once, however many workers there are, and ends when it is asked."""

from __future__ import annotations

import logging
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import stamp
from sqlalchemy.exc import OperationalError

from app import backup, sync
from app.backup import ToolFailed
from app.backup.folder import held
from app.cli import worker
from app.cli.backup import place_of
from app.config import ROOT, Settings
from app.extensions import db
from app.learning import ACT_KINDS
from tests.support.site import FLASK, Site
from tests.support.statements import statements
from tests.support.world import one_phone

NIGHT = datetime(2026, 6, 15, 2, 0, tzinfo=UTC)


@pytest.fixture
def settings(app: Flask) -> Settings:
    stamp(directory=str(ROOT / "migrations"))
    found: Settings = app.extensions["bv.settings"]
    return found


def made(settings: Settings) -> list[str]:
    return [each.path.name[15:30] for each in backup.listing(place_of(settings))]


def test_one_backup_a_night_and_none_between(settings: Settings) -> None:
    first, second = worker.Worker(), worker.Worker()
    for hours in (0, 1, 23, 24, 25, 26):
        assert first.look(NIGHT + timedelta(hours=hours))
        assert second.look(NIGHT + timedelta(hours=hours))
    assert made(settings) == ["20260616T020000", "20260615T020000"]


def test_a_worker_waits_while_another_is_at_it(settings: Settings) -> None:
    busy = worker.Worker()
    with held(settings.backups_folder):
        assert busy.look(NIGHT)
        assert made(settings) == []
    assert busy.look(NIGHT + timedelta(minutes=1))
    assert len(made(settings)) == 1


def test_what_failed_is_told_and_tried_again_later(settings: Settings, caplog: pytest.LogCaptureFixture) -> None:
    tries: list[datetime] = []

    def fails(now: datetime) -> str:
        tries.append(now)
        raise ToolFailed("The disk is full.")

    one = worker.Worker((worker.Job(name="backup", do=fails), worker.Job(name="other", do=lambda _now: None)))
    with caplog.at_level(logging.ERROR):
        assert not one.look(NIGHT)
    assert "The disk is full. Trying again in 15 minutes." in caplog.text
    assert one.look(NIGHT + timedelta(minutes=14))
    assert not one.look(NIGHT + timedelta(minutes=15))
    assert tries == [NIGHT, NIGHT + timedelta(minutes=15)]


def test_a_database_that_was_away_is_asked_again_soon(settings: Settings, caplog: pytest.LogCaptureFixture) -> None:
    tries: list[datetime] = []

    def is_away(now: datetime) -> str:
        tries.append(now)
        raise OperationalError("SELECT 1", {}, Exception("the connection is lost"))

    one = worker.Worker((worker.Job(name="evidence", do=is_away),))
    with caplog.at_level(logging.ERROR):
        assert not one.look(NIGHT)
    assert "evidence: OperationalError Trying again in 1 minute." in caplog.text
    assert one.look(NIGHT + timedelta(seconds=59))
    assert not one.look(NIGHT + timedelta(minutes=1))
    assert tries == [NIGHT, NIGHT + timedelta(minutes=1)]


def test_a_job_that_goes_wrong_in_any_way_leaves_the_others_alone(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    tries: list[datetime] = []
    after: list[datetime] = []

    def breaks(now: datetime) -> str:
        tries.append(now)
        raise RuntimeError("ngozi@example.org")

    one = worker.Worker((worker.Job(name="messages", do=breaks), worker.Job(name="other", do=after.append)))
    with caplog.at_level(logging.ERROR):
        assert not one.look(NIGHT)
    assert "messages: RuntimeError Trying again in 15 minutes." in caplog.text
    assert "ngozi" not in caplog.text
    assert one.look(NIGHT + timedelta(minutes=14))
    assert not one.look(NIGHT + timedelta(minutes=15))
    assert tries == [NIGHT, NIGHT + timedelta(minutes=15)]
    assert after == [NIGHT, NIGHT + timedelta(minutes=14), NIGHT + timedelta(minutes=15)]


def test_the_help_names_every_job(app: Flask) -> None:
    told = " ".join(app.test_cli_runner().invoke(args=["worker", "--help"]).output.split())
    said = {
        "backup": "nightly backup",
        "built files": "built files",
        "held records": "records that are held",
        "what is needed": "what is needed of whom",
        "automatic nudges": "nudges by itself",
        "messages": "sends messages",
        "credentials": "issues and revokes credentials",
        "recognised": "asks trusted issuers what they withdrew",
        "evidence": "evidence packs",
        "catalogues": "looks at followed catalogues",
        "taking modules": "takes what managers asked for",
        "where people stand": "sees where people stand",
        "webhooks": "tells webhooks",
        "statements": "forwards statements",
        "suggestions": "sends suggestions",
        "retention": "kept long enough",
        "files": "objects of the bucket nobody names",
    }
    assert [job.name for job in worker.jobs()] == list(said)
    assert [words for words in said.values() if words not in told] == []


def test_once_leaves_with_what_became_of_it(app: Flask, settings: Settings) -> None:
    assert app.test_cli_runner().invoke(args=["worker", "--once"]).exit_code == 0
    assert len(made(settings)) == 1
    settings.backups_folder.joinpath(".lock").unlink()
    for path in settings.backups_folder.iterdir():
        path.unlink()
    settings.backups_folder.rmdir()
    settings.backups_folder.write_text("a file where the folder should be")
    assert app.test_cli_runner().invoke(args=["worker", "--once"]).exit_code == 1


def test_two_real_workers_make_one_backup_and_end_on_sigterm(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.prepare_tables()
    workers = [
        subprocess.Popen([*FLASK, "worker"], cwd=ROOT, env=site.environment, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    try:
        # Whoever says so hears a signal as the worker; before, Python itself ends.
        pipes = [each.stdout for each in workers if each.stdout is not None]
        began = [pipe.readline() for pipe in pipes]
        deadline = time.monotonic() + 40
        while not list(tmp_path.glob("backups/*.backup")):
            assert time.monotonic() < deadline, "no backup was made"
            time.sleep(0.1)
        time.sleep(1)
        for each in workers:
            each.send_signal(signal.SIGTERM)
        for each in workers:
            each.wait(30)
        said = [pipe.read() for pipe in pipes]
    finally:
        for each in workers:
            each.kill()
            each.communicate()
    assert [each.returncode for each in workers] == [0, 0]
    assert all(words.startswith("Working. A backup a day from 02:00 UTC") for words in began)
    assert sum("verified, 0 records" in words for words in said) == 1
    assert {path.suffix for path in (tmp_path / "backups").iterdir()} == {"", ".backup"}


class ToldWhileEnding:
    """An object in whose last moment the worker is told to stop: Python drops what is raised there."""

    def __del__(self) -> None:
        signal.raise_signal(signal.SIGTERM)


def test_a_worker_told_at_a_moment_when_nothing_can_be_raised_ends_all_the_same(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    dropped: list[object] = []
    monkeypatch.setattr("sys.unraisablehook", lambda what: dropped.append(what.exc_type))
    monkeypatch.setattr(
        worker, "jobs", lambda: (worker.Job(name="ending", do=lambda _now: ToldWhileEnding() and None),)
    )
    before = [signal.getsignal(each) for each in (signal.SIGTERM, signal.SIGINT)]
    try:
        ended = app.test_cli_runner().invoke(args=["worker"])
    finally:
        for each, handler in zip((signal.SIGTERM, signal.SIGINT), before, strict=True):
            signal.signal(each, handler)
    assert (ended.exit_code, dropped) == (0, [SystemExit])


def test_a_worker_judges_what_is_held_when_it_starts_and_then_once_an_hour(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    held = worker.Job(name="held records", do=worker.HeldRecords())
    phone = one_phone(db.session())
    with taken_out(ACT_KINDS, "look-back.answered"):
        phone.send(db.session(), phone.record(), phone.record("of.tomorrow"))
        first = worker.Worker((held,))
        first.look(NIGHT)
        assert sync.count_held(db.session(), phone.person_id) == 2

    first.look(NIGHT + timedelta(minutes=59))
    assert sync.count_held(db.session(), phone.person_id) == 2
    first.look(NIGHT + timedelta(minutes=60))
    assert sync.count_held(db.session(), phone.person_id) == 1
    assert capsys.readouterr().out == "held records: 1 held records could be judged now.\n"


def test_a_worker_of_the_next_release_judges_what_the_last_one_held(settings: Settings) -> None:
    phone = one_phone(db.session())
    with taken_out(ACT_KINDS, "look-back.answered"):
        phone.send(db.session(), phone.record())
    assert sync.count_held(db.session(), phone.person_id) == 1
    worker.Worker(tuple(job for job in worker.jobs() if job.name == "held records")).look(NIGHT)
    assert sync.count_held(db.session(), phone.person_id) == 0


def test_looking_for_held_records_locks_nothing_when_there_are_none(settings: Settings) -> None:
    job = worker.HeldRecords()
    with statements(db.engine) as sent:
        assert job(NIGHT) is None
        assert job(NIGHT + timedelta(minutes=1)) is None
    assert [each.split()[0] for each in sent if not each.startswith("PRAGMA")] == ["SELECT"]


@contextmanager
def taken_out(known: dict[str, bool], kind: str) -> Iterator[None]:
    """As a server that does not know this kind of record yet."""
    value = known.pop(kind)
    try:
        yield
    finally:
        known[kind] = value
