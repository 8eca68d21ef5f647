"""A provider with one carer and her phone, and the application around them."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.extensions import db
from app.kernel import utc_now
from tests.support.api import Caller
from tests.support.world import one_phone


@pytest.fixture
def caller(app: Flask) -> Caller:
    with app.app_context():
        phone = one_phone(db.session(), now=utc_now())
    return Caller(app, phone)


@pytest.fixture
def inside(app: Flask, caller: Caller) -> Iterator[Session]:
    """The server's own session, to arrange things behind the API."""
    with app.app_context():
        yield db.session()
