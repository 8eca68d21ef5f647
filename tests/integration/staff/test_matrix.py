"""The matrix: what a manager sees of people by trainings, and that every file says the same."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID
from xml.etree.ElementTree import Element

import openpyxl
import pytest
from sqlalchemy import update

from app import providers
from app.compliance.cell_words import short_day
from app.extensions import db
from app.kernel import day_of, utc_now
from app.learning import add_months
from app.providers import Role
from app.providers.models import Membership
from app.requirements import Elsewhere, models
from tests.support.learning_place import RIGHT, Learner, joined, publish_modules
from tests.support.trainings import LONG_AGO, add_profile, add_training
from tests.support.website import Browser, Page, Place


def words(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def grid(page: Page) -> list[list[str]]:
    """The table's rows, heads first, each as the files have it: the staff number apart from the name."""
    found = []
    for row in page.all(".//table[@class='bv-matrix__grid']//tr"):
        cells = []
        for place, cell in enumerate(row):
            numbers = [each for each in cell if each.get("class") == "bv-matrix__number"]
            number = words(numbers[0]) if numbers else ""
            late = [each for each in cell if each.get("class") == "bv-matrix__late"]
            text = words(cell).removesuffix(words(late[0])).strip() if late else words(cell)
            cells += [text.removesuffix(number), number] if place == 0 else [text]
        found.append(cells)
    return found


@dataclass
class Team:
    """Three carers in different places with two trainings."""

    ada: Learner
    ben: Learner
    cy: Learner
    falls: UUID
    choking: UUID
    profile: UUID


def started_long_ago(*people: Learner) -> None:
    ids = [each.member.person_id for each in people]
    then = utc_now() - LONG_AGO
    db.session.execute(update(Membership).where(Membership.person_id.in_(ids)).values(started=then))


@pytest.fixture
def team(bramble: Place) -> Team:
    shas = publish_modules("Falls", "Choking")
    now, place = utc_now(), bramble.provider.id
    ada, ben, cy = (joined(bramble, name) for name in ("Ada Done", "Ben Late", '=HYPERLINK("x")'))
    started_long_ago(ada, ben, cy)
    falls = add_training(db.session(), place, "Falls training", "falls", since=now - LONG_AGO)
    choking = add_training(db.session(), place, "Choking training", "choking", since=now - LONG_AGO, first_due_days=395)
    members = (ada.member, ben.member, cy.member)
    profile = add_profile(db.session(), place, "Care worker", (falls, choking), members, since=now - LONG_AGO)
    providers.set_details(db.session(), place, ada.member.person_id, reference="BH-001", email="")
    db.session.commit()
    ada.answers(shas["falls"], RIGHT, at=now - timedelta(days=2))
    cy.answers(shas["falls"], RIGHT, at=now - timedelta(days=300))
    return Team(ada=ada, ben=ben, cy=cy, falls=falls, choking=choking, profile=profile)


def test_each_cell_says_the_state_and_the_day_that_matters(priya: Browser, team: Team) -> None:
    page, now = priya.get("/staff/matrix"), utc_now()
    heads, cy, ada, ben, everyone = grid(page)
    assert heads == ["Person", "", "In date", "Choking training", "Falls training"]
    # Days in England: at 23:30 UTC in November, a moment in October is of the day after.
    started = day_of(now - LONG_AGO)
    until = add_months(day_of(now - timedelta(days=2)), 12)
    late = short_day(started + timedelta(days=395))
    assert ada == ["Ada Done", "BH-001", "1 of 2", f"Overdue since {late}", f"In date until {short_day(until)}"]
    assert ben[4] == f"Overdue since {short_day(started + timedelta(days=84))}"
    assert cy[4] == f"Due soon by {short_day(add_months(day_of(now - timedelta(days=300)), 12))}"
    assert everyone == ["Everyone here", "", "2 of 6", "0 of 3", "2 of 3"]
    assert "2 of 6 in date. 4 overdue." in page.text


def test_the_table_has_a_caption_and_heads_that_say_what_they_head(priya: Browser, team: Team) -> None:
    page = priya.get("/staff/matrix")
    [table] = page.all(".//table")
    assert words(table.find("caption")).startswith("Matrix: 3 people, as at ")  # type: ignore[arg-type]
    assert {each.get("scope") for each in table.findall("thead//th")} == {"col"}
    assert {each.get("scope") for each in table.findall("tbody//th")} == {"row"}
    [box] = [each for each in page.all(".//div") if each.get("class") == "bv-table bv-matrix"]
    assert (box.get("role"), box.get("tabindex")) == ("region", "0")
    assert box.get("aria-label", "").startswith("Matrix")


def test_a_phone_reads_the_same_people_as_cards(priya: Browser, team: Team) -> None:
    page = priya.get("/staff/matrix")
    table = {row[0]: sorted(cell for cell in row[3:] if cell) for row in grid(page)[1:-1]}
    cards = {}
    for card in page.all(".//section[@class='bv-card']"):
        lines = [each for each in card.iter("li") if each.get("class") == "bv-matrix__line"]
        cards[words(card.find("h3"))] = sorted(words(line[1]) for line in lines)  # type: ignore[arg-type]
    assert cards == table
    needs = [words(each) for each in page.all(".//div[@class='bv-matrix-cards']/ul/li")]
    assert needs[0] == "Ben Late Overdue Choking training and Falls training"
    assert len(needs) == 3


def test_page_csv_and_workbook_say_the_same_cell_by_cell(priya: Browser, team: Team) -> None:
    for number in range(60):
        member = providers.add_person(
            db.session(), team.ada.member.provider_id, f"Carer {number:02}", (Role.LEARNER,), now=utc_now()
        )
        if number % 2:
            row = db.session.query(models.Profile).one()
            place = models.ProfilePlace(
                profile_id=row.id, person_id=member.person_id, provider_id=row.provider_id, since=utc_now()
            )
            db.session.add(place)
    db.session.commit()
    for narrowed in ("", "role=learner", "q=carer+0"):
        first = grid(priya.get(f"/staff/matrix?{narrowed}"))
        screen = first[:-1]
        if narrowed != "q=carer+0":
            assert len(first) == 52
            screen += grid(priya.get(f"/staff/matrix?{narrowed}&page=2"))[1:-1]
        screen.append(first[-1])
        reply = priya.send("GET", f"/staff/matrix/matrix.csv?{narrowed}")
        assert reply.data.startswith(b"\xef\xbb\xbf")
        rows = list(csv.reader(io.StringIO(reply.data.decode("utf-8-sig"))))
        # An apostrophe keeps a spreadsheet from running what somebody typed.
        assert all(not cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row)
        assert [[cell.removeprefix("'") for cell in row] for row in rows[1:]] == screen[1:]
        assert rows[0] == ["Person", "Staff number", *screen[0][2:]]
        book = openpyxl.load_workbook(io.BytesIO(priya.send("GET", f"/staff/matrix/matrix.xlsx?{narrowed}").data))
        sheet = book["Matrix"]
        assert [[cell or "" for cell in row] for row in sheet.iter_rows(values_only=True)][1:] == screen[1:]
        assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "inlineStr", "n"}
        assert not any(cell.data_type == "f" for row in sheet.iter_rows() for cell in row)


def test_the_workbook_has_a_line_for_each_training_with_real_days(priya: Browser, team: Team) -> None:
    book = openpyxl.load_workbook(io.BytesIO(priya.send("GET", "/staff/matrix/matrix.xlsx").data))
    lines = list(book["One line each"].iter_rows(values_only=True))
    assert len(lines) == 1 + 6
    [ada] = [line for line in lines if line[0] == "Ada Done" and line[2] == "Falls training"]
    assert ada[1:4] == ("BH-001", "Falls training", "In date")
    assert ada[6].date() == add_months(utc_now().date() - timedelta(days=2), 12)
    assert ada[9] == "learned here"


@pytest.mark.parametrize(
    ("query", "people", "trainings"),
    [
        ("q=ADA+d", ["Ada Done"], 2),
        ("q=bh-001", ["Ada Done"], 2),
        ("state=due-soon", ['=HYPERLINK("x")'], 2),
        ("state=in-date", ["Ada Done"], 2),
        ("state=nonsense&team=nonsense&page=nonsense", ['=HYPERLINK("x")', "Ada Done", "Ben Late"], 2),
        ("page=99", ['=HYPERLINK("x")', "Ada Done", "Ben Late"], 2),
    ],
)
def test_the_address_narrows_it(priya: Browser, team: Team, query: str, people: list[str], trainings: int) -> None:
    rows = grid(priya.get(f"/staff/matrix?{query}"))
    assert [row[0] for row in rows[1:-1]] == people
    assert len(rows[0]) == 3 + trainings


def test_one_training_one_job_and_one_team_narrow_it_too(priya: Browser, bramble: Place, team: Team) -> None:
    rows = grid(priya.get(f"/staff/matrix?training={team.falls}&state=overdue"))
    assert [row[0] for row in rows[1:-1]] == ["Ben Late"]
    assert rows[0][3:] == ["Falls training"]
    bramble.add("Zoe New")
    assert len(grid(priya.get("/staff/matrix"))) == 1 + 4 + 1
    assert len(grid(priya.get(f"/staff/matrix?profile={team.profile}"))) == 1 + 3 + 1
    north = providers.add_team(db.session(), bramble.provider.id, "North", now=utc_now())
    providers.set_teams(db.session(), bramble.provider.id, team.ben.member.person_id, [north.uuid], now=utc_now())
    db.session.commit()
    page = priya.get(f"/staff/matrix?team={north.uuid}")
    assert [row[0] for row in grid(page)[1:-1]] == ["Ben Late"]
    [chosen] = [each for each in page.all(".//option") if each.get("value") == str(north.uuid)]
    assert chosen.get("selected") is not None
    links = [each.get("href", "") for each in page.all(".//a")]
    assert f"/staff/matrix/matrix.csv?team={north.uuid}" in links


def test_nobody_found_says_what_to_do(priya: Browser, team: Team) -> None:
    page = priya.get("/staff/matrix?q=zz%3Cb%3E")
    assert "Nobody fits all of this." in page.text
    assert not page.all(".//table")


def test_it_tells_what_was_true_on_a_past_day(priya: Browser, team: Team) -> None:
    day = utc_now().date() - timedelta(days=3)
    page = priya.get(f"/staff/matrix?as_at={day.isoformat()}")
    rows = {row[0]: row for row in grid(page)}
    assert "As it was on" in page.text
    assert rows["Ada Done"][4].startswith("Overdue since")
    assert rows["Ada Done"][2] == "0 of 2"
    sent = priya.send("GET", f"/staff/matrix/matrix.csv?as_at={day.isoformat()}")
    assert f"matrix-{day.isoformat()}.csv" in sent.headers["Content-Disposition"]
    assert "Ada Done,BH-001,0 of 2" in sent.data.decode("utf-8-sig")


@pytest.mark.parametrize(
    ("day", "says"),
    [("2026-02-30", "There is no such day."), ("soon", "There is no such day."), ("2999-01-01", "still to come")],
)
def test_a_day_that_cannot_be_is_told_beside_its_field(priya: Browser, team: Team, day: str, says: str) -> None:
    page = priya.get(f"/staff/matrix?as_at={day}&q=ada")
    assert page.status == 400
    assert page.text.count(says) == 2
    assert [each.get("value") for each in page.all(".//input") if each.get("id") in ("q", "as_at")] == ["ada", day]
    assert priya.send("GET", f"/staff/matrix/matrix.csv?as_at={day}").status_code == 404


def test_before_anything_is_asked_it_says_so(priya: Browser, bramble: Place) -> None:
    assert "No one here yet." in priya.get("/staff/matrix").text
    bramble.add("Ada Done")
    assert "Nothing is asked of anybody yet." in priya.get("/staff/matrix").text


def test_sheets_to_print_are_no_wider_than_ten_trainings(priya: Browser, bramble: Place, team: Team) -> None:
    now = utc_now()
    session, since, place = db.session(), now - LONG_AGO, bramble.provider.id
    more = [add_training(session, place, f"More {n:02}", since=since, elsewhere=Elsewhere.NEEDED) for n in range(11)]
    add_profile(db.session(), bramble.provider.id, "Senior", more, [team.ada.member], since=now - LONG_AGO)
    db.session.commit()
    page = priya.get("/staff/matrix/print")
    captions = [words(each) for each in page.all(".//caption")]
    assert captions == ["People 1 to 3 of 3, trainings 1 to 10 of 13", "People 1 to 3 of 3, trainings 11 to 13 of 13"]
    shown = [words(each) for each in page.all(".//table//thead//th")]
    assert [each for each in shown if each not in ("Person", "In date")] == grid(priya.get("/staff/matrix"))[0][3:]
