"""The rows of a list on their way from one page to the next: in the form, never on the server.

What comes back is read as strictly as what was uploaded; nothing in it is trusted, so it needs no signature.
"""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import replace

from app.providers.sheet_reader import MOST_ROWS, SheetRefused
from app.providers.staff_list import FIELDS, LONGEST_CELL, Entry

# What a form field may bring back: a form of 500 kB is the most a page of ours takes.
MOST_CARRIED = 300_000
LARGEST_PLAIN = 4 * 1024 * 1024
DAMAGED = "The list did not come through whole. Paste it or pick it again."


def carried(entries: Sequence[Entry]) -> str:
    """Return the entries as the value of a hidden field. Raises SheetRefused when they are too much for one."""
    plain = json.dumps(
        [[e.number, *(getattr(e, field) for field in FIELDS), e.guessed, e.choice, e.agreed] for e in entries],
        ensure_ascii=False,
        separators=(",", ":"),
    )
    packed = base64.b64encode(zlib.compress(plain.encode(), 9)).decode("ascii")
    if len(packed) > MOST_CARRIED:
        raise SheetRefused("This list is too long to look through at once. Send it in parts.", code="too-big")
    return packed


def brought_back(packed: str) -> tuple[Entry, ...]:
    """Return the entries a hidden field carried. Raises SheetRefused for anything else."""
    unpack = zlib.decompressobj()
    try:
        plain = unpack.decompress(base64.b64decode(packed, validate=True), LARGEST_PLAIN)
        rows = json.loads(plain)
        found = tuple(_entry(row) for row in rows)
    except (binascii.Error, zlib.error, ValueError, TypeError, RecursionError) as error:
        raise SheetRefused(DAMAGED, code="damaged") from error
    if not found or len(found) > MOST_ROWS:
        raise SheetRefused(DAMAGED, code="damaged")
    return found


def _entry(row: object) -> Entry:
    if not isinstance(row, list) or len(row) != len(FIELDS) + 4:
        raise ValueError("not a row")
    number, *texts, guessed, choice, agreed = row
    if (
        type(number) is not int
        or type(guessed) is not bool
        or not all(_short(each) for each in (*texts, choice, agreed))
    ):
        raise ValueError("not a row")
    return Entry(number=number, guessed=guessed, choice=choice, agreed=agreed, **dict(zip(FIELDS, texts, strict=True)))


def _short(value: object) -> bool:
    return isinstance(value, str) and len(value) <= LONGEST_CELL * 4


def mended(entries: Sequence[Entry], form: Mapping[str, str]) -> tuple[Entry, ...]:
    """Put what was typed into the open rows of the form into their entries. What was looked at is no guess any more."""
    found = []
    for at, entry in enumerate(entries):
        typed = {field: form[f"row{at}-{field}"][:LONGEST_CELL] for field in FIELDS if f"row{at}-{field}" in form}
        if typed:
            entry = replace(entry, **typed, guessed=False)  # type: ignore[arg-type]  # all of FIELDS are text
            # A box that is not ticked sends nothing.
            entry = replace(entry, agreed=form.get(f"row{at}-agreed", "")[:LONGEST_CELL])
        choice = form.get(f"row{at}-choice")
        if choice is not None:
            entry = replace(entry, choice=choice[:LONGEST_CELL])
        found.append(entry)
    return tuple(found)
