"""A table on its way out as CSV, XLSX or JSON. One `Table` feeds the page and every file, so that they say the same.

A spreadsheet must never run what a person typed. In CSV a text that a program could take for a formula gets an
apostrophe in front; in XLSX every text is written as a text. The same table and `made` give the same bytes.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from html import escape
from typing import Any

Cell = str | int | float | bool | date | datetime | None

# What spreadsheets take for the beginning of a formula: OWASP "CSV Injection", and the same signs at full width.
_FORMULA = re.compile(r"^\s*[=+\-@\t\r＝＋－＠]")
# Signs that XML 1.0 cannot hold.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# Excel's own limits.
_LONGEST_TEXT = 32_767
_LONGEST_NAME = 31
_EXCEL_BEGINS = date(1899, 12, 30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column: its `key` for programs, its `title` for people."""

    key: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows of cells under columns. `key` names its files, `note` says in a sentence what it holds."""

    key: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""


def table(
    key: str, title: str, columns: Sequence[tuple[str, str]], rows: Sequence[Sequence[Cell]], note: str = ""
) -> Table:
    """Return a Table of pairs (key, title) and rows. Raises ValueError for a row that is not as long as its head."""
    for row in rows:
        if len(row) != len(columns):
            raise ValueError(f"A row of {key} has {len(row)} cells for {len(columns)} columns.")
    return Table(
        key=key,
        title=title,
        columns=tuple(Column(key=name, title=words) for name, words in columns),
        rows=tuple(tuple(row) for row in rows),
        note=note,
    )


def safe_text(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def as_text(cell: Cell) -> str:
    """Return a cell in words: days as 2026-12-31, moments in UTC as 2026-12-31 10:42, yes and no."""
    match cell:
        case None:
            return ""
        case bool():
            return "yes" if cell else "no"
        case datetime():
            return f"{cell.astimezone(UTC):%Y-%m-%d %H:%M}"
        case date():
            return cell.isoformat()
        case _:
            return str(cell)


def to_csv(made_of: Table) -> bytes:
    """Return the table as CSV (RFC 4180) in UTF-8, with the mark by which Excel knows it."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([safe_text(column.title) for column in made_of.columns])
    for row in made_of.rows:
        writer.writerow([safe_text(cell) if isinstance(cell, str) else as_text(cell) for cell in row])
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8", "replace")


def to_json(made_of: Table) -> dict[str, Any]:
    """Return the table as a document: its rows as objects by the columns' keys. Moments are ISO 8601 in UTC."""
    keys = [column.key for column in made_of.columns]
    return {
        "key": made_of.key,
        "title": made_of.title,
        "note": made_of.note,
        "columns": {column.key: column.title for column in made_of.columns},
        "rows": [dict(zip(keys, map(_json, row), strict=True)) for row in made_of.rows],
    }


def _json(cell: Cell) -> Any:
    if isinstance(cell, datetime):
        return cell.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return cell.isoformat() if isinstance(cell, date) else cell


def to_xlsx(tables: Sequence[Table], *, made: datetime) -> bytes:
    """Return the tables as one workbook, a sheet for each: heads in bold that stay in sight and can be filtered.

    `made` dates the workbook. Written by hand, because a workbook without formulas and charts is a few lines of XML
    (ECMA-376, part 1).
    """
    names = list(_names(tables))
    out = io.BytesIO()
    stamp = made.astimezone(UTC).timetuple()[:6]
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in _parts(tables, names, made):
            entry = zipfile.ZipInfo(name, stamp)
            entry.compress_type, entry.external_attr, entry.create_system = zipfile.ZIP_DEFLATED, 0o600 << 16, 3
            archive.writestr(entry, f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n{body}'.encode())
    return out.getvalue()


_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
# Cell formats by their place: text and numbers, heads, days, moments.
_STYLES = (
    f'<styleSheet xmlns="{_MAIN}"><numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/>'
    '<numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd\\ hh:mm"/></numFmts>'
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '</fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="4">'
    '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>'
    '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="165" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)


def _parts(tables: Sequence[Table], names: Sequence[str], made: datetime) -> Iterator[tuple[str, str]]:
    numbers = range(1, len(tables) + 1)
    overrides = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{_SHEET_TYPE}.worksheet+xml"/>' for n in numbers
    )
    yield (
        "[Content_Types].xml",
        f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_SHEET_TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_SHEET_TYPE}.styles+xml"/>{overrides}'
        '<Override PartName="/docProps/core.xml"'
        ' ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>',
    )
    yield (
        "_rels/.rels",
        f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="r1" Type="{_RELATIONS}/officeDocument" Target="xl/workbook.xml"/>'
        f'<Relationship Id="r2" Type="{_PACKAGE}/relationships/metadata/core-properties" Target="docProps/core.xml"/>'
        "</Relationships>",
    )
    moment = f"{made.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    yield (
        "docProps/core.xml",
        f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" xmlns:dcterms="http://purl.org/dc/terms/"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{moment}</dcterms:created></cp:coreProperties>',
    )
    sheets = "".join(f'<sheet name="{escape(name)}" sheetId="{n}" r:id="r{n}"/>' for n, name in enumerate(names, 1))
    yield (
        "xl/workbook.xml",
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><sheets>{sheets}</sheets></workbook>',
    )
    related = "".join(
        f'<Relationship Id="r{n}" Type="{_RELATIONS}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n in numbers
    )
    yield (
        "xl/_rels/workbook.xml.rels",
        f'<Relationships xmlns="{_PACKAGE}/relationships">{related}'
        f'<Relationship Id="styles" Type="{_RELATIONS}/styles" Target="styles.xml"/></Relationships>',
    )
    yield "xl/styles.xml", _STYLES
    for number, each in zip(numbers, tables, strict=True):
        yield f"xl/worksheets/sheet{number}.xml", _sheet(each)


def _sheet(made_of: Table) -> str:
    last = f"{_letters(max(len(made_of.columns), 1) - 1)}{len(made_of.rows) + 1}"
    widths = "".join(
        f'<col min="{n}" max="{n}" width="{_width(made_of, n - 1)}" customWidth="1"/>'
        for n in range(1, len(made_of.columns) + 1)
    )
    head = "".join(_cell(column.title, f"{_letters(n)}1", 1) for n, column in enumerate(made_of.columns))
    rows = "".join(
        f'<row r="{n}">{"".join(_cell(cell, f"{_letters(at)}{n}") for at, cell in enumerate(row))}</row>'
        for n, row in enumerate(made_of.rows, 2)
    )
    return (
        f'<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0"><pane xSplit="1" ySplit="1"'
        ' topLeftCell="B2" activePane="bottomRight" state="frozen"/></sheetView></sheetViews>'
        f'<cols>{widths}</cols><sheetData><row r="1">{head}</row>{rows}</sheetData>'
        f'<autoFilter ref="A1:{last}"/></worksheet>'
    )


def _cell(cell: Cell, place: str, style: int = 0) -> str:
    match cell:
        case None | "":
            return ""
        case bool() | str():
            text = escape(_NOT_XML.sub("\ufffd", as_text(cell))[:_LONGEST_TEXT], quote=False)
            return f'<c r="{place}" t="inlineStr" s="{style}"><is><t xml:space="preserve">{text}</t></is></c>'
        case datetime():
            there = cell.astimezone(UTC)
            part = (there.hour * 3600 + there.minute * 60 + there.second) / 86_400
            return f'<c r="{place}" s="3"><v>{(there.date() - _EXCEL_BEGINS).days + part:.10f}</v></c>'
        case date():
            return f'<c r="{place}" s="2"><v>{(cell - _EXCEL_BEGINS).days}</v></c>'
        case _:
            return f'<c r="{place}"><v>{cell}</v></c>'


def _letters(index: int) -> str:
    letters = ""
    while index >= 0:
        letters, index = chr(65 + index % 26) + letters, index // 26 - 1
    return letters


def _width(made_of: Table, index: int) -> int:
    longest = max((len(as_text(row[index])) for row in made_of.rows[:200]), default=0)
    return min(max(longest, len(made_of.columns[index].title)) + 3, 60)


def _names(tables: Sequence[Table]) -> Iterator[str]:
    """Yield a name for each sheet: what Excel allows of its title, and no name twice, as Excel sees no capitals."""
    taken: set[str] = set()
    for each in tables:
        name = _NOT_XML.sub("", re.sub(r"[\[\]:*?/\\]", " ", each.title)).strip(" '")[:_LONGEST_NAME] or each.key
        number = 2
        while name.casefold() in taken:
            name = f"{name[: _LONGEST_NAME - 4].strip()} {number}"
            number += 1
        taken.add(name.casefold())
        yield name
