"""What a big provider's figures are made of is kept in this process, as it takes long to work out.

`by_person` is never behind: before it is shown, `News` tells whom anything happened to since, and what is known of
those is worked out anew. `remembered` is for figures about everybody: what staff do shows in them at once, and what
carers send within two minutes. Of a small provider nothing is kept. What is kept never changes, so that threads can
share it.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Collection, Hashable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import Any, Protocol, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app import audit

T = TypeVar("T")

# People; up to here it takes a moment.
BIG = 150
KEPT_FOR = timedelta(minutes=2)
# Should ever something change that no news tells of, it shows after this time.
KEPT_BY_PERSON_FOR = timedelta(minutes=30)
# Of more people than this it is quicker to ask all at once.
FEW = 50
# Things a database: of several providers, or of several days.
MOST = 12


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in what happened: the number of the audit trail's last entry, and the id of the last record.

    `recent`: the ids just before it that were there too, on a database that fills them in out of order.
    """

    entry: int
    record: int
    recent: frozenset[int] = frozenset()


class News(Protocol):
    """What happened at one provider."""

    def mark(self) -> Mark:
        """Return the place that has been reached."""
        ...

    def since(self, mark: Mark) -> frozenset[int] | None:
        """Return the ids of those of whom something else may be known since a mark; None: of anybody."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Something, when it was worked out, and how far what had happened was known then."""

    value: Any
    at: datetime
    mark: Mark


_kept: WeakKeyDictionary[Engine, OrderedDict[Hashable, Kept]] = WeakKeyDictionary()
_lock = Lock()


def by_person(
    session: Session,
    key: Hashable,
    work_out: Callable[[Collection[int] | None], Mapping[int, T]],
    *,
    news: News,
    now: datetime,
) -> Mapping[int, T]:
    """Return what `work_out` gives of everybody, by person id: from memory, but for those of whom there is news.

    `work_out` gets the ids of those it is asked about, None for all, and leaves out who is not there. `key` names what
    it is, its provider, and the day that it depends on.
    """
    engine = session.get_bind().engine
    mark = news.mark()
    found = _get(engine, key)
    touched = None
    if found is not None and timedelta(0) <= now - found.at < KEPT_BY_PERSON_FOR:
        touched = news.since(found.mark) if found.mark != mark else frozenset[int]()
    if found is None or touched is None or len(touched) > FEW:
        value, at = work_out(None), now
    else:
        value, at = found.value, found.at
        if touched:
            value = {who: what for who, what in value.items() if who not in touched} | dict(work_out(touched))
    if len(value) >= BIG:
        _put(engine, key, Kept(value=value, at=at, mark=mark))
    return value


def remembered(
    session: Session, key: Hashable, work_out: Callable[[], T], *, people: Callable[[T], int], now: datetime
) -> tuple[T, datetime]:
    """Return what `work_out` gives and when it was worked out, from memory where that is allowed.

    `key` names it, its provider and its day; `people` says of how many it is. One statement more than `work_out` takes.
    """
    entry, engine = audit.head(session).number, session.get_bind().engine
    found = _get(engine, key)
    if found is not None and found.mark.entry == entry and timedelta(0) <= now - found.at < KEPT_FOR:
        return found.value, found.at
    value = work_out()
    if people(value) >= BIG:
        _put(engine, key, Kept(value=value, at=now, mark=Mark(entry=entry, record=0)))
    return value, now


def _get(engine: Engine, key: Hashable) -> Kept | None:
    with _lock:
        return _kept.setdefault(engine, OrderedDict()).get(key)


def _put(engine: Engine, key: Hashable, kept: Kept) -> None:
    with _lock:
        mine = _kept.setdefault(engine, OrderedDict())
        mine[key] = kept
        mine.move_to_end(key)
        while len(mine) > MOST:
            mine.popitem(last=False)
