"""The lines of the training file, exact to what the bulk upload of ASC-WDS takes (August 2026). Pure.

Source: the published code of the service, NMDSdevopsServiceAdm/SopraSteria-SFC.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from app.content.asc_wds import CATEGORIES
from app.learning import add_months

HEADER = (
    "LOCALESTID",
    "UNIQUEWORKERID",
    "CATEGORY",
    "TRAININGNAME",
    "ACCREDITED",
    "WHODELIVERED",
    "PROVIDERNAME",
    "HOWDELIVERED",
    "VALIDITY",
    "DATECOMPLETED",
    "EXPIRYDATE",
    "NOTES",
)
LONGEST_ID, LONGEST_NAME, LONGEST_NOTES, LONGEST_VALIDITY = 50, 120, 1000, 999
NO_END = "none"
NOT_ACCREDITED, NOT_KNOWN = "0", "999"
IN_HOUSE, EXTERNAL = "1", "2"
E_LEARNING = "2"
# What a spreadsheet takes for a formula. ASC-WDS wants the text as it is, so nothing is put in front of it.
FORMULA = ("=", "+", "-", "@")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One training of one worker. Texts are as they stand in the file; an empty one is not known, or not wanted."""

    workplace: str
    worker: str
    category: int
    name: str
    accredited: str = ""
    who: str = ""
    provider: str = ""
    how: str = ""
    validity: str = ""
    completed: date
    expires: date | None = None
    notes: str = ""


def one_line(text: str) -> str:
    """Return a text as one line, without what cannot be seen and without spaces at its ends."""
    return " ".join("".join(c for c in text if c.isprintable() or c.isspace()).split())


def expiry(completed: date, months: int) -> date:
    """Return the last day a training counts there: the day before the same day of the month, `months` later."""
    return add_months(completed, months) - timedelta(days=1)


def line_done_here(
    *, workplace: str, worker: str, category: int, title: str, edition: int, completed: date, months: int | None
) -> Line:
    """Return the line of a module completed here. `months` None: it does not run out."""
    return Line(
        workplace=workplace,
        worker=worker,
        category=category,
        name=one_line(title)[:LONGEST_NAME].rstrip(),
        accredited=NOT_ACCREDITED,
        who=IN_HOUSE,
        how=E_LEARNING,
        validity=NO_END if months is None else str(months),
        completed=completed,
        expires=None if months is None else expiry(completed, months),
        notes=f"Learned in Between Visits, edition {edition}",
    )


def line_done_elsewhere(
    *,
    workplace: str,
    worker: str,
    category: int,
    title: str,
    taught_by: str,
    in_house: bool,
    completed: date,
    valid_until: date | None,
    months: int | None,
) -> Line:
    """Return the line of an accepted training from elsewhere.

    `valid_until`: the certificate's own last day. Without one the provider's period of `months` counts; without either
    nothing is said of an end. How it was taught, and whether it is accredited, nobody here knows.
    """
    validity, expires = "", None
    if valid_until is not None:
        whole = months_between(completed, valid_until)
        validity = "" if whole is None else str(whole)
        expires = valid_until if whole is None else expiry(completed, whole)
        expires = expires if expires > completed else None
    elif months is not None:
        validity, expires = str(months), expiry(completed, months)
    return Line(
        workplace=workplace,
        worker=worker,
        category=category,
        name=one_line(title)[:LONGEST_NAME].rstrip(),
        accredited=NOT_KNOWN,
        who=IN_HOUSE if in_house else EXTERNAL,
        validity=validity,
        completed=completed,
        expires=expires,
        notes=f"Taught by {one_line(taught_by)}"[:LONGEST_NOTES].rstrip(),
    )


def months_between(completed: date, until: date) -> int | None:
    """Return the whole months a certificate holds: to the same day of a later month or the day before it, or None."""
    about = (until.year - completed.year) * 12 + until.month - completed.month
    for months in (about, about + 1):
        if 1 <= months <= LONGEST_VALIDITY and until in (add_months(completed, months), expiry(completed, months)):
            return months
    return None


def trouble_with(line: Line, today: date) -> tuple[str, ...]:
    """Return the columns of a line that the upload would refuse; none when it is right."""
    whole = line.validity.isascii() and line.validity.isdigit()
    in_range = whole and 1 <= int(line.validity) <= LONGEST_VALIDITY
    ends = expiry(line.completed, int(line.validity)) if in_range else None
    wrong = {
        "LOCALESTID": not 1 <= len(line.workplace) <= LONGEST_ID,
        "UNIQUEWORKERID": not 1 <= len(line.worker) <= LONGEST_ID,
        "CATEGORY": line.category not in CATEGORIES,
        "TRAININGNAME": not 1 <= len(line.name) <= LONGEST_NAME,
        "ACCREDITED": line.accredited not in ("", "0", "1", "999"),
        "WHODELIVERED": line.who not in ("", "1", "2"),
        "PROVIDERNAME": line.provider != "" and not (line.provider.isdigit() and line.who == EXTERNAL),
        "HOWDELIVERED": line.how not in ("", "1", "2"),
        "VALIDITY": line.validity not in ("", NO_END) and not in_range,
        "DATECOMPLETED": line.completed > today,
        "EXPIRYDATE": line.expires is not None
        and (line.expires <= line.completed or line.validity == NO_END or (ends is not None and ends != line.expires)),
        "NOTES": len(line.notes) > LONGEST_NOTES,
    }
    return tuple(column for column in HEADER if wrong[column])


def looks_like_a_formula(line: Line) -> bool:
    """Say whether a spreadsheet that opens the file would take one of its texts for a formula."""
    return any(text.startswith(FORMULA) for text in (line.workplace, line.worker, line.name, line.notes))


def to_csv(lines: Iterable[Line]) -> bytes:
    """Return the file: the exact header, CRLF, days as DD/MM/YYYY, UTF-8 without a mark at its beginning."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(HEADER)
    for line in lines:
        writer.writerow(
            (
                line.workplace,
                line.worker,
                line.category,
                line.name,
                line.accredited,
                line.who,
                line.provider,
                line.how,
                line.validity,
                _day(line.completed),
                _day(line.expires),
                line.notes,
            )
        )
    return out.getvalue().encode("utf-8", "replace")


def _day(day: date | None) -> str:
    return "" if day is None else f"{day.day:02}/{day.month:02}/{day.year:04}"
