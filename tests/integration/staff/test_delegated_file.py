"""The list of delegated tasks as CSV and XLSX: what the page says, for one's own people only, and noted."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import openpyxl
import pytest
from werkzeug.test import TestResponse

from app import audit
from app.assessment import delegation
from app.extensions import db
from app.kernel import day_of, utc_now
from tests.support.delegated import delegated
from tests.support.learning_place import joined
from tests.support.statements import statements
from tests.support.website import Browser, Page, Place, set_up

HERE = "/staff/practice/delegated"
FILE = f"{HERE}/file"


@pytest.fixture
def tasks(bramble: Place) -> None:
    """Ngozi may do one thing soon to end, Tom's has ended long ago, Ada's was withdrawn; each begins like a formula."""
    now = utc_now()
    ngozi, tom, ada = (joined(bramble, name).member for name in ("=Ngozi Obi", "Tom Ash", "Ada Lee"))
    delegated(db.session(), ngozi, now=now, days=10, reach="+44 113 496 0000")
    delegated(db.session(), tom, now=now - timedelta(days=300), days=150, task="-Flush a PEG tube", alias="Blue 7")
    view = delegated(db.session(), ada, now=now - timedelta(days=2), task="@Change a stoma bag", alias="Red 12")
    delegation.withdraw(
        db.session(), bramble.provider.id, ada.person_id, view.uuid, reason="Their needs changed", now=now, by=None
    )
    db.session.commit()


def saved(priya: Browser, kind: str, address: str = HERE) -> TestResponse:
    page = priya.get(address)
    return priya.send("POST", FILE, data={**page.form(FILE), "as": kind})


def rows_of(reply: TestResponse) -> list[list[str]]:
    return list(csv.reader(io.StringIO(reply.data.decode("utf-8-sig"))))


def on_page(page: Page) -> list[tuple[str, str, str]]:
    """Carer, task with its alias, and where it stands."""
    found = []
    for body in page.all(".//main//span[@class='bv-list__body']"):
        name, title, meta, *_ = list(body)
        state = next(iter(meta))
        found.append(tuple(" ".join("".join(each.itertext()).split()) for each in (name, title, state)))
    return found


@pytest.mark.parametrize("narrowed", ["?all=1", "?state=ended", "?q=ngozi+insulin", "?q=ngozi&state=soon"])
def test_page_csv_and_workbook_say_the_same(priya: Browser, tasks: None, narrowed: str) -> None:
    screen = on_page(priya.get(f"{HERE}{narrowed}"))
    assert screen
    reply = saved(priya, "csv", f"{HERE}{narrowed}")
    heads, *rows = rows_of(reply)
    # An apostrophe keeps a spreadsheet from running what somebody typed.
    assert all(not cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row)
    plain = [[cell.removeprefix("'") for cell in row] for row in rows]
    assert [(row[0], f"{row[2]}, for {row[3]}", row[4]) for row in plain] == screen
    book = openpyxl.load_workbook(io.BytesIO(saved(priya, "xlsx", f"{HERE}{narrowed}").data))
    lines = list(book["Delegated tasks"].iter_rows())
    assert not any(cell.data_type == "f" for row in lines for cell in row)
    assert [heads, *plain] == [
        [cell.value.date().isoformat() if cell.is_date else cell.value or "" for cell in row] for row in lines
    ]


def test_what_is_about_the_person_receiving_care_stays_in_the_program(priya: Browser, tasks: None) -> None:
    reply = saved(priya, "csv")
    text = reply.data.decode("utf-8-sig")
    assert reply.headers["Content-Disposition"] == (
        f"attachment; filename=delegated-tasks-{day_of(utc_now()).isoformat()}.csv"
    )
    assert reply.headers["Cache-Control"] == "no-store"
    assert "Ada Lee" in text
    assert "Their needs changed" not in text
    assert "Only the dose on the chart" not in text
    assert "Flush a PEG tube" in text, "the page leaves out what ended long ago, the file does not"


def test_who_saved_it_is_noted_and_what_is_no_file_is_not(priya: Browser, tasks: None) -> None:
    assert saved(priya, "pdf").status_code == 404
    assert not [each for each in audit.entries(db.session()) if each.action == "delegated.saved"]
    saved(priya, "xlsx", f"{HERE}?q=ngozi")
    assert "Priya Nair saved the list of delegated tasks as a file" in priya.get("/staff/audit").text


def test_another_providers_tasks_are_not_in_it(priya: Browser, tasks: None) -> None:
    other = joined(set_up("Thistle Care", "Judy Bell", "judy"), "Eve Stone")
    delegated(db.session(), other.member, now=utc_now())
    assert b"Eve Stone" not in saved(priya, "csv").data


def test_the_file_costs_the_same_for_many(priya: Browser, bramble: Place, tasks: None) -> None:
    def cost() -> int:
        form = priya.get(HERE).form(FILE)
        with statements(db.engine) as counted:
            assert priya.send("POST", FILE, data={**form, "as": "xlsx"}).status_code == 200
        return len(counted)

    few = cost()
    for number in range(9):
        delegated(db.session(), joined(bramble, f"Carer {number}").member, now=utc_now())
    assert cost() == few
