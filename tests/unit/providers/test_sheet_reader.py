"""Files that are no list, too big, or made to do harm are refused in words that say what to do."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import openpyxl
import pytest

from app.providers.sheet_reader import MOST_ROWS, SheetRefused, read_file, read_text


def workbook(*rows: list[object]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def changed(raw: bytes, part: str, words: bytes) -> bytes:
    """The same XLSX with one part replaced."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, words if name == part else old.read(name))
    return out.getvalue()


def refusal(raw: bytes) -> str:
    with pytest.raises(SheetRefused) as refused:
        read_file(raw)
    return str(refused.value)


SHEET = "xl/worksheets/sheet1.xml"
OPEN = (
    b'<?xml version="1.0"?>%b<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
)
LAUGHS = OPEN % (
    b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'
)
ENTITY = LAUGHS + b'<row r="1"><c r="A1" t="inlineStr"><is><t>&c;</t></is></c></row></sheetData></worksheet>'
OUTSIDE = (
    OPEN % b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    + b'<row r="1"><c r="A1" t="inlineStr"><is><t>&a;</t></is></c></row></sheetData></worksheet>'
)


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "empty"),
        (b"  \r\n ", "empty"),
        (b"\xef\xbb\xbf\n,,\n", "nothing in this list"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "old Excel file, or one with a password"),
        (b"%PDF-1.7\n\x00\x01\x02", "not a list"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "not a list"),
        (b"Name\n" + b"x" * 200_000, "not a list"),
        (b"Name\n" * 900_000, "bigger than 4 MB"),
        (b"PK\x03\x04 not a zip", "cannot read this Excel file"),
        (changed(workbook(["Name"]), SHEET, ENTITY), "cannot read this Excel file"),
        (changed(workbook(["Name"]), SHEET, OUTSIDE), "cannot read this Excel file"),
        (changed(workbook(["Name"]), SHEET, b"x" * 21_000_000), "too big once it is unpacked"),
        (changed(workbook(["Name"]), "xl/workbook.xml", b"<workbook/>"), "nothing in this list"),
    ],
)
def test_what_is_no_list_is_refused(raw: bytes, words: str) -> None:
    assert words in refusal(raw)


def test_a_zip_that_is_no_workbook_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("content.xml", "<x/>")
    assert "not an Excel file" in refusal(out.getvalue())


def test_a_thousand_people_are_read_and_one_more_is_too_many() -> None:
    names = [[f"Carer {number}"] for number in range(MOST_ROWS + 1)]
    assert len(read_file(workbook(["Name"], *names[:-1]))) == MOST_ROWS + 1
    assert "more than 1,000 rows" in refusal(workbook(["Name"], *names))
    assert "more than 1,000 rows" in refusal("\n".join(["Name", *(row[0] for row in names)]).encode())


def test_a_sheet_whose_last_row_is_far_away_is_read_without_walking_there() -> None:
    far = OPEN % b"" + (
        b'<row r="1"><c r="A1" t="inlineStr"><is><t>Name</t></is></c></row>'
        b'<row r="2"><c r="A2" t="inlineStr"><is><t>Ngozi Obi</t></is></c></row>'
        b'<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row></sheetData></worksheet>'
    )
    rows = read_file(changed(workbook(["Name"]), SHEET, far))
    assert [row.cells[0] for row in rows] == ["Name", "Ngozi Obi"]


def test_formulas_stay_text_and_numbers_and_days_are_plain() -> None:
    rows = read_file(workbook(["Name", "No", "Start"], ['=HYPERLINK("http://x")', 17.0, date(2025, 3, 1)]))
    assert rows[1].cells == ('=HYPERLINK("http://x")', "17", "2025-03-01")


def test_rows_keep_the_number_they_have_in_the_spreadsheet() -> None:
    assert [row.number for row in read_text("Name\n\n\nNgozi Obi\n")] == [1, 4]


def test_what_excel_says_of_the_separator_is_heard() -> None:
    assert [row.cells for row in read_text("sep=;\nName;Team, area\nNgozi;North, 1\n")] == [
        ("Name", "Team, area"),
        ("Ngozi", "North, 1"),
    ]


def test_one_broken_letter_does_not_spoil_the_alphabet_of_the_rest() -> None:
    raw = "Name\nZoë Müller\nJosé Núñez\n".encode() + b"Fran\xe7ois\n"
    rows = read_file(raw)
    assert [row.cells[0] for row in rows[1:]] == ["Zoë Müller", "José Núñez", "Fran\ufffdois"]
    assert not any(row.guessed for row in rows)
