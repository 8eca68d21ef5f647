"""What the columns and cells of somebody's list mean, and what has to be mended."""

from __future__ import annotations

from datetime import date

import pytest

from app.providers import Role
from app.providers.sheet_reader import SheetRefused, read_file, read_text
from app.providers.staff_list import Entry, checked, date_of, entries

TODAY = date(2026, 11, 22)


def one(**cells: str) -> Entry:
    return Entry(number=2, **cells)  # type: ignore[arg-type]


def problems(**cells: str) -> dict[str, str]:
    return dict(checked(one(**{"name": "Ngozi Obi", **cells}), today=TODAY).problems)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Name\nNgozi Obi", "Ngozi Obi"),
        ("FULL NAME,x\nNgozi Obi,1", "Ngozi Obi"),
        ("Surname;First name\nObi;Ngozi", "Ngozi Obi"),
        ("Staff no\tEmployee name\n1\tObi, Ngozi", "Ngozi Obi"),
        ("Forename(s),Last-Name\nNgozi Ada,Obi", "Ngozi Ada Obi"),
        ("Ngozi Obi\nMarta Kowalska", "Ngozi Obi"),
    ],
)
def test_names_are_found_however_the_columns_are_called(text: str, name: str) -> None:
    assert entries(read_text(text))[0].name == name


def test_every_column_in_any_order_and_wording() -> None:
    [found] = entries(
        read_text('Start Date,Area,Job title,Payroll No.,E-mail address,Shoe size,Name\n1/3/2025,"North; South",'
                  "Care Assistant / Assessor,A17,n@example.org,38,Ngozi Obi\n")
    )  # fmt: skip
    meaning = checked(found, today=TODAY)
    assert meaning.problems == ()
    assert (meaning.name, meaning.email, meaning.reference) == ("Ngozi Obi", "n@example.org", "A17")
    assert meaning.roles == {Role.LEARNER, Role.ASSESSOR}
    assert (meaning.teams, meaning.started) == (("North", "South"), date(2025, 3, 1))


@pytest.mark.parametrize("text", ["17,38\n18,39", "Email\nn@example.org", "Ngozi,17\nMarta,18"])
def test_a_list_without_names_says_how_it_should_begin(text: str) -> None:
    with pytest.raises(SheetRefused, match="which column holds the names"):
        entries(read_text(text))


def test_a_header_with_nobody_below_it_is_refused() -> None:
    with pytest.raises(SheetRefused, match="nobody below"):
        entries(read_text("Name,Email"))


@pytest.mark.parametrize(
    ("cells", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"name": "=1+1"}, "name"),
        ({"name": "Ma³gorzata"}, "name"),
        ({"name": "Fran\ufffdois"}, "name"),
        ({"name": "12345"}, "name"),
        ({"email": "ngozi"}, "email"),
        ({"reference": "@SUM(A1)"}, "reference"),
        ({"reference": "9" * 41}, "reference"),
        ({"roles": "Deputy chief"}, "roles"),
        ({"teams": "-cmd"}, "teams"),
        ({"teams": "x" * 61}, "teams"),
        ({"started": "soon"}, "started"),
        ({"started": "31/02/2026"}, "started"),
        ({"started": "1/1/1900"}, "started"),
        ({"started": "1/1/2031"}, "started"),
    ],
)
def test_what_cannot_be_used_is_named_at_its_field(cells: dict[str, str], field: str) -> None:
    assert list(problems(**cells)) == [field]


@pytest.mark.parametrize(
    "name", ["Zoë O’Hara-Núñez", "Małgorzata Święch", "আয়েশা খান", "Nguyễn Thị Hoa", "Ольга", "Ó Sé"]
)
def test_names_of_the_world_are_names(name: str) -> None:
    assert problems(name=name) == {}


def test_no_number_is_no_number() -> None:
    assert checked(one(name="Ngozi", reference="N/A"), today=TODAY).reference == ""
    assert checked(one(name="Ngozi", reference="-"), today=TODAY).problems == ()


def test_a_start_still_to_come_is_told_and_not_waited_for() -> None:
    meaning = checked(one(name="Ngozi", started="1/12/2026"), today=TODAY)
    assert (meaning.started, meaning.ahead, meaning.problems) == (None, date(2026, 12, 1), ())


@pytest.mark.parametrize(
    "text", ["2025-03-01", "1/3/2025", "01.03.25", "1 March 2025", "1st Mar 2025", "1-Mar-25", "2025-03-01 00:00:00"]
)
def test_days_are_read_as_they_are_written_in_england(text: str) -> None:
    assert date_of(text) == date(2025, 3, 1)


def test_a_list_in_another_alphabet_names_its_rows() -> None:
    polish = "Name,Team\nNgozi Obi,North\nMałgorzata Wójcik,South\nŚwięch Ala,South\n".encode("cp1250")
    found = entries(read_file(polish))
    assert [entry.guessed for entry in found] == [False, True, True]
    assert [bool(checked(entry, today=TODAY).problems) for entry in found] == [False, True, False]
