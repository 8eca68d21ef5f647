"""The whole application, reached at an address that others can check against."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from app import create_app
from app.config import Mode
from app.extensions import db
from tests.support.credentials import ORIGIN
from tests.support.website import Browser, empty_tables, settings_in

__all__ = ["empty_tables"]


@pytest.fixture
def app(tmp_path: Path, empty_tables: Path) -> Iterator[Flask]:
    """In production, as there others check what it issued. SQLite: what is stored is tried on both elsewhere."""
    shutil.copy(empty_tables, tmp_path / "test.sqlite")
    app = create_app(settings_in(tmp_path, origin=ORIGIN, mode=Mode.PRODUCTION))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def browser(app: Flask) -> Browser:
    """Somebody who has no account here."""
    return Browser(app.test_client())
