"""The one place that reads the machine's clock."""

from __future__ import annotations

from datetime import UTC, datetime


def utc_now() -> datetime:
    """Return the present moment, aware and in UTC. Rules receive it as `now`; they never call this."""
    return datetime.now(UTC)
