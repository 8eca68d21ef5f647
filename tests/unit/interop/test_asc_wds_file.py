"""The training file has the very bytes that the upload of ASC-WDS takes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from app.interop.asc_wds import Line, expiry, line_done_elsewhere, line_done_here, to_csv, trouble_with

GOLDEN = Path(__file__).parent / "training.csv"
TODAY = date(2026, 11, 22)
HERE = {"workplace": "WP1", "worker": "W-7", "category": 20, "title": "Signs, big and quiet", "edition": 2}
ELSEWHERE = {
    "workplace": "WP1",
    "worker": "W-7",
    "category": 15,
    "title": "Moving people",
    "taught_by": 'Thistle "Live" Training',
    "in_house": False,
    "completed": date(2025, 1, 31),
}


def lines() -> list[Line]:
    return [
        line_done_here(**HERE, completed=date(2026, 2, 28), months=12),  # type: ignore[arg-type]
        line_done_here(**{**HERE, "worker": "W-8"}, completed=date(2026, 11, 22), months=None),  # type: ignore[arg-type]
        line_done_elsewhere(**ELSEWHERE, valid_until=None, months=1),  # type: ignore[arg-type]
        line_done_elsewhere(**ELSEWHERE, valid_until=date(2025, 9, 9), months=12),  # type: ignore[arg-type]
        line_done_elsewhere(**{**ELSEWHERE, "in_house": True}, valid_until=None, months=None),  # type: ignore[arg-type]
    ]


def test_the_file_has_the_bytes_it_should() -> None:
    assert to_csv(lines()) == GOLDEN.read_bytes()
    assert not any(trouble_with(line, TODAY) for line in lines())


def test_it_begins_with_the_exact_header_and_has_no_mark() -> None:
    assert to_csv([]) == (
        b"LOCALESTID,UNIQUEWORKERID,CATEGORY,TRAININGNAME,ACCREDITED,WHODELIVERED,PROVIDERNAME,HOWDELIVERED,"
        b"VALIDITY,DATECOMPLETED,EXPIRYDATE,NOTES\r\n"
    )


def test_nothing_is_put_in_front_of_a_text_that_looks_like_a_formula() -> None:
    line = line_done_here(**{**HERE, "title": "=1+1"}, completed=TODAY, months=12)  # type: ignore[arg-type]
    assert b",=1+1," in to_csv([line])


@pytest.mark.parametrize(
    ("completed", "months", "last"),
    [
        (date(2026, 3, 1), 12, date(2027, 2, 28)),
        (date(2024, 2, 29), 12, date(2025, 2, 27)),
        (date(2026, 1, 31), 1, date(2026, 2, 27)),
        (date(2026, 1, 1), 999, date(2109, 3, 31)),
    ],
)
def test_a_training_counts_to_the_day_before(completed: date, months: int, last: date) -> None:
    assert expiry(completed, months) == last


@pytest.mark.parametrize(
    ("until", "validity", "expires"),
    [
        (date(2026, 1, 31), "12", date(2026, 1, 30)),
        (date(2026, 1, 30), "12", date(2026, 1, 30)),
        (date(2025, 2, 28), "1", date(2025, 2, 27)),
        (date(2025, 9, 9), "", date(2025, 9, 9)),
        (date(2025, 1, 31), "", None),
    ],
)
def test_a_certificates_own_end_is_said_in_months_where_it_is_whole_months(
    until: date, validity: str, expires: date | None
) -> None:
    line = line_done_elsewhere(**ELSEWHERE, valid_until=until, months=36)  # type: ignore[arg-type]
    assert (line.validity, line.expires) == (validity, expires)
    assert trouble_with(line, TODAY) == ()


GOOD = line_done_here(**HERE, completed=date(2026, 2, 28), months=12)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("column", "changes"),
    [
        ("LOCALESTID", {"workplace": ""}),
        ("LOCALESTID", {"workplace": "x" * 51}),
        ("UNIQUEWORKERID", {"worker": "x" * 51}),
        ("CATEGORY", {"category": 1}),
        ("TRAININGNAME", {"name": ""}),
        ("TRAININGNAME", {"name": "x" * 121}),
        ("ACCREDITED", {"accredited": "2"}),
        ("WHODELIVERED", {"who": "3"}),
        ("PROVIDERNAME", {"provider": "Thistle"}),
        ("PROVIDERNAME", {"provider": "7", "who": "1"}),
        ("HOWDELIVERED", {"how": "e"}),
        ("VALIDITY", {"validity": "1000", "expires": None}),
        ("VALIDITY", {"validity": "0", "expires": None}),
        ("VALIDITY", {"validity": "²", "expires": None}),
        ("DATECOMPLETED", {"completed": date(2026, 11, 23), "expires": None}),
        ("EXPIRYDATE", {"expires": date(2027, 2, 28)}),
        ("EXPIRYDATE", {"validity": "none"}),
        ("EXPIRYDATE", {"validity": "", "expires": date(2026, 2, 28)}),
        ("NOTES", {"notes": "x" * 1001}),
    ],
)
def test_what_the_upload_would_refuse_is_named_by_its_column(column: str, changes: dict[str, object]) -> None:
    assert trouble_with(replace(GOOD, **changes), TODAY) == (column,)  # type: ignore[arg-type]
