"""Counting tries in the database: per-process counters forget at every restart and multiply with every worker."""

from __future__ import annotations

import hashlib
import math
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app.identity.errors import Throttled
from app.identity.models import SignInFailure

TRIES = 5
WINDOW = timedelta(minutes=15)


def throttle(session: Session, key: str, *, now: datetime, tries: int = TRIES, window: timedelta = WINDOW) -> int:
    """Say how many tries are left for `key`; the try about to be made is not counted.

    `key` names what is guarded, such as "pin:<person>" or "join:<address>". Raises Throttled when none are left.
    """
    hashed = _hashed(key)
    since = now - window
    count, oldest = session.execute(
        select(func.count(), func.min(SignInFailure.at)).where(SignInFailure.key == hashed, SignInFailure.at > since)
    ).one()
    if count >= tries:
        wait = max(1, math.ceil((oldest + window - now).total_seconds()))
        minutes = math.ceil(wait / 60)
        raise Throttled(
            f"Too many tries. Wait {minutes} minute{'' if minutes == 1 else 's'}, then try again.", retry_after=wait
        )
    return tries - int(count)


def take_try(session: Session, key: str, *, now: datetime, tries: int = TRIES, window: timedelta = WINDOW) -> int:
    """Count a try at `key` before it is judged, and say how many are left after it.

    Counting first means that many tries sent at once cannot all pass the count. Call `clear_tries` when it succeeds and
    commit in both cases. Raises Throttled, counting nothing, when none are left.
    """
    if session.get_bind().dialect.name == "postgresql":
        # SQLite lets one writer in at a time; PostgreSQL has to be told to count tries at one key one by one.
        session.execute(select(func.pg_advisory_xact_lock(func.hashtext(_hashed(key)))))
    left = throttle(session, key, now=now, tries=tries, window=window)
    session.execute(delete(SignInFailure).where(SignInFailure.at <= now - timedelta(days=1)))
    session.add(SignInFailure(key=_hashed(key), at=now))
    session.flush()
    return left - 1


def clear_tries(session: Session, key: str) -> None:
    """Forget the tries at `key`: the person has shown who they are."""
    session.execute(delete(SignInFailure).where(SignInFailure.key == _hashed(key)))


def _hashed(key: str) -> str:
    """Keep no address and no name in the table; it only has to be counted."""
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
