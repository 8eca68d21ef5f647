"""A pack on paper: tagged PDF (PDF/UA-1), made of pages of `app/templates/evidence`. Pure; nothing is fetched."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.compliance.evidence.layout import REGULATIONS, Regulation
from app.compliance.evidence.parts import PARTS
from app.compliance.evidence.parts.common import PERSON_UUID
from app.compliance.evidence.types import Contents, Label, Made, Staff
from app.compliance.tables import Cell, Table, as_text

# A page of paper has room for so many columns and a reader patience for so many rows; the files have all of them.
# Printing takes about a megabyte of memory for four lines, and has to fit a server of 512 MB (make small-box).
MOST_COLUMNS = 9
MOST_ROWS = 100
MOST_ROWS_EACH = 20
# People in one PDF of pages for each: more would need more memory than a small server has.
PEOPLE_IN_A_FILE = 4
LONGEST_CELL = 300
# A longer word may be cut at any letter, or its column would leave the page. Working that out for every table would
# make a pack take twice as long to print.
LONGEST_WORD = 24
# What stands on a person's page anyway: in its first lines, and line by line.
NOT_EACH = ("people", "matrix")

STYLE = """
@page { size: A4; margin: 18mm 16mm 20mm;
  @bottom-left { content: string(pack); font-size: 8.5pt; color: #333 }
  @bottom-right { content: counter(page) " / " counter(pages); font-size: 8.5pt; color: #333 } }
@page wide { size: A4 landscape }
body { font: 10pt/1.4 "Noto Sans", "DejaVu Sans", sans-serif; color: #000 }
h1 { font-size: 21pt; margin: 0 0 3mm } h1, .pack { string-set: pack content() }
h2 { font-size: 15pt; margin: 9mm 0 2mm; break-after: avoid }
h3 { font-size: 12pt; margin: 6mm 0 2mm; break-after: avoid }
p { margin: 0 0 2.5mm } ul { margin: 0 0 3mm; padding-left: 6mm }
table { border-collapse: collapse; width: 100%; margin: 0 0 4mm; font-size: 8.5pt }
caption { text-align: left; font-weight: bold; padding: 0 0 1.5mm } thead { display: table-header-group }
th, td { border: .2mm solid #666; padding: 1mm 1.5mm; text-align: left; vertical-align: top }
.long th, .long td { overflow-wrap: anywhere }
tr { break-inside: avoid } .facts th { width: 34% } .soft { color: #333 }
.wide { page: wide } .person { break-before: page } .person:first-of-type { break-before: avoid }
.box { border: .5mm solid #000; padding: 2.5mm 3.5mm; margin: 4mm 0 }
"""

# A person's rows by table, by the person's uuid.
RowsOf = dict[str, list[tuple[Table, list[tuple[Cell, ...]]]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A table as it is printed. `left` rows stand only in the files."""

    title: str
    note: str
    file: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    left: int
    too_wide: bool
    long_words: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A heading of the layout, with what the pack has to say under it."""

    title: str
    asks: str
    lines: tuple[str, ...]
    missing: str
    figures: tuple[str, ...]


def sheet_of(table: Table, rows: Sequence[Sequence[Cell]], most: int, *, person: bool = True) -> Sheet:
    """Lay a table out for paper: without the columns that only tell two people of one name apart."""
    dropped = {PERSON_UUID} if person else {PERSON_UUID, "person", "number"}
    keep = [n for n, column in enumerate(table.columns) if column.key not in dropped]
    printed = tuple(tuple(_short(row[n]) for n in keep) for row in rows[:most])
    return Sheet(
        title=table.title,
        note=table.note,
        file=table.key,
        heads=tuple(table.columns[n].title for n in keep),
        rows=printed,
        left=max(0, len(rows) - most),
        too_wide=len(keep) > MOST_COLUMNS,
        long_words=any(len(word) > LONGEST_WORD for row in printed for cell in row for word in cell.split()),
    )


def _short(cell: Cell) -> str:
    if isinstance(cell, date) and not isinstance(cell, datetime):
        return f"{cell.day} {cell:%b %Y}"
    text = as_text(cell)
    return text if len(text) <= LONGEST_CELL else f"{text[: LONGEST_CELL - 1]}…"


def main_page(contents: Contents, made: Made, people_files: int) -> str:
    """Return the main document: what the pack is, how it answers each regulation and label, and every part."""
    sheets = {part.key: [sheet_of(table, table.rows, MOST_ROWS) for table in part.tables] for part in contents.parts}
    return _page(
        "evidence/pack.html",
        contents=contents,
        made=made,
        facts=cover(contents, made),
        regulations=[_answer_regulation(each, contents) for each in REGULATIONS],
        labels=[_answer_label(each, contents) for each in contents.scope.labels],
        sheets=sheets,
        people_files=people_files,
    )


def rows_by_person(contents: Contents) -> RowsOf:
    """Return each person's rows of every table about people, by uuid, in the order of the pack."""
    found: RowsOf = {}
    for part in contents.parts:
        for table in part.tables:
            if table.key in NOT_EACH or table.columns[-1].key != PERSON_UUID:
                continue
            for row in table.rows:
                own = found.setdefault(str(row[-1]), [])
                if not own or own[-1][0] is not table:
                    own.append((table, []))
                own[-1][1].append(row)
    return found


def people_pages(contents: Contents, rows: RowsOf, staff: Sequence[Staff], number: int, of: int) -> str:
    """Return one document with a page for each of some people: every row that is about them."""
    return _page(
        "evidence/people.html",
        contents=contents,
        number=number,
        of=of,
        people=[
            (
                person,
                [sheet_of(each, own, MOST_ROWS_EACH, person=False) for each, own in rows.get(str(person.uuid), ())],
            )
            for person in staff
        ],
    )


def cover(contents: Contents, made: Made) -> tuple[tuple[str, str], ...]:
    """Return what stands on the first page, as pairs of a name and a value."""
    scope = contents.scope
    who = "All who had a place here in this time" if scope.people is None else "Those chosen"
    return (
        ("Provider", contents.provider),
        ("What happened", f"from {_day(scope.since)} to {_day(scope.until)}"),
        ("How things stood", f"at the end of {_day(scope.as_at)} (days end at midnight in England)"),
        ("People", f"{who}: {len(contents.staff)}"),
        ("Made", f"{_day(made.at)}, {made.at:%H:%M} UTC"),
        ("Asked for by", made.by or "the person who runs the server"),
        ("Server", made.server),
        ("Audit trail then", made.trail),
    )


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _answer_regulation(regulation: Regulation, contents: Contents) -> Answer:
    return Answer(
        title=f"Regulation {regulation.number}",
        asks=regulation.asks,
        lines=tuple(_lines(regulation.parts, contents)),
        missing=regulation.not_here,
        figures=(),
    )


# A heading is kept for as long as its provider wants; parts of the pack may have changed since.
GONE = "This heading also names a part that packs do not have any more. It is left out."


def _answer_label(label: Label, contents: Contents) -> Answer:
    return Answer(
        title=label.title,
        asks="",
        lines=tuple(_lines(label.parts, contents)),
        missing=GONE if label.gone(PARTS) else "",
        figures=tuple(_figures(label, contents)),
    )


def _lines(keys: Sequence[str], contents: Contents) -> Iterator[str]:
    for part in contents.parts:
        if part.key in keys:
            rows = sum(len(table.rows) for table in part.tables)
            files = ", ".join(f"tables/{table.key}.csv" for table in part.tables)
            yield f"{part.title}: {rows} {'line' if rows == 1 else 'lines'} ({files})"


def _figures(label: Label, contents: Contents) -> Iterator[str]:
    """Yield a line for each thing asked of people that a label's words name: how many stand how."""
    found: dict[str, dict[str, int]] = {}
    for part in contents.parts:
        for table in part.tables if label.words else ():
            keys = [column.key for column in table.columns]
            if part.key not in ("matrix", "modules") or not {"title", "state"} <= set(keys):
                continue
            title, state = keys.index("title"), keys.index("state")
            for row in table.rows:
                if any(word.casefold() in str(row[title]).casefold() for word in label.words):
                    counts = found.setdefault(str(row[title]), {})
                    counts[str(row[state])] = counts.get(str(row[state]), 0) + 1
    for name in sorted(found, key=str.casefold):
        yield f"{name}: " + ", ".join(f"{count} {state.lower()}" for state, count in sorted(found[name].items()))


def _page(template: str, **given: Any) -> str:
    made: str = _environment().get_template(template).render(**given)
    return made.replace("</head>", f"<style>{STYLE}</style></head>", 1)


def _environment() -> Environment:
    templates = Path(__file__).parents[2] / "templates"
    made = Environment(loader=FileSystemLoader(templates), autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    made.filters["day"] = _day
    return made


def batches(staff: Sequence[Staff]) -> list[Sequence[Staff]]:
    """Return the people in the groups that share a file."""
    return [staff[start : start + PEOPLE_IN_A_FILE] for start in range(0, len(staff), PEOPLE_IN_A_FILE)]
