"""Which is which in a passport, and what a link may be. Pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from app.credentials.passport.types import Entry, Group
from app.credentials.rules import FRAMEWORK
from app.credentials.types import Kind
from app.kernel import day_of, end_of

# 128 random bits, as base64url.
TOKEN = re.compile(r"[A-Za-z0-9_-]{22}")
MOST_ITEMS = 200
LONGEST_WHOM = 100
LONGEST_BY = 100
LONGEST_DAYS = 366
# The sign-off first: it is what somebody new asks for. Then the halves it rests on.
ORDER = (Kind.CERTIFICATE, Kind.STANDARD, Kind.KNOWLEDGE, Kind.PRACTICE, Kind.ELECTIVE)


def is_token(token: str) -> bool:
    """Say whether this can be the token of a link at all."""
    return TOKEN.fullmatch(token) is not None


def hash_of_token(token: str) -> str:
    """Return what is kept of a token: 128 random bits cannot be guessed from it."""
    return hashlib.sha256(token.encode()).hexdigest()


def ends(now: datetime, days: int) -> datetime:
    """Return when a link made now ends: with the last of so many days after today, in England."""
    return end_of(day_of(now) + timedelta(days=days))


def standard_of(achievement: str) -> int | None:
    """Return the number of the standard an achievement belongs to, by its key; None for what belongs to none."""
    framework, _, rest = achievement.partition("/")
    number = rest.partition("/")[0]
    return int(number) if framework == FRAMEWORK and number.isascii() and number.isdecimal() else None


def groups(entries: Iterable[Entry], said: Callable[[Entry], tuple[Kind, str, str]]) -> tuple[Group[Entry], ...]:
    """Put entries in order: the whole certificate, each standard with its halves, and what belongs to no standard.

    `said` gives an entry's kind, its achievement's key and its name.
    """
    found: dict[tuple[int, int | None], list[Entry]] = {}
    titles: dict[tuple[int, int | None], str] = {}
    for entry in entries:
        kind, achievement, name = said(entry)
        number = standard_of(achievement)
        key = (0 if kind is Kind.CERTIFICATE else 1 if number is not None else 2, number)
        found.setdefault(key, []).append(entry)
        # "Standard 13, Health and safety: knowledge"
        titles.setdefault(key, name.rpartition(": ")[0] if number is not None else "")
    return tuple(
        Group(
            standard=key[1],
            title=titles[key] or ("Care Certificate" if key[0] == 0 else "Other learning"),
            entries=tuple(sorted(found[key], key=lambda entry: (ORDER.index(said(entry)[0]), said(entry)[2]))),
        )
        for key in sorted(found, key=lambda key: (key[0], key[1] or 0))
    )
