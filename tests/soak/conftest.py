"""A PostgreSQL of the soak's own: its backups need to make databases, and others would be in the way."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.postgres import private_postgres


@pytest.fixture
def soak_postgres() -> Iterator[str]:
    """The address of an empty database."""
    with private_postgres() as url:
        yield url
