"""Figures that help: who needs the manager, what many miss, and minutes for pay."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest

from app import learning, providers
from app.extensions import db
from app.kernel import utc_now
from app.learning.minutes import bounds
from tests.support.learning_place import RIGHT, WRONG, ask_for, joined, publish_modules
from tests.support.website import Browser, Page, Place


def rows(page: Page) -> list[list[str]]:
    found = page.all(".//table//tbody/tr") + page.all(".//table//tfoot/tr")
    return [[" ".join("".join(cell.itertext()).split()) for cell in row] for row in found]


def test_who_needs_her_today_is_named_and_counted_as_in_the_list_of_people(bramble: Place, priya: Browser) -> None:
    publish_modules("Falls")
    for number in range(7):
        ask_for(bramble, joined(bramble, f"Late {number}").member, "falls", in_days=-3)
    bramble.add("Eve Waiting")
    text = priya.get("/staff/figures").text
    assert "Something is overdue: 7. Late 0, Late 1, Late 2, Late 3, Late 4 and 2 more" in text
    assert "Waiting to join: 1. Eve Waiting" in text


def test_on_a_day_nobody_waits_it_says_so(priya: Browser) -> None:
    text = priya.get("/staff/figures").text
    assert "Nobody waits for you today." in text
    assert "No question is missed by many." in text


def test_a_question_many_miss_is_shown_only_when_five_have_answered(bramble: Place, priya: Browser) -> None:
    sha = publish_modules("Falls")["falls"]
    for number in range(4):
        joined(bramble, f"Carer {number}").answers(sha, WRONG, at=utc_now())
    assert "No question is missed by many." in priya.get("/staff/figures").text
    joined(bramble, "Carer 5").answers(sha, RIGHT, at=utc_now())
    page = priya.get("/staff/figures")
    assert "Falls. 20% right at the first try, of 5 people" in page.text
    assert [each.get("value") for each in page.all(".//input[@type='checkbox']")] == ["falls/first-thing"]


def test_another_go_of_the_same_person_changes_no_figure(bramble: Place, priya: Browser) -> None:
    sha = publish_modules("Falls")["falls"]
    carers = [joined(bramble, f"Carer {number}") for number in range(5)]
    for carer in carers:
        carer.answers(sha, WRONG, at=utc_now() - timedelta(hours=2))
    for carer in carers:
        carer.answers(sha, RIGHT, at=utc_now() - timedelta(hours=1))
    assert "0% right at the first try, of 5 people" in priya.get("/staff/figures").text


def test_the_handout_says_what_is_right_and_why_and_names_nobody(bramble: Place, priya: Browser) -> None:
    shas = publish_modules("Falls", "Choking")
    for number in range(5):
        carer = joined(bramble, f"Xanthippe {number}")
        for sha in shas.values():
            carer.answers(sha, WRONG, at=utc_now())
    page = priya.get("/staff/figures/handout?question=falls/first-thing")
    assert page.heading == "For our team meeting"
    assert len(page.all(".//section")) == 1
    assert "What is right" in page.text
    assert "Xanthippe" not in page.text
    assert "%" not in page.text
    assert len(priya.get("/staff/figures/handout").all(".//section")) == 2
    assert "There is no question to talk about yet." in priya.get("/staff/figures/handout?question=nothing").text


def test_minutes_are_the_same_on_the_page_and_in_the_file(bramble: Place, priya: Browser) -> None:
    sha = publish_modules("Falls")["falls"]
    start, _ = bounds(utc_now().date())
    ada = joined(bramble, "=Ada")
    joined(bramble, "Ben")
    providers.set_details(db.session(), bramble.provider.id, ada.member.person_id, reference="BH-001", email="")
    db.session.commit()
    moment = max(start, utc_now() - timedelta(minutes=3))
    # Four minutes each; the one before the month began is another month's.
    for at in (moment, moment + timedelta(seconds=1), start - timedelta(seconds=1)):
        ada.answers(sha, RIGHT, at=at, received=utc_now())
    page = priya.get("/staff/figures/minutes")
    assert rows(page) == [
        ["=Ada", "BH-001", "8"],
        ["Ben", "", "0"],
        ["Priya Nair", "", "0"],
        ["Everyone", "", "8"],
    ]
    reply = priya.send("GET", "/staff/figures/minutes.csv")
    month = f"{learning.month_of(utc_now()):%Y-%m}"
    assert f"minutes-{month}.csv" in reply.headers["Content-Disposition"]
    assert list(csv.reader(io.StringIO(reply.data.decode("utf-8-sig")))) == [
        ["Staff number", "Person", "Month", "Minutes"],
        ["BH-001", "'=Ada", month, "8"],
        ["", "Ben", month, "0"],
        ["", "Priya Nair", month, "0"],
    ]
    assert "1 person learned 8 minutes" in priya.get("/staff/figures").text
    before = start - timedelta(seconds=1)
    assert rows(priya.get(f"/staff/figures/minutes?month={learning.month_of(before):%Y-%m}"))[0] == [
        "=Ada",
        "BH-001",
        "4",
    ]


def test_who_left_is_paid_for_the_month_they_learned_in(bramble: Place, priya: Browser) -> None:
    sha = publish_modules("Falls")["falls"]
    ada, idle = joined(bramble, "Ada"), joined(bramble, "Idle")
    start, _ = bounds(utc_now().date())
    ada.answers(sha, RIGHT, at=max(start, utc_now() - timedelta(minutes=3)), received=utc_now())
    for each in (ada, idle):
        providers.end_membership(db.session(), bramble.provider.id, each.member.person_id, now=utc_now())
    db.session.commit()
    assert [row[0] for row in rows(priya.get("/staff/figures/minutes"))] == ["Ada", "Priya Nair", "Everyone"]


@pytest.mark.parametrize("query", ["month=2026-13", "month=", "month=1999-01", "page=x", "page=99"])
def test_an_address_that_makes_no_sense_shows_this_month(bramble: Place, priya: Browser, query: str) -> None:
    page = priya.get(f"/staff/figures/minutes?{query}")
    assert page.heading == f"Minutes learned in {learning.month_of(utc_now()):%B %Y}"
    assert rows(page)
