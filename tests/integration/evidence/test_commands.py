"""`flask evidence`: a pack is made, listed, and found out when it was changed."""

from __future__ import annotations

import json
import stat
import zipfile
from pathlib import Path

import pytest
from flask import Flask

from app.compliance import evidence
from app.compliance.evidence import making
from app.extensions import db
from tests.support.evidence_place import no_printer
from tests.support.website import Place, empty_tables, set_up, sqlite_app

__all__ = ["empty_tables", "sqlite_app"]


@pytest.fixture
def place(sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch) -> Place:
    build = evidence.build
    monkeypatch.setattr(making, "build", lambda *args, **more: build(*args, **more, printer=no_printer))
    return set_up()


def run(app: Flask, *args: str) -> tuple[int, str]:
    done = app.test_cli_runner().invoke(args=["evidence", *args])
    return done.exit_code, done.output


def test_a_pack_is_made_saved_for_its_owner_listed_and_verified(
    sqlite_app: Flask, place: Place, tmp_path: Path
) -> None:
    file = tmp_path / "pack.zip"

    code, made = run(sqlite_app, "make", "--since", "2026-01-01", "--save", str(file), "--json")

    assert code == 0, made
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    [listed] = json.loads(run(sqlite_app, "list", "--json")[1])
    assert listed["sha256"] == json.loads(made)["sha256"]
    assert run(sqlite_app, "verify", str(file)) == (0, f"Whole: {_files(file)} files, as they were made.\n")
    assert len(evidence.list_packs(db.session(), place.provider.id)) == 1


def test_a_changed_pack_is_named_and_leaves_with_1(sqlite_app: Flask, place: Place, tmp_path: Path) -> None:
    file = tmp_path / "pack.zip"
    run(sqlite_app, "make", "--save", str(file))
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr("tables/extra.csv", "x")

    assert run(sqlite_app, "verify", str(file)) == (1, "Added: tables/extra.csv\n")


def test_what_is_no_pack_is_said_so(sqlite_app: Flask, place: Place, tmp_path: Path) -> None:
    file = tmp_path / "hello.zip"
    file.write_text("hello")

    code, said = run(sqlite_app, "verify", str(file))

    assert code == 1
    assert "This is not an evidence pack." in said


def _files(file: Path) -> int:
    with zipfile.ZipFile(file) as archive:
        return len(archive.namelist())
