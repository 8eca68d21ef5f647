"""The whole application on a database of the test's own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine

from app import create_app
from app.config import Settings


@pytest.fixture
def app(database: Engine, tmp_path: Path) -> Iterator[Flask]:
    """The application, on each sort of database, its tables made."""
    settings = Settings.from_environment({"BV_INSTANCE": str(tmp_path / "instance")})
    url = database.url.render_as_string(hide_password=False)
    app = create_app(replace(settings, database_url=url))
    app.testing = True
    yield app
    with app.app_context():
        from app.extensions import db

        db.session.remove()
        db.engine.dispose()
