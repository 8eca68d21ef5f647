"""The chain: what an entry's hash is made of, and where a chain breaks. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

START = "0" * 64
SHORTENED = "audit.shortened"


class Link(Protocol):
    """What an entry's hash covers, and the hash."""

    number: int
    at: datetime
    action: str
    actor: str
    actor_person: UUID | None
    provider: UUID | None
    subject: UUID | None
    details: str
    removed_to: int | None
    before: str
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The last entry of the chain: its number, 0 when there is none, and its hash."""

    number: int
    hash: str


class Trouble(StrEnum):
    """How a chain is broken."""

    CHANGED = "changed"
    MISSING = "missing"
    REORDERED = "reordered"
    CUT_OFF = "cut-off"
    START_MISSING = "start-missing"
    ANOTHER_CHAIN = "another-chain"


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """The first link that does not hold: at which number, how, and the words for it."""

    number: int
    trouble: Trouble
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What walking the chain found. `entries` were read; `removed_to` is the last one retention took, else 0."""

    entries: int
    removed_to: int
    head: Head
    broken: Broken | None


def hash_of(link: Link) -> str:
    """Return the SHA-256, in hex, of an entry's canonical JSON: sorted keys, no blanks, ASCII, UTC microseconds."""
    content = {
        "number": link.number,
        "at": link.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "action": link.action,
        "actor": link.actor,
        "actor_person": str(link.actor_person) if link.actor_person else None,
        "provider": str(link.provider) if link.provider else None,
        "subject": str(link.subject) if link.subject else None,
        "details": link.details,
        "removed_to": link.removed_to,
        "before": link.before,
    }
    canonical = json.dumps(content, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode("ascii")).hexdigest()


def walk(links: Iterable[Link], head: Head | None, kept: Head | None = None) -> Verdict:
    """Walk a chain in the order of its numbers and name the first link that does not hold.

    `head` is what the server remembers of the end (None: it remembers nothing). `kept` is an earlier end that was
    written down elsewhere; the entry of that number must still have that hash.
    """
    count = expected = 0
    last = Head(number=0, hash=START)
    start: Link | None = None
    shortened: Link | None = None
    broken: Broken | None = None
    seen_kept = kept is None or kept.number == 0
    for link in links:
        if start is None:
            start, expected, last = link, link.number, Head(number=link.number - 1, hash=link.before)
        if broken is None:
            broken = _link_trouble(link, expected, last)
        if kept is not None and link.number == kept.number:
            seen_kept = True
            if link.hash != kept.hash and broken is None:
                broken = _another(link.number)
        if link.action == SHORTENED and link.removed_to is not None:
            shortened = link
        count, expected, last = count + 1, link.number + 1, Head(number=link.number, hash=link.hash)
    removed_to = shortened.removed_to if shortened is not None and shortened.removed_to is not None else 0
    start_trouble = _start_trouble(start, shortened, removed_to)
    if start_trouble is not None:
        broken = start_trouble
    if broken is None:
        broken = _end_trouble(last, head)
    if broken is None and kept is not None and not seen_kept and kept.number > removed_to:
        broken = Broken(
            number=last.number + 1,
            trouble=Trouble.CUT_OFF,
            words=f"The chain ends at {last.number}, but {kept.number} entries were there before.",
        )
    return Verdict(entries=count, removed_to=removed_to, head=last, broken=broken)


def _link_trouble(link: Link, expected: int, last: Head) -> Broken | None:
    if link.number != expected:
        return Broken(
            number=expected,
            trouble=Trouble.MISSING,
            words=f"Entry {expected} is missing: after {expected - 1} comes {link.number}.",
        )
    if hash_of(link) != link.hash:
        return Broken(
            number=link.number, trouble=Trouble.CHANGED, words=f"Entry {link.number} is not as it was written."
        )
    if link.before != last.hash:
        return Broken(
            number=link.number,
            trouble=Trouble.REORDERED,
            words=f"Entry {link.number} does not follow entry {last.number}: one of them was moved or put in.",
        )
    return None


def _start_trouble(start: Link | None, shortened: Link | None, removed_to: int) -> Broken | None:
    if start is None or (start.number == 1 and shortened is None and start.before == START):
        return None
    if start.number == removed_to + 1 and shortened is not None:
        if json.loads(shortened.details).get("hash") == start.before:
            return None
        return Broken(
            number=start.number,
            trouble=Trouble.REORDERED,
            words=f"Entry {start.number} does not follow the entries that retention removed.",
        )
    return Broken(
        number=min(removed_to + 1, start.number),
        trouble=Trouble.START_MISSING,
        words=f"The chain begins at {start.number}, and nothing says that the entries before it were removed.",
    )


def _end_trouble(last: Head, head: Head | None) -> Broken | None:
    if head is None:
        head = Head(number=0, hash=START)
    if last == head:
        return None
    if last.number < head.number:
        return Broken(
            number=last.number + 1,
            trouble=Trouble.CUT_OFF,
            words=f"The chain ends at {last.number}, but the server remembers {head.number} entries.",
        )
    return _another(last.number)


def _another(number: int) -> Broken:
    return Broken(
        number=number,
        trouble=Trouble.ANOTHER_CHAIN,
        words=f"Entry {number} is whole, but it is not the one that was remembered: the chain was written anew.",
    )
