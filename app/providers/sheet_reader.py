"""Reading a list somebody made elsewhere: CSV in any common alphabet, XLSX, or text pasted from either. Pure.

What comes back is text in rows, and nothing else: a formula stays the text it was written as, and is never worked out.
"""

from __future__ import annotations

import csv
import io
import math
import warnings
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from app.providers.errors import ProviderError

MOST_ROWS = 1_000
MOST_COLUMNS = 50
LARGEST_FILE = 4 * 1024 * 1024
# What an XLSX may come to when it is unpacked: a thousand rows with fifty columns are under one megabyte.
LARGEST_UNPACKED = 20 * 1024 * 1024
MOST_PARTS = 500
# Rows that are there but empty: an Excel sheet whose last row was coloured in has a million of them.
MOST_LOOKED_AT = 20_000
DELIMITERS = ",;\t"
LOOKED_AT_FOR_DELIMITER = 20
OLD_EXCEL = b"\xd0\xcf\x11\xe0"
ZIP = b"PK\x03\x04"
AGAIN = "Save it as XLSX, or as CSV, and pick it again."


class SheetRefused(ProviderError):
    """The file cannot be read; `str()` says what to do."""

    code = "sheet"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row that is not empty: its number as the spreadsheet shows it, and its cells without blanks around them.

    `guessed`: it has letters outside English, and the file did not say in which alphabet it was written.
    """

    number: int
    cells: tuple[str, ...]
    guessed: bool = False


def read_file(raw: bytes) -> tuple[Row, ...]:
    """Return the rows of an uploaded file, the header among them.

    Raises SheetRefused for what is too big, has more than 1,000 rows below the header, or is no list.
    """
    if not raw.strip():
        raise SheetRefused("This file is empty.", code="empty", field="file")
    if len(raw) > LARGEST_FILE:
        raise SheetRefused("This file is bigger than 4 MB. Send the list in parts.", code="too-big", field="file")
    if raw.startswith(ZIP):
        return _read_xlsx(raw)
    if raw.startswith(OLD_EXCEL):
        raise SheetRefused(f"This is an old Excel file, or one with a password. {AGAIN}", code="old", field="file")
    text, guessed = _decoded(raw)
    return _rows(_split(text), guessed=guessed, field="file")


def read_text(text: str) -> tuple[Row, ...]:
    """Return the rows of pasted text. Raises SheetRefused as `read_file`."""
    if not text.strip():
        raise SheetRefused("Paste the list first, or pick a file.", code="empty", field="list")
    return _rows(_split(text), guessed=False, field="list")


def _decoded(raw: bytes) -> tuple[str, bool]:
    """Return the text, and whether its alphabet is a guess."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if raw.startswith(mark):
            return raw.decode(encoding, "replace"), False
    nothing = [raw[at::2][:2000].count(0) for at in (0, 1)]
    if max(nothing) * 4 > min(len(raw), 4000):
        # Windows' "Unicode text" without its mark: every second byte of English is nothing.
        return raw.decode("utf-16-le" if nothing[1] >= nothing[0] else "utf-16-be", "replace"), False
    text = raw.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    if sum(ord(c) > 127 for c in text) - broken >= broken:
        return text, False
    # Excel in England writes Windows-1252 and does not say so; another alphabet looks the same from here.
    return raw.decode("cp1252", "replace"), True


def _split(text: str) -> list[list[str]]:
    if any(ord(c) < 32 and c not in "\t\r\n\f\v" for c in text):
        raise SheetRefused(f"This is not a list we can read. {AGAIN}", code="not-a-list", field="file")
    text = text.removeprefix("\ufeff")
    first, _, rest = text.partition("\n")
    if first.strip().casefold().startswith("sep=") and len(first.strip()) == 5:
        return _parsed("\n" + rest, first.strip()[4])

    def fit(delimiter: str) -> tuple[int, int]:
        rows = [row for row in _parsed(text, delimiter, LOOKED_AT_FOR_DELIMITER) if row]
        columns = len(rows[0]) if rows else 0
        return columns, sum(len(row) == columns for row in rows)

    best = max(DELIMITERS, key=fit)
    return _parsed(text, best)


def _parsed(text: str, delimiter: str, most: int = MOST_LOOKED_AT) -> list[list[str]]:
    found = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            found.append(row)
            if len(found) > most:
                break
    except csv.Error as error:
        raise SheetRefused(f"This is not a list we can read. {AGAIN}", code="not-a-list", field="file") from error
    return found


def _read_xlsx(raw: bytes) -> tuple[Row, ...]:
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            parts = archive.infolist()
            # A part never unpacks to more than it says here: zipfile stops there.
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNPACKED:
                raise SheetRefused(
                    "This file is too big once it is unpacked. Copy the rows into a new sheet and save that.",
                    code="too-big",
                    field="file",
                )
            if "xl/workbook.xml" not in archive.namelist():
                raise SheetRefused(f"This is not an Excel file. {AGAIN}", code="not-a-list", field="file")
        with warnings.catch_warnings():
            # It warns of what it leaves out, such as drop-down lists. We want the text only.
            warnings.simplefilter("ignore")
            return _rows(_cells(raw), guessed=False, field="file")
    except SheetRefused:
        raise
    except Exception as error:
        # A damaged or hostile workbook breaks the library in a dozen ways, and each means the same to a person.
        raise SheetRefused(f"We cannot read this Excel file. {AGAIN}", code="not-a-list", field="file") from error


def _cells(raw: bytes) -> Iterable[list[str]]:
    """Yield the cells of the first sheet that is not hidden. Formulas come as the text they were written as."""
    # Read when somebody brings a list: the library is 12 MB that no other request needs.
    import openpyxl

    # It reads through defusedxml, which is installed with us: no entities, no outside documents.
    book = openpyxl.load_workbook(io.BytesIO(raw), read_only=True, data_only=False, keep_links=False)
    try:
        sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"] or book.worksheets
        if not sheets:
            return
        # What a file says of its own size need not be so.
        sheets[0].reset_dimensions()
        for row in sheets[0].iter_rows(max_row=MOST_LOOKED_AT, max_col=MOST_COLUMNS, values_only=True):
            yield [_text(value) for value in row]
    finally:
        book.close()


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and math.isfinite(value) and value == int(value):
        return str(int(value))
    return str(value)


def _rows(cells: Iterable[Sequence[str]], *, guessed: bool, field: str) -> tuple[Row, ...]:
    found: list[Row] = []
    for number, row in enumerate(cells, 1):
        clean = [" ".join(cell.split()) for cell in row[:MOST_COLUMNS]]
        while clean and not clean[-1]:
            clean.pop()
        if not clean:
            continue
        unsure = guessed and any(ord(c) > 127 for cell in row for c in cell)
        found.append(Row(number=number, cells=tuple(clean), guessed=unsure))
        if len(found) > MOST_ROWS + 1:
            raise SheetRefused("This list has more than 1,000 rows. Send it in parts.", code="too-many", field=field)
    if not found:
        raise SheetRefused("There is nothing in this list.", code="empty", field=field)
    return tuple(found)
