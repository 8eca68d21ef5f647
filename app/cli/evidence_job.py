"""The worker's part in evidence packs: make what was asked for, one after another."""

from __future__ import annotations

from datetime import datetime

from app.cli.person import settings
from app.compliance import evidence
from app.extensions import db
from app.kernel import utc_now

# A few a look, so that the nightly backup never waits for a long list of them.
A_LOOK = 3


def packs(_now: datetime) -> str | None:
    """Make the packs that wait. What goes wrong with one is said on its page; the next is made all the same."""
    told: list[str] = []
    while len(told) < A_LOOK:
        line = evidence.make_next(db.session(), server=settings().origin, clock=utc_now)
        if line is None:
            break
        told.append(line)
    return " ".join(told) or None
