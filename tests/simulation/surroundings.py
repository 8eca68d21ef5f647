"""What a simulated server takes from outside, put in its place before the application is imported: time and luck."""

from __future__ import annotations

import os
import random
import secrets
import time
from datetime import UTC, datetime
from typing import Any

from argon2 import PasswordHasher

from app.identity import secrets as hashing
from app.kernel import clock


class Clock(datetime):
    """Stands in for `datetime` in app.kernel.clock, the one place that reads the machine's clock."""

    present = datetime(2026, 6, 1, tzinfo=UTC)

    @classmethod
    def now(cls, tz: Any = None) -> datetime:
        return cls.present.astimezone(tz)


class Luck:
    """Everything the server draws by lot, from one seed."""

    def __init__(self) -> None:
        self.random = random.Random(0)
        os.urandom = lambda count: self.random.randbytes(count)
        secrets.token_urlsafe = lambda count=32: self.random.randbytes(count).hex()
        time.time_ns = lambda: int(Clock.present.timestamp() * 1_000_000_000)


clock.datetime = Clock  # type: ignore[misc]
# A PIN is checked as ever, only not slowly: how slow it is, is tested elsewhere.
hashing._hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
