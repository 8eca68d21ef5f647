"""Whatever list is handed in, every name comes out as it was written, or its row is named as one to look at."""

from __future__ import annotations

import csv
import io

import openpyxl
from hypothesis import assume, example, given
from hypothesis import strategies as st

from app.providers.sheet_reader import Row, SheetRefused, read_file, read_text

WORDS = st.text(
    st.characters(categories=("L", "N", "P", "S", "Mn", "Zs"), exclude_characters="\ufffd\ufeff"), max_size=20
).map(lambda text: " ".join(text.split()))
TABLES = st.lists(st.lists(WORDS, min_size=2, max_size=2), min_size=1, max_size=20)
HEADER = ["Full name", "Staff no", "Role"]
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be")
# Alphabets of Windows' that England's carers may have saved a list in.
OTHERS = ("cp1250", "cp1251", "cp1252", "cp1253", "cp1254", "cp1257", "iso8859-5", "cp437")


def written(table: list[list[str]], delimiter: str) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows([HEADER, *([f"N{cell[0]}", cell[1], "Carer"] for cell in table)])
    return out.getvalue()


def as_written(table: list[list[str]]) -> list[tuple[str, ...]]:
    return [tuple(HEADER), *((f"N{first}", second, "Carer") for first, second in table)]


@given(table=TABLES, delimiter=st.sampled_from(",;\t"), encoding=st.sampled_from(ENCODINGS))
def test_a_csv_comes_out_as_it_was_written(table: list[list[str]], delimiter: str, encoding: str) -> None:
    rows = read_file(written(table, delimiter).encode(encoding))
    assert [row.cells for row in rows] == as_written(table)
    assert not any(row.guessed for row in rows)


@given(table=TABLES, delimiter=st.sampled_from(",;\t"))
def test_pasted_text_comes_out_as_it_was_written(table: list[list[str]], delimiter: str) -> None:
    assert [row.cells for row in read_text(written(table, delimiter))] == as_written(table)


@given(table=TABLES)
def test_an_xlsx_comes_out_as_it_was_written(table: list[list[str]]) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for cells in as_written(table):
        sheet.append(list(cells))
    out = io.BytesIO()
    book.save(out)
    rows = read_file(out.getvalue())
    assert [tuple((*row.cells, "", "")[:3]) for row in rows] == as_written(table)


@example(names=["\u00c7", "\u016e\u013d\u00da\u015e"], encoding="cp1250")
@given(
    names=st.lists(st.text(st.characters(categories=("L",)), min_size=1, max_size=12), min_size=1, max_size=8),
    encoding=st.sampled_from(OTHERS),
)
def test_in_another_alphabet_a_name_is_right_or_its_row_is_named(names: list[str], encoding: str) -> None:
    text = "Name,Staff no\n" + "".join(f"{name},{number}\n" for number, name in enumerate(names))
    raw = text.encode(encoding, "ignore")
    kept = [raw_line.split(",")[0] for raw_line in raw.decode(encoding).splitlines()[1:]]
    try:
        raw.decode("utf-8")
        assume(raw.isascii())
    except UnicodeDecodeError:
        pass
    try:
        rows = read_file(raw)
    except SheetRefused:
        return
    for row, name in zip(rows[1:], kept, strict=True):
        right = row.cells[0] == " ".join(name.split())
        assert right or row.guessed or "\ufffd" in row.cells[0] or reads_as_utf8(name, encoding), (row, name)


def reads_as_utf8(name: str, encoding: str) -> bool:
    """Nobody can tell such a name from another one that was written in UTF-8."""
    try:
        return not name.encode(encoding).decode("utf-8").isascii()
    except UnicodeDecodeError:
        return False


@given(raw=st.binary(max_size=400) | st.binary(max_size=200).map(lambda tail: b"PK\x03\x04" + tail))
def test_no_file_breaks_the_reader(raw: bytes) -> None:
    try:
        rows = read_file(raw)
    except SheetRefused:
        return
    assert rows
    assert all(isinstance(row, Row) and any(row.cells) for row in rows)
