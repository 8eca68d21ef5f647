"""Is what is published still what was published? Every name here is a hash, so the bytes can be asked."""

from __future__ import annotations

import gzip
import hashlib
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import TypeVar

import brotli
from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from app.content.models import Document, Edition, Media

Stored = Edition | Document | Media
Row = TypeVar("Row", Edition, Document, Media)


@dataclass(frozen=True, slots=True, kw_only=True)
class Soundness:
    """How many bodies were read of each sort, and the damaged ones by the words people know them by."""

    editions: int
    media: int
    documents: int
    damaged: tuple[str, ...]


def soundness(session: Session) -> Soundness:
    """Read every edition, picture, sound and document, also as packed for sending, and compare each with its hash."""
    counts = Counter[type[Stored]]()
    damaged = []
    for row in chain[Stored](_rows(session, Edition), _rows(session, Media), _rows(session, Document)):
        counts[type(row)] += 1
        if not _is_sound(row):
            damaged.append(_words(row))
    return Soundness(
        editions=counts[Edition], media=counts[Media], documents=counts[Document], damaged=tuple(sorted(damaged))
    )


def _rows(session: Session, model: type[Row]) -> Iterator[Row]:
    """Give one row at a time: sounds are large, and a small server has little memory."""
    for sha in session.scalars(select(model.sha).order_by(model.sha)).all():
        row = session.get_one(model, sha, options=[undefer(model.body), undefer(model.br), undefer(model.gz)])
        yield row
        session.expunge(row)


def _is_sound(row: Stored) -> bool:
    if hashlib.sha256(row.body).hexdigest() != row.sha:
        return False
    try:
        packed_right = row.br is None or brotli.decompress(row.br) == row.body
        return packed_right and (row.gz is None or gzip.decompress(row.gz) == row.body)
    except (brotli.error, OSError, EOFError, zlib.error):
        return False


def _words(row: Stored) -> str:
    match row:
        case Edition():
            return f"edition {row.number} of {row.module}"
        case Document():
            return f"the {row.kind} {row.name}"
        case _:
            return f"a {row.kind} ({row.sha[:12]})"
