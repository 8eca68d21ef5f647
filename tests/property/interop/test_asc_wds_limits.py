"""Whatever was learned, by whom and for how long: each line keeps to the limits, and reads back as it was written."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.content.asc_wds import CATEGORIES
from app.interop.asc_wds import Line, line_done_elsewhere, line_done_here, to_csv, trouble_with
from app.interop.asc_wds.rules import HEADER
from app.learning import add_months

TODAY = date(2026, 11, 22)
IDS = st.text(st.characters(min_codepoint=33, exclude_categories=["C", "Z"]), min_size=1, max_size=50)
# As the tables keep them: at most 120 letters, not empty, on one line.
TITLES = st.text(min_size=1, max_size=120).filter(lambda text: any(c.isprintable() and not c.isspace() for c in text))
DAYS = st.dates(date(1970, 1, 1), TODAY)
CODES = st.sampled_from(sorted(CATEGORIES))
HERE = st.builds(
    line_done_here,
    workplace=IDS,
    worker=IDS,
    category=CODES,
    title=TITLES,
    edition=st.integers(1, 100_000),
    completed=DAYS,
    months=st.none() | st.integers(1, 120),
)


@st.composite
def elsewhere(draw: st.DrawFn) -> Line:
    completed = draw(DAYS)
    months = draw(st.integers(1, 120))
    ends = st.sampled_from((add_months(completed, months), add_months(completed, months) - timedelta(days=1)))
    return line_done_elsewhere(
        workplace=draw(IDS),
        worker=draw(IDS),
        category=draw(CODES),
        title=draw(TITLES),
        taught_by=draw(TITLES),
        in_house=draw(st.booleans()),
        completed=completed,
        valid_until=draw(st.none() | ends | st.dates(completed, date(2099, 12, 31))),
        months=draw(st.none() | st.integers(1, 120)),
    )


@given(line=HERE | elsewhere())
def test_every_line_is_one_the_upload_takes(line: Line) -> None:
    assert trouble_with(line, TODAY) == ()


@given(made=st.lists(HERE | elsewhere(), max_size=5))
def test_the_file_reads_back_as_it_was_written(made: list[Line]) -> None:
    text = to_csv(made).decode("utf-8")
    assert text.count("\r\n") == len(made) + 1
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert all(list(row) == list(HEADER) for row in rows)
    for line, row in zip(made, rows, strict=True):
        assert (row["LOCALESTID"], row["UNIQUEWORKERID"]) == (line.workplace, line.worker)
        assert (row["TRAININGNAME"], row["NOTES"]) == (line.name, line.notes)
        completed = datetime.strptime(row["DATECOMPLETED"], "%d/%m/%Y").date()  # noqa: DTZ007 - a day, not a moment
        assert completed == line.completed <= TODAY
        if row["VALIDITY"] not in ("", "none"):
            ends = datetime.strptime(row["EXPIRYDATE"], "%d/%m/%Y").date()  # noqa: DTZ007
            assert ends + timedelta(days=1) == add_months(completed, int(row["VALIDITY"]))
