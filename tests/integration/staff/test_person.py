"""One person's page: what they did, when it happened and arrived, and what their manager can do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app import identity, learning
from app.extensions import db
from app.kernel import utc_now
from app.web import words
from tests.support.learning_place import RIGHT, WRONG, Learner, ask_for, joined, publish_modules
from tests.support.website import Browser, Page, Place


@pytest.fixture
def ngozi(bramble: Place) -> Learner:
    return joined(bramble, "Ngozi Obi")


def row(page: Page, title: str) -> str:
    """The words of one module's row."""
    for item in page.all(".//li"):
        if any("".join(h.itertext()).strip() == title for h in item.iter("h3")):
            return " ".join("".join(item.itertext()).split())
    raise AssertionError(f"no row for {title}")


def address(who: Learner, more: str = "") -> str:
    return f"/staff/people/{who.member.person_uuid}{more}"


def test_a_module_shows_status_edition_score_times_and_phone(priya: Browser, ngozi: Learner) -> None:
    sha = publish_modules("Falls")["falls"]
    done = datetime(2026, 11, 3, 10, 42, tzinfo=UTC)
    received = datetime(2026, 11, 5, 18, 30, tzinfo=UTC)
    ngozi.answers(sha, RIGHT, at=done, received=received)
    text = row(priya.get(address(ngozi)), "Falls")
    assert "In date" in text
    assert "Edition: 1" in text
    assert "Last go: 100 per cent, passed" in text
    assert "Happened: 3 November 2026, 10:42" in text
    assert "Arrived here: 5 November 2026, 18:30" in text
    assert "From: Phone 1" in text


def test_two_phones_are_told_apart(priya: Browser, bramble: Place, ngozi: Learner) -> None:
    sha = publish_modules("Falls", "Choking")
    second = identity.enrol_phone(db.session(), ngozi.member.person_id, provider_id=bramble.provider.id, now=utc_now())
    db.session.commit()
    ngozi.answers(sha["falls"], RIGHT, at=utc_now())
    ngozi.phone.dev = second.dev
    ngozi.answers(sha["choking"], RIGHT, at=utc_now())
    page = priya.get(address(ngozi))
    assert "From: Phone 1" in row(page, "Falls")
    assert "From: Phone 2" in row(page, "Choking")


def test_a_module_is_asked_for_by_a_date_and_no_longer_asked_for(priya: Browser, ngozi: Learner) -> None:
    publish_modules("Falls")
    due = (utc_now() + timedelta(days=90)).date()
    priya.get(address(ngozi))
    page = priya.post(address(ngozi, "/assignments"), module="falls", due=due.isoformat())
    assert f"Ngozi Obi is asked for Falls by {words.day(due)}." in page.text
    assert f"Not started To be done by {words.day(due)}" in row(page, "Falls")
    page = priya.post(address(ngozi, "/assignments/falls/end"))
    assert "no longer asked for Falls" in page.text
    assert page.all(".//option[@value='falls']")


@pytest.mark.parametrize(
    ("module", "due", "says"),
    [
        ("", "", "Pick a module from the list."),
        ("not-a-module", "", "Pick a module from the list."),
        ("falls", "12 December", "Type it as year, month, day"),
        ("falls", "2026-02-30", "Type it as year, month, day"),
        ("falls", "2020-01-01", "This day has passed."),
    ],
)
def test_what_cannot_be_asked_for_is_said_beside_its_field(
    priya: Browser, ngozi: Learner, module: str, due: str, says: str
) -> None:
    publish_modules("Falls")
    priya.get(address(ngozi))
    page = priya.post(address(ngozi, "/assignments"), module=module, due=due)
    assert page.status == 400
    assert page.text.count(says) == 2
    assert not learning.assignments_of(db.session(), ngozi.member.provider_id, [ngozi.member.person_id])


def test_after_three_goes_in_a_day_more_can_be_allowed(priya: Browser, ngozi: Learner, bramble: Place) -> None:
    sha = publish_modules("Falls")["falls"]
    ask_for(bramble, ngozi.member, "falls", in_days=10)
    midnight = utc_now().replace(hour=0, minute=0, second=0, microsecond=0)
    for second in range(3):
        ngozi.answers(sha, WRONG, at=midnight + timedelta(seconds=second))
        offered = "Allow more goes today" in row(priya.get(address(ngozi)), "Falls")
        assert offered is (second == 2)
    page = priya.post(address(ngozi, "/modules/falls/more-goes"))
    assert "Ngozi Obi can have more goes at Falls today." in page.text
    assert "Goes: 3 in all, 0 today" in row(page, "Falls")
    assert "Allow more goes" not in row(page, "Falls")
    assert "falls" in learning.resets_of(db.session(), bramble.provider.id, ngozi.member.person_id)


def test_a_new_code_lets_her_in_again(priya: Browser, ngozi: Learner) -> None:
    priya.get(address(ngozi))
    page = priya.post(address(ngozi, "/invite"))
    assert page.heading == "A code for Ngozi Obi"


def test_leaving_is_undone_with_one_press_and_loses_nothing(priya: Browser, ngozi: Learner) -> None:
    sha = publish_modules("Falls")["falls"]
    ngozi.answers(sha, RIGHT, at=utc_now())
    priya.get(address(ngozi))
    page = priya.post(address(ngozi, "/leave"))
    assert "Ngozi Obi left on" in page.text
    assert "In date" in row(page, "Falls")
    assert "Make a new code" not in page.text
    assert priya.get(address(ngozi, "/invite")).text.count("Make a new code") == 0
    priya.get(address(ngozi))
    page = priya.post(address(ngozi, "/return"))
    assert "Ngozi Obi is back." in page.text
    assert "Carer, since" in page.text


def test_a_manager_cannot_end_her_own_place(priya: Browser, bramble: Place, ngozi: Learner) -> None:
    own = f"/staff/people/{bramble.manager.person_uuid}"
    assert "has left" not in priya.get(own).text
    token = priya.get(address(ngozi)).form(address(ngozi, "/leave"))["csrf_token"]
    reply = priya.send("POST", f"{own}/leave", data={"csrf_token": token})
    assert reply.status_code == 302
    assert priya.get("/staff/people").status == 200


def test_what_the_server_holds_is_told_in_words(priya: Browser, ngozi: Learner) -> None:
    ngozi.phone.send(db.session(), ngozi.phone.record("unheard.of", {"x": 1}), now=utc_now())
    ngozi.answers("0" * 64, RIGHT, at=utc_now())
    text = priya.get(address(ngozi)).text
    assert "Waits for someone to look" in text
    assert "This phone's app is newer than this server." in text
    assert "We do not have the lesson it belongs to." in text


def test_someone_with_nothing_to_do_yet_has_a_page_that_says_what_to_do(priya: Browser, ngozi: Learner) -> None:
    assert "No modules are published on this server yet." in priya.get(address(ngozi)).text
    publish_modules("Falls")
    assert "Ask for a first module below" in priya.get(address(ngozi)).text


def test_a_name_is_text_and_nothing_else(priya: Browser, bramble: Place) -> None:
    member = bramble.add('<script>alert("x")</script>')
    page = priya.get(f"/staff/people/{member.person_uuid}")
    assert page.heading == '<script>alert("x")</script>'
