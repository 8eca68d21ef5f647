"""The training file of a provider, as its manager comes to it."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from typing import Any

import pytest

from app import providers, requirements
from app.extensions import db
from app.interop import asc_wds
from app.kernel import day_of, utc_now
from app.providers import MemberView
from app.requirements import Had, OutsideState
from tests.support.editions import edition
from tests.support.learning_place import RIGHT, Learner, joined
from tests.support.publishing import publish, publish_core
from tests.support.required import asks
from tests.support.statements import statements
from tests.support.website import Browser, Place, set_up

PAGE, FILE = "/staff/exports/asc-wds", "/staff/exports/asc-wds/training.csv"
LOOK = f"{PAGE}?look=1"
NOW = utc_now()
DONE_ON = day_of(NOW - timedelta(days=3))


def numbered(place: Place, member: MemberView, reference: str) -> None:
    providers.set_details(db.session(), place.provider.id, member.person_id, reference=reference, email="")
    db.session.commit()


def had(place: Place, member: MemberView, title: str, *, training: Any = None, **changes: Any) -> None:
    """An accepted training from elsewhere."""
    values = {"taught_by": "Thistle Training", "taken_on": date(2026, 3, 1), **changes}
    uuid = requirements.note_outside(
        db.session(), place.provider.id, member.person_id, Had(training=training, title=title, **values), now=NOW
    )
    requirements.decide_outside(
        db.session(), place.provider.id, member.person_id, uuid, OutsideState.ACCEPTED, "I have seen the paper", now=NOW
    )
    db.session.commit()


@pytest.fixture
def ngozi(bramble: Place) -> Learner:
    """A carer who completed a module with two codes three days ago, and has a staff number."""
    publish_core(db.session())
    sha = publish(db.session(), edition("minds", title="Minds, and moods", asc_wds=[31, 2]))
    learner = joined(bramble, "Ngozi Obi")
    numbered(bramble, learner.member, "W-7")
    learner.answers(sha, RIGHT, at=NOW - timedelta(days=3))
    db.session.commit()
    return learner


def rows_of(browser: Browser) -> list[dict[str, str]]:
    browser.get(LOOK)
    page = browser.post(FILE)
    assert page.reply.mimetype == "text/csv"
    return list(csv.DictReader(io.StringIO(page.reply.get_data(as_text=True), newline="")))


def named(browser: Browser, workplace: str) -> None:
    browser.get(PAGE)
    assert "Saved." in browser.post(f"{PAGE}/workplace", workplace=workplace).text


def test_what_was_completed_stands_there_once_for_each_of_its_codes(priya: Browser, ngozi: Learner) -> None:
    named(priya, "WP1")
    assert "The file holds 2 trainings of 1 person." in priya.get(LOOK).text
    first, second = rows_of(priya)
    assert (first["CATEGORY"], second["CATEGORY"]) == ("2", "31")
    assert (first["LOCALESTID"], first["UNIQUEWORKERID"], first["TRAININGNAME"]) == ("WP1", "W-7", "Minds, and moods")
    assert (first["VALIDITY"], first["DATECOMPLETED"]) == ("12", f"{DONE_ON:%d/%m/%Y}")
    assert first["EXPIRYDATE"] == f"{asc_wds.expiry(DONE_ON, 12):%d/%m/%Y}"
    assert "saved a file for other systems: asc-wds" in priya.get("/staff/audit").text


def test_a_refresher_takes_the_place_of_what_was_done_before(priya: Browser, ngozi: Learner) -> None:
    sha = publish(db.session(), edition("minds", 2, title="Minds, and moods", asc_wds=[31]))
    ngozi.answers(sha, RIGHT, at=NOW - timedelta(days=1))
    db.session.commit()
    named(priya, "WP1")
    [row] = rows_of(priya)
    assert row["DATECOMPLETED"] == f"{day_of(NOW - timedelta(days=1)):%d/%m/%Y}"
    assert row["NOTES"].endswith("edition 2")


def test_training_from_elsewhere_counts_as_the_usual_list_says_or_as_its_module(
    bramble: Place, priya: Browser, ngozi: Learner
) -> None:
    usual = requirements.add_training(
        db.session(), bramble.provider.id, asks("Moving", modules=()), now=NOW, usual="moving-people"
    )
    own = requirements.add_training(db.session(), bramble.provider.id, asks("Our own", modules=("minds",)), now=NOW)
    db.session.commit()
    had(bramble, ngozi.member, "Moving day", training=usual)
    had(bramble, ngozi.member, "A talk", training=own, valid_until=date(2026, 9, 9))
    had(bramble, ngozi.member, "Cooking", taught_by="Bramble Home Care")
    named(priya, "WP1")
    found = {(row["TRAININGNAME"], row["CATEGORY"]): row for row in rows_of(priya)}
    assert found["Moving day", "15"]["EXPIRYDATE"] == "28/02/2027"
    assert {code for name, code in found if name == "A talk"} == {"2", "31"}
    assert (found["A talk", "2"]["VALIDITY"], found["A talk", "2"]["EXPIRYDATE"]) == ("", "09/09/2026")
    assert found["Moving day", "15"]["WHODELIVERED"] == "2"
    assert (found["Cooking", "21"]["WHODELIVERED"], found["Cooking", "21"]["EXPIRYDATE"]) == ("1", "")


def test_what_nobody_accepted_stays_out(bramble: Place, priya: Browser, ngozi: Learner) -> None:
    offered = Had(training=None, title="Not seen", taught_by="Thistle", taken_on=date(2026, 3, 1))
    requirements.note_outside(db.session(), bramble.provider.id, ngozi.member.person_id, offered, now=NOW)
    db.session.commit()
    named(priya, "WP1")
    assert {row["TRAININGNAME"] for row in rows_of(priya)} == {"Minds, and moods"}


def test_without_a_workplace_there_is_no_file(priya: Browser, ngozi: Learner) -> None:
    page = priya.get(PAGE)
    assert "Type what your workplace is called above" in page.text
    assert not [form for form in page.all(".//form") if form.get("action") == FILE]


def test_the_file_is_made_only_for_whoever_looks_at_it(priya: Browser, ngozi: Learner) -> None:
    named(priya, "WP1")
    with statements(db.engine) as bare:
        page = priya.get(PAGE)
    assert "The file holds" not in page.text
    assert LOOK in [each.get("href") for each in page.all(".//a")]
    with statements(db.engine) as looked:
        assert "The file holds" in priya.get(LOOK).text
    assert len(bare) < len(looked)


def test_who_has_no_staff_number_is_named_with_a_link_and_left_out(
    bramble: Place, priya: Browser, ngozi: Learner
) -> None:
    without = bramble.add("Tom Hale")
    had(bramble, without, "Fire safety")
    named(priya, "WP1")
    page = priya.get(LOOK)
    links = [each.get("href") for each in page.all(".//div[@class='bv-alert bv-alert--note']//a")]
    assert links == [f"/staff/people/{without.person_uuid}/edit"]
    assert {row["UNIQUEWORKERID"] for row in rows_of(priya)} == {"W-7"}


def test_a_text_like_a_formula_is_warned_of_and_kept(bramble: Place, priya: Browser, ngozi: Learner) -> None:
    had(bramble, ngozi.member, "=SUM(A1)")
    named(priya, "WP1")
    assert "Do not open this file in a spreadsheet" in priya.get(LOOK).text
    assert "=SUM(A1)" in {row["TRAININGNAME"] for row in rows_of(priya)}


def test_a_workplace_that_is_too_long_is_told_beside_the_field_and_kept_typed(priya: Browser) -> None:
    priya.get(PAGE)
    page = priya.post(f"{PAGE}/workplace", workplace="x" * 51)
    assert page.status == 400
    assert "Use at most 50 letters." in page.text
    assert [each.get("value") for each in page.all(".//input[@id='workplace']")] == ["x" * 51]


def test_the_staff_values_are_what_the_records_say(bramble: Place, priya: Browser, ngozi: Learner) -> None:
    job = requirements.add_profile(db.session(), bramble.provider.id, "Senior", "senior", [], now=NOW)
    requirements.give(db.session(), bramble.provider.id, job, [ngozi.member.person_id], now=NOW)
    had(bramble, ngozi.member, "Level 2 Adult Social Care Certificate")
    done = bramble.add("Tom Hale")
    had(bramble, done, "Care Certificate")
    page = priya.get(PAGE)
    cells = {
        row.findtext("th/a"): ["".join(cell.itertext()) for cell in row.findall("td")]
        for row in page.all(".//table/tbody/tr")
    }
    assert cells["Ngozi Obi"] == ["W-7", "3 in progress", "1 done", "4 supervisor or leader"]
    assert cells["Tom Hale"] == ["Add a number for Tom Hale", "1 done", "2 no", "No job here says it"]
    assert cells["Priya Nair"][1:] == ["2 no", "2 no", "No job here says it"]


def test_nothing_of_another_provider_is_in_it(priya: Browser, ngozi: Learner) -> None:
    other = set_up("Elder Care", "Sam Oak", "sam")
    carer = other.add("Zed Young")
    numbered(other, carer, "Z-1")
    had(other, carer, "Fire safety")
    asc_wds.set_workplace(db.session(), other.provider.id, "ELSE", now=NOW)
    db.session.commit()
    named(priya, "WP1")
    assert {(row["LOCALESTID"], row["UNIQUEWORKERID"]) for row in rows_of(priya)} == {("WP1", "W-7")}
    assert "Zed Young" not in priya.get(LOOK).text


def test_the_page_asks_as_often_for_many_people_as_for_few(bramble: Place, priya: Browser, ngozi: Learner) -> None:
    def asked() -> int:
        with statements(db.engine) as sent:
            priya.get(LOOK)
        return len(sent)

    named(priya, "WP1")
    few = asked()
    for number in range(6):
        member = bramble.add(f"Carer {number}")
        numbered(bramble, member, f"C-{number}")
        had(bramble, member, "Fire safety")
    assert asked() == few
