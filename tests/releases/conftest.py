"""A database as a release left it, on each sort, and the newest application upon it."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from sqlite3 import connect

import pytest
from alembic import command
from alembic.config import Config
from flask import Flask
from sqlalchemy import Engine

from app import create_app
from app.config import Settings
from app.extensions import db
from tests.support import release
from tests.support.postgres import programs
from tests.support.site import ROOT


@pytest.fixture(params=release.versions())
def version(request: pytest.FixtureRequest) -> str:
    """Each version that was ever released."""
    found: str = request.param
    return found


@pytest.fixture
def old(empty_database: Engine, version: str) -> Engine:
    """The database of that version, with its rows, not yet upgraded."""
    url, folder = empty_database.url, release.RELEASES / version
    if empty_database.dialect.name == "sqlite":
        with closing(connect(str(url.database))) as raw:
            raw.executescript((folder / "sqlite.sql").read_text(encoding="utf-8"))
        return empty_database
    words = [
        programs() / "psql",
        "-q",
        "-v",
        "ON_ERROR_STOP=1",
        "-h",
        url.host,
        "-p",
        str(url.port),
        "-U",
        url.username,
    ]
    subprocess.run([*words, "-d", url.database, "-f", folder / "postgres.sql"], check=True, stdout=subprocess.DEVNULL)
    return empty_database


def migrate(engine: Engine, where: str, *, down: bool = False) -> None:
    """Go to a revision."""
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        (command.downgrade if down else command.upgrade)(config, where)


@pytest.fixture
def app(old: Engine, tmp_path: Path) -> Iterator[Flask]:
    """The newest application on that database, brought up to date."""
    migrate(old, "head")
    settings = Settings.from_environment({"BV_INSTANCE": str(tmp_path / "instance")})
    app = create_app(replace(settings, database_url=old.url.render_as_string(hide_password=False)))
    app.testing = True
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
