"""What a big provider's figures are made of is kept in this process for two minutes, as it takes long to work out.

Whatever staff do shows at once: each of their acts adds an entry to the audit trail, and what is kept is kept with the
number of the last. What carers send shows within two minutes, and the page says when it was worked out. Of a small
provider nothing is kept. What is kept never changes, so that threads can share it.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app import audit

T = TypeVar("T")

# People; up to here it takes a moment.
BIG = 150
KEPT_FOR = timedelta(minutes=2)
# Things a database: of several providers, or of several days.
MOST = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Something, when it was worked out, and the number of the audit trail's last entry then."""

    value: Any
    at: datetime
    entry: int


_kept: WeakKeyDictionary[Engine, OrderedDict[Hashable, Kept]] = WeakKeyDictionary()
_lock = Lock()


def remembered(
    session: Session, key: Hashable, work_out: Callable[[], T], *, people: Callable[[T], int], now: datetime
) -> tuple[T, datetime]:
    """Return what `work_out` gives and when it was worked out, from memory where that is allowed.

    `key` names it, its provider and its day; `people` says of how many it is. One statement more than `work_out` takes.
    """
    entry, engine = audit.head(session).number, session.get_bind().engine
    with _lock:
        found = _kept.setdefault(engine, OrderedDict()).get(key)
    if found is not None and found.entry == entry and timedelta(0) <= now - found.at < KEPT_FOR:
        return found.value, found.at
    value = work_out()
    with _lock:
        mine = _kept.setdefault(engine, OrderedDict())
        mine.pop(key, None)
        if people(value) >= BIG:
            mine[key] = Kept(value=value, at=now, entry=entry)
        while len(mine) > MOST:
            mine.popitem(last=False)
    return value, now
