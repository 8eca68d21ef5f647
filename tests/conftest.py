"""What every test may ask for."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest
from argon2 import Parameters, PasswordHasher, extract_parameters
from hypothesis import HealthCheck, settings

from app.identity import secrets
from tests.support import compiled

pytest_plugins = ["tests.support.database", "tests.support.app"]

# How fast inputs come depends on what else the machine does; how long a test takes is nobody's promise.
settings.register_profile("between-visits", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("between-visits")


compiled.share()


def pytest_collection_finish() -> None:
    """What was imported and collected lives as long as the run: looking through it for garbage took a tenth of it."""
    gc.freeze()
    gc.set_threshold(50_000)


_REAL, _CHEAP = secrets._hasher, PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@pytest.fixture(autouse=True, scope="session")
def _cheap_hashes() -> Iterator[None]:
    """Hash passwords and PINs the same way with less work; servers that tests start do all of it."""
    secrets._hasher = _CHEAP
    yield
    secrets._hasher = _REAL


@pytest.fixture
def real_hashes(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Hash as servers do."""
    monkeypatch.setattr(secrets, "_hasher", _REAL)
    secrets._stand_in.cache_clear()
    yield
    secrets._stand_in.cache_clear()


class _Told:
    """A hasher that tells with which settings each hash is worked out; how long that takes depends on them alone."""

    def __init__(self) -> None:
        self.worked_out: list[Parameters] = []

    def verify(self, stored: str, secret: str) -> bool:
        self.worked_out.append(extract_parameters(stored))
        return _CHEAP.verify(stored, secret)

    def hash(self, secret: str) -> str:
        made = _CHEAP.hash(secret)
        self.worked_out.append(extract_parameters(made))
        return made


@pytest.fixture
def worked_out(monkeypatch: pytest.MonkeyPatch) -> list[Parameters]:
    """Settings of every hash worked out for a PIN or password from now on, in turn."""
    told = _Told()
    secrets._stand_in()  # made once in the life of a server
    monkeypatch.setattr(secrets, "_hasher", told)
    return told.worked_out
