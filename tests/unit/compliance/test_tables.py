"""Tables leave as CSV, XLSX and JSON that say the same, run nothing, and have the same bytes each time."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import UTC, date, datetime
from xml.etree import ElementTree

import pytest

from app.compliance.tables import Table, table, to_csv, to_json, to_xlsx

MADE = datetime(2026, 11, 22, 14, 0, tzinfo=UTC)
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
NASTY = ["=1+1", "+44 20", "-2", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1", '=HYPERLINK("http://x")']


def people(*rows: tuple[object, ...], title: str = "People") -> Table:
    return table("people", title, [("name", "Name"), ("day", "Day"), ("goes", "Goes")], rows)  # type: ignore[arg-type]


def sheet(body: bytes, number: int = 1) -> list[dict[str, ElementTree.Element]]:
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        root = ElementTree.fromstring(archive.read(f"xl/worksheets/sheet{number}.xml"))
    return [{c.get("r", ""): c for c in row.iter(f"{MAIN}c")} for row in root.iter(f"{MAIN}row")]


@pytest.mark.parametrize("text", NASTY)
def test_a_text_is_never_a_formula(text: str) -> None:
    made = people((text, None, 1))

    [_, row] = csv.reader(io.StringIO(to_csv(made).decode("utf-8-sig"), newline=""))
    cell = sheet(to_xlsx([made], made=MADE))[1]["A2"]

    assert row[0] == f"'{text}"
    assert cell.get("t") == "inlineStr"
    assert cell.find(f"{MAIN}f") is None


def test_numbers_stay_numbers_and_days_days() -> None:
    made = people(("Ada", date(2024, 2, 29), -3))

    assert to_csv(made).decode("utf-8-sig").splitlines() == ["Name,Day,Goes", "Ada,2024-02-29,-3"]
    row = sheet(to_xlsx([made], made=MADE))[1]
    # What Excel calls 29 February 2024.
    assert row["B2"].findtext(f"{MAIN}v") == "45351"
    assert row["C2"].findtext(f"{MAIN}v") == "-3"
    assert to_json(made)["rows"] == [{"name": "Ada", "day": "2024-02-29", "goes": -3}]


def test_other_alphabets_quotes_lines_and_broken_signs_come_through() -> None:
    name = 'Ọláńrewájú "Ola", শিরিন\nsecond <line> & \x07'
    made = people((name, None, 0))

    [_, row] = csv.reader(io.StringIO(to_csv(made).decode("utf-8-sig"), newline=""))
    found = sheet(to_xlsx([made], made=MADE))[1]["A2"].find(f".//{MAIN}t")

    assert row[0] == name
    assert found is not None
    assert found.text == name.replace("\x07", "\ufffd")


def test_the_same_table_has_the_same_bytes() -> None:
    made = people(("Ada", date(2026, 1, 1), 1))
    assert to_xlsx([made], made=MADE) == to_xlsx([made], made=MADE)
    assert to_csv(made) == to_csv(made)


def test_sheets_have_names_that_excel_takes_each_once() -> None:
    tables = [people(title=title) for title in ("A/B: what?", "a b  what", "x" * 40, "x" * 40, "'''")]
    with zipfile.ZipFile(io.BytesIO(to_xlsx(tables, made=MADE))) as archive:
        book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
    names = [each.get("name", "") for each in book.iter(f"{MAIN}sheet")]
    assert len({name.casefold() for name in names}) == len(names)
    assert all(0 < len(name) <= 31 and not set("[]:*?/\\") & set(name) for name in names)


def test_a_wide_table_names_its_cells_as_excel_does() -> None:
    wide = table("wide", "Wide", [(str(n), str(n)) for n in range(703)], [list(range(703))])
    row = sheet(to_xlsx([wide], made=MADE))[1]
    assert [list(row)[at] for at in (0, 25, 26, 701, 702)] == ["A2", "Z2", "AA2", "ZZ2", "AAA2"]


def test_a_row_that_does_not_fit_its_head_is_refused() -> None:
    with pytest.raises(ValueError, match="2 cells for 3 columns"):
        people(("Ada", None))
