"""No entry can be altered, dropped or moved without `verify` naming a break at or before it."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from app.audit.chain import START, Head, hash_of, walk


@dataclasses.dataclass(kw_only=True)
class Row:
    number: int
    at: datetime
    action: str
    actor: str = "operator"
    actor_person: UUID | None = None
    provider: UUID | None = None
    subject: UUID | None = None
    details: str = "{}"
    removed_to: int | None = None
    before: str = START
    hash: str = ""


def chain(actions: list[str]) -> list[Row]:
    rows: list[Row] = []
    for number, action in enumerate(actions, 1):
        at = datetime(2026, 11, 22, tzinfo=UTC) + timedelta(seconds=number)
        row = Row(number=number, at=at, action=action, before=rows[-1].hash if rows else START)
        row.hash = hash_of(row)
        rows.append(row)
    return rows


def head(rows: list[Row]) -> Head:
    return Head(number=rows[-1].number, hash=rows[-1].hash)


actions = st.lists(st.sampled_from(["code.made", "person.added", "goes.reset"]), min_size=2, max_size=12)


@given(actions)
def test_an_untouched_chain_is_whole(given_actions: list[str]) -> None:
    rows = chain(given_actions)

    verdict = walk(rows, head(rows))

    assert (verdict.broken, verdict.entries, verdict.head) == (None, len(rows), head(rows))


@given(actions, st.data())
def test_any_one_change_is_found_where_it_was_made(given_actions: list[str], data: st.DataObject) -> None:
    rows = chain(given_actions)
    remembered = head(rows)
    at = data.draw(st.integers(0, len(rows) - 1))
    how = data.draw(st.sampled_from(["alter", "alter-and-hash", "drop", "swap", "insert"]))
    if how == "alter":
        rows[at].action += "x"
    elif how == "alter-and-hash":
        rows[at].action += "x"
        rows[at].hash = hash_of(rows[at])
    elif how == "drop":
        del rows[at]
    elif how == "swap":
        other = (at + 1) % len(rows)
        rows[at], rows[other] = rows[other], rows[at]
    else:
        rows.insert(at, dataclasses.replace(rows[at]))

    broken = walk(rows, remembered).broken

    assert broken is not None
    # The link to the next entry is what breaks when an entry was hashed anew.
    assert broken.number <= at + 2
