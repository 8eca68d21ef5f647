"""The whole application at an address that others can check against, and Ngozi with something to show."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import URL

from app import create_app, credentials
from app.credentials import Site
from app.extensions import db
from app.kernel import utc_now
from tests.support.credentials import ORIGIN, Issuing
from tests.support.database import BOTH
from tests.support.website import KEY, Browser, empty_tables, settings_in

__all__ = ["empty_tables"]

SERVER = Site(origin=ORIGIN, secret=KEY.encode())


@pytest.fixture(params=BOTH)
def app(request: pytest.FixtureRequest, tmp_path: Path, empty_tables: Path) -> Iterator[Flask]:
    """It issues by an address others reach, and the tests reach it by any."""
    where: dict[str, object] = {}
    if request.param == "sqlite":
        shutil.copy(empty_tables, tmp_path / "test.sqlite")
    else:
        url: URL = request.getfixturevalue("postgres_tables")
        where["database_url"] = url.render_as_string(hide_password=False)
    app = create_app(settings_in(tmp_path, origin=ORIGIN, **where))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def browser(app: Flask) -> Browser:
    """Somebody who has no account here."""
    return Browser(app.test_client())


@pytest.fixture
def bramble(app: Flask) -> Issuing:
    """Knowledge and practice of standard 13, and an elective, signed a moment ago."""
    found = Issuing(db.session())
    found.passes()
    found.is_seen()
    found.passes_elective()
    line(found)
    return found


def line(place: Issuing) -> None:
    """Issue what is met, as the worker does."""
    credentials.bring_into_line(db.session(), place.provider.id, utc_now(), site=SERVER)
    db.session.commit()
