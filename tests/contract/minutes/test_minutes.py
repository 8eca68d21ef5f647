"""The server's half of the contract on minutes for pay; the phone's half reads the same file."""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from app.learning.minutes import bounds, minutes_in, month_of
from app.sync.reading import when

CASES = json.loads((Path(__file__).parent / "minutes.json").read_text("utf-8"))
FOREVER = datetime(2100, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_carer_and_payroll_read_the_same_minutes(case: dict[str, Any]) -> None:
    goes = []
    for go in case["goes"]:
        received = datetime.fromisoformat(go["received"]) if go["received"] else FOREVER
        at = when(go["at"], go["off"], received_at=received)
        assert at is not None
        goes.append((at, go["seconds"]))

    assert minutes_in(goes, month_of(datetime.fromisoformat(case["now"]))) == case["minutes"]


@pytest.mark.parametrize("month", [date(year, month, 1) for year in (2026, 2027, 2028) for month in range(1, 13)])
def test_each_month_begins_when_the_one_before_it_ends(month: date) -> None:
    start, end = bounds(month)

    assert month_of(start) == month
    assert bounds(month_of(end))[0] == end
    assert 28 <= (end - start).days <= 31
