"""What other servers are offered of published modules, and what is compared with theirs."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Collection
from dataclasses import dataclass
from threading import Lock

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from app.content.models import Edition

# An edition never changes, so what was read out of it once is kept in this process.
_MOST = 20_000
_read: OrderedDict[str, tuple[str, str]] = OrderedDict()
_lock = Lock()


@dataclass(frozen=True, slots=True, kw_only=True)
class Here:
    """An edition of this server as another's is compared with it. `everybodys`: it is not one provider's own."""

    sha: str
    source: str
    everybodys: bool
    withdrawn: bool
    pack: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shareable:
    """What a server has to know of an edition to offer it. `text_bytes` is None where its text was not kept."""

    sha: str
    source: str
    licence: str
    text_bytes: int | None


def editions_here(session: Session) -> dict[str, dict[int, Here]]:
    """Return every edition of this server by module and number, whoever it is for. One statement."""
    found: dict[str, dict[int, Here]] = {}
    wanted = (Edition.sha, Edition.module, Edition.number, Edition.source, Edition.audience, Edition.pack)
    for row in session.execute(select(*wanted, Edition.withdrawn_at.is_not(None).label("withdrawn"))):
        found.setdefault(row.module, {})[row.number] = Here(
            sha=row.sha,
            source=row.source,
            everybodys=row.audience is None,
            withdrawn=bool(row.withdrawn),
            pack=row.pack,
        )
    return found


def everybodys_pack(session: Session, sha: str) -> str | None:
    """Return the pack an edition lies in; None when there is none, or when it is one provider's own."""
    return session.scalar(select(Edition.pack).where(Edition.sha == sha, Edition.audience.is_(None)))


def shareable(session: Session, shas: Collection[str]) -> dict[str, Shareable]:
    """Return the licence, the source's hash and the length of the text of these editions, by sha."""
    ahead = [sha for sha in shas if sha not in _read]
    if ahead:
        for row in session.scalars(select(Edition).where(Edition.sha.in_(ahead)).options(undefer(Edition.body))):
            with _lock:
                _read[row.sha] = (str(json.loads(row.body)["licence"]), row.source)
                while len(_read) > _MOST:
                    _read.popitem(last=False)
    sizes = {
        row.sha: None if row.text is None else len(row.text.encode())
        for row in session.execute(select(Edition.sha, Edition.text).where(Edition.sha.in_(list(shas))))
    }
    return {
        sha: Shareable(sha=sha, source=_read[sha][1], licence=_read[sha][0], text_bytes=size)
        for sha, size in sizes.items()
        if sha in _read
    }
