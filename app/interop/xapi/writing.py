"""Statements as a file: one JSON array, a statement a line, made piece by piece."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from app.interop.xapi.making import VERSION, Statement

__all__ = ["VERSION", "as_array"]


def as_array(statements: Iterable[Statement]) -> Iterator[str]:
    """Yield the array in pieces of one statement each."""
    before = "[\n"
    for statement in statements:
        yield before + json.dumps(statement, ensure_ascii=False, separators=(",", ":"))
        before = ",\n"
    yield "[]\n" if before == "[\n" else "\n]\n"
