"""How a database goes about a statement: what was sent is recorded, and its plan looked at for what grows with a table.

SQLite plans without looking at the rows, so its plans are the same for an empty table. PostgreSQL looks: `fill` gives
it enough of them first.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, event

from app.kernel.parts import is_parted
from tests.support.copied import tables

# Few rows on any server, however many people it has: the server's own, and what its operator sets up by hand.
SMALL: Mapping[str, str] = {
    "server": "one row",
    "audit_head": "one row",
    "catalogue_errata": "keys that publishers who are followed put right",
    "catalogue_holdings": "modules of servers that are followed",
    "catalogue_keys": "a key of the server's own",
    "catalogue_offers": "packs this server publishes",
    "catalogue_sources": "servers that are followed",
    "documents": "packs, frameworks and glossaries",
    "editions": "what this server publishes: a listing shows them all",
    "errata": "keys that were put right",
    "received_suggestions": "what others suggest to what is published here, of which so many may wait",
    "record_variants": "one id with two contents: what a broken phone sends",
    "suggestion_decisions": "what was decided on them",
}
EXPLAINED = re.compile(r"\s*(SELECT|UPDATE|DELETE|WITH)\b", re.IGNORECASE)
ALIAS = re.compile(r"\b(\w+) AS \"?(\w+)\"?")
LIMITED = re.compile(r"\bLIMIT \S+( OFFSET \S+)?\s*$")
PART = re.compile(r"_\d+$")
# PostgreSQL reads a table of a page or two whole, and is right to.
FEW_ROWS = 500


def large() -> frozenset[str]:
    """Every table but the small ones: a new one is large until somebody says why it is not."""
    return frozenset(tables()) - SMALL.keys()


@dataclass(frozen=True, slots=True)
class Sent:
    """A statement as the driver got it, and its parameters (of several rows the first)."""

    statement: str
    parameters: Any


@contextmanager
def recorded(engine: Engine) -> Iterator[dict[str, Sent]]:
    """What is sent within the block and has a plan worth looking at, each statement once."""
    sent: dict[str, Sent] = {}

    def note(
        _connection: object, _cursor: object, statement: str, parameters: Any, _context: object, many: bool
    ) -> None:
        if EXPLAINED.match(statement):
            sent.setdefault(statement, Sent(statement, parameters[0] if many else parameters))

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)


def troubles(connection: Connection, sent: Sent, tables: Collection[str]) -> list[str]:
    """What about this statement's plan grows with one of these tables. Nothing is changed by asking."""
    if connection.dialect.name == "sqlite":
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sent.statement}", sent.parameters)
        return in_sqlite(sent.statement, [(row[1], row[3]) for row in rows], tables)
    return in_postgres(_plan(connection, sent), tables)


def parts_touched(connection: Connection, sent: Sent) -> dict[str, int]:
    """How many parts of each table that is cut up by person a statement may read: one, if it says whose it wants."""
    parted = {name for name, table in tables().items() if is_parted(table)}
    found: dict[str, set[str]] = {}
    for node in nodes(_plan(connection, sent)):
        name = str(node.get("Relation Name", ""))
        if (whole := PART.sub("", name)) in parted and name != whole:
            found.setdefault(whole, set()).add(name)
    return {whole: len(names) for whole, names in found.items()}


def in_sqlite(statement: str, steps: Collection[tuple[int, str]], tables: Collection[str]) -> list[str]:
    """The same for the steps of EXPLAIN QUERY PLAN, each with the number of the step it is part of."""
    called = {alias: name for name, alias in ALIAS.findall(statement) if name in tables}
    found = []
    for within, step in steps:
        words = step.split()
        table = called.get(words[1], words[1]) if len(words) > 1 else ""
        if words[0] == "SCAN" and table in tables:
            found.append(f"reads all of {table}: {step}")
        if "AUTOMATIC" in words and table in tables:
            found.append(f"makes an index of {table} to throw away: {step}")
        if step == "USE TEMP B-TREE FOR ORDER BY" and within == 0 and LIMITED.search(statement):
            found.append("sorts everything to take the first few")
    return found


def in_postgres(plan: Mapping[str, Any], tables: Collection[str]) -> list[str]:
    """The same for a plan as EXPLAIN writes it in JSON."""
    found = []
    for node in nodes(plan):
        kind, name = str(node["Node Type"]), PART.sub("", str(node.get("Relation Name", "")))
        if kind == "Seq Scan" and name in tables:
            found.append(f"reads all of {name}")
        if kind.startswith("Index") and kind != "Index" and name in tables and "Index Cond" not in node:
            found.append(f"reads all of an index of {name}: {node['Index Name']}")
        below = [each["Node Type"] for each in node.get("Plans", ())]
        if kind == "Limit" and below == ["Sort"] and node["Plans"][0]["Plan Rows"] > FEW_ROWS:
            found.append(f"sorts {node['Plans'][0]['Plan Rows']} rows to take the first few")
    return found


def nodes(plan: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Every node of a plan, the outermost first."""
    yield plan
    for each in plan.get("Plans", ()):
        yield from nodes(each)


def _plan(connection: Connection, sent: Sent) -> Mapping[str, Any]:
    rows = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {sent.statement}", sent.parameters)
    written = rows.scalar_one()
    plan: Mapping[str, Any] = (json.loads(written) if isinstance(written, str) else written)[0]["Plan"]
    return plan
