"""The whole application with an OpenID provider in its settings, on a database of each sort."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import URL

from tests.support.database import BOTH
from tests.support.openid_made_up import MadeUpProvider
from tests.support.website import _running, bramble, browser, empty_tables, priya, settings_in, sqlite_app

__all__ = ["bramble", "browser", "empty_tables", "priya", "sqlite_app"]


@pytest.fixture
def office() -> Iterator[MadeUpProvider]:
    """The provider the settings name. It answers as a test tells it to."""
    with MadeUpProvider() as provider:
        yield provider


@pytest.fixture(params=BOTH)
def app(request: pytest.FixtureRequest, tmp_path: Path, empty_tables: Path, office: MadeUpProvider) -> Iterator[Flask]:
    """The application, inside its context."""
    if request.param == "sqlite":
        shutil.copy(empty_tables, tmp_path / "test.sqlite")
        yield from _running(settings_in(tmp_path, openid=office.settings))
        return
    url: URL = request.getfixturevalue("postgres_tables")
    database = url.render_as_string(hide_password=False)
    yield from _running(settings_in(tmp_path, openid=office.settings, database_url=database))
