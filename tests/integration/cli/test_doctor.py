"""The doctor says in plain words how the server is, and its number lets a program act on it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask_migrate import stamp
from sqlalchemy import true, update

from app import backup
from app.cli import doctor
from app.cli.backup import place_of
from app.cli.doctor import Level
from app.config import ROOT, Settings
from app.content import load
from app.content.models import Document, Edition, Media
from app.content.service import publish as publish_library
from app.extensions import db
from app.kernel import utc_now
from tests.support.library import Place


@pytest.fixture
def settings(app: Flask) -> Settings:
    stamp(directory=str(ROOT / "migrations"))
    found: Settings = app.extensions["bv.settings"]
    return found


def findings(check: Callable[[Settings], Any], settings: Settings) -> dict[str, tuple[Level, str]]:
    return {finding.about: (finding.level, finding.words) for finding in check(settings)}


def examine(app: Flask) -> tuple[int, dict[str, Any]]:
    db.session.rollback()
    result = app.test_cli_runner().invoke(args=["doctor", "--json"])
    return result.exit_code, json.loads(result.output)


def test_a_new_server_works_and_wants_a_backup(app: Flask, settings: Settings, built: None) -> None:
    code, report = examine(app)
    wanting = [f["about"] for f in report["findings"] if f["level"] != "fine"]
    assert (code, report["level"], wanting) == (1, "look", ["Lessons", "Backup"])


def back_up(settings: Settings, *, hours_ago: float) -> backup.Made:
    made: backup.Made = backup.create(place_of(settings), kept=14, now=utc_now() - timedelta(hours=hours_ago))
    return made


def test_with_a_backup_of_last_night_it_is_fine(app: Flask, settings: Settings) -> None:
    back_up(settings, hours_ago=9.5)
    assert findings(doctor.check_backup, settings)["Backup"] == (Level.FINE, "The last verified one is 9 hours old.")


def test_an_old_backup_wants_a_look(settings: Settings) -> None:
    back_up(settings, hours_ago=40.5)
    level, words = findings(doctor.check_backup, settings)["Backup"]
    assert level is Level.LOOK
    assert "40 hours" in words


def test_a_backup_that_was_damaged_or_never_verified_does_not_count(settings: Settings) -> None:
    back_up(settings, hours_ago=60.5)
    newer = back_up(settings, hours_ago=30.5).path
    unverified = back_up(settings, hours_ago=2).path
    unverified.rename(unverified.with_suffix(".unverified"))
    assert "30 hours" in findings(doctor.check_backup, settings)["Backup"][1]
    whole = newer.read_bytes()
    newer.write_bytes(whole[:500] + bytes([whole[500] ^ 1]) + whole[501:])
    assert "60 hours" in findings(doctor.check_backup, settings)["Backup"][1]


def test_tables_of_another_version_are_broken(app: Flask, settings: Settings) -> None:
    db.session.rollback()
    with db.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = 'older'")
    code, report = examine(app)
    assert code == 2
    [tables] = [f for f in report["findings"] if f["about"] == "Tables"]
    assert "flask db upgrade" in tables["words"]


@pytest.mark.parametrize("column", ["body", "br", "gz"])
@pytest.mark.parametrize(
    ("model", "words"),
    [(Edition, "edition 1 of on-the-stairs"), (Media, "a picture"), (Document, "the glossary en")],
)
def test_a_published_body_that_changed_on_the_disk_is_named(
    settings: Settings, tmp_path: Path, model: type[Edition | Media | Document], words: str, column: str
) -> None:
    place = Place(tmp_path / "content")
    publish_library(db.session(), load(place.root), now=utc_now())
    db.session.commit()
    level, said = findings(doctor.check_content, settings)["Lessons"]
    assert (level, "Every one is as it was published" in said) == (Level.FINE, True)
    of_it = model.kind == "glossary" if model is Document else true()
    db.session.execute(update(model).where(of_it).values({column: b"{}"}))
    db.session.commit()

    level, said = findings(doctor.check_content, settings)["Lessons"]

    assert level is Level.BROKEN
    assert words in said
    assert "restore the last backup" in said


def test_a_full_disk_is_told_before_and_when_it_hurts(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    for free, level in ((10 * doctor.MEGABYTE, Level.BROKEN), (200 * doctor.MEGABYTE, Level.LOOK)):
        monkeypatch.setattr(doctor.shutil, "disk_usage", lambda _path, free=free: type("Usage", (), {"free": free}))
        assert findings(doctor.check_folders, settings)["Disk"][0] is level


def test_a_clock_in_the_past_is_noticed(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "utc_now", lambda: datetime(2020, 1, 1, tzinfo=UTC))
    assert findings(doctor.check_clock, settings)["Clock"][0] is Level.BROKEN
    monkeypatch.setattr(doctor, "utc_now", lambda: datetime.now(UTC) - timedelta(hours=2))
    assert "jumped back" in findings(doctor.check_clock, settings)["Clock"][1]


def test_a_key_others_can_read_wants_a_look(tmp_path: Path) -> None:
    settings = Settings.from_environment({"BV_INSTANCE": str(tmp_path)})
    assert findings(doctor.check_secrets, settings)["Key"][0] is Level.FINE
    (tmp_path / "secret-key").chmod(0o644)
    level, words = findings(doctor.check_secrets, settings)["Key"]
    assert level is Level.LOOK
    assert settings.secret_key not in words


def test_without_its_built_files_it_is_broken(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(doctor, "BUILD", tmp_path)
    assert findings(doctor.check_build, settings)["Build"][0] is Level.BROKEN


def test_a_check_that_fails_itself_does_not_hide_the_others(
    app: Flask, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_settings: Settings) -> Any:
        """Look at what cannot be looked at."""
        raise OSError("no")

    monkeypatch.setattr(doctor, "CHECKS", (fails, doctor.check_backup))
    code, report = examine(app)
    assert code == 2
    assert [f["about"] for f in report["findings"]] == ["Doctor", "Backup"]


@pytest.fixture
def built(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A build that is there, whether or not this checkout was built."""
    folder = tmp_path / "build"
    folder.mkdir()
    (folder / "manifest.json").write_text("{}")
    monkeypatch.setattr(doctor, "BUILD", folder)
