"""A moment becomes a day in one place, `kernel.day_of`: two pages that took "today" their own way differed by an hour.

Every `.date()` in the code stands there, or is one of these, which turn no moment of the server into a day.
"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

APP = Path(__file__).parents[2] / "app"
NOT_A_MOMENT = {
    ("kernel/days.py", "moment.date()"): "the one place",
    ("kernel/days.py", "moment.astimezone(ENGLAND).date()"): "the one place",
    ("providers/staff_list.py", "datetime.strptime(clean, form).date()"): "a day somebody typed into a list",
    ("providers/sheet_reader.py", "value.date()"): "a day in a cell of a sheet, which has no zone",
    ("compliance/tables.py", "there.date()"): "a time in a sheet is written as UTC, and says so",
    ("cli/evidence.py", "since.date()"): "a day typed at the command line",
    ("cli/evidence.py", "until.date()"): "a day typed at the command line",
    ("cli/evidence.py", "as_at.date()"): "a day typed at the command line",
    ("cli/person.py", "due.date()"): "a day typed at the command line",
}


def days_taken(text: str) -> set[str]:
    """Every call of `.date()` without arguments, and of `date.today()`."""
    found = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and not node.args:
            today = node.func.attr == "today" and ast.unparse(node.func.value) in ("date", "datetime")
            if node.func.attr == "date" or today:
                found.add(ast.unparse(node))
    return found


def test_the_look_finds_what_it_is_for() -> None:
    assert days_taken("today = utc_now().date()") == {"utc_now().date()"}
    assert days_taken("x = date.today()") == {"date.today()"}
    assert days_taken("x = func.date(a), today(), day_of(now)") == set()


@pytest.mark.parametrize("path", sorted(APP.rglob("*.py")), ids=lambda path: path.relative_to(APP).as_posix())
def test_a_moment_becomes_a_day_in_one_place(path: Path) -> None:
    name = path.relative_to(APP).as_posix()
    allowed = {call for file, call in NOT_A_MOMENT if file == name}
    assert days_taken(path.read_text("utf-8")) == allowed, "ask app.kernel.day_of, or say here why this is no moment"
