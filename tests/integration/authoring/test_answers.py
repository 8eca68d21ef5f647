"""What carers' answers say back at the desk: figures of a provider's own people, and of no one alone."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from app.extensions import db
from app.kernel import utc_now
from tests.support.learning_place import RIGHT, WRONG, joined, publish_modules
from tests.support.statements import statements
from tests.support.website import Browser, Place, set_up

NAMES = ("Ada", "Ben", "Cyn", "Dai", "Eve", "Fay")


def play(place: Place, sha: str, people: int, *, wrong: int) -> None:
    """Let so many people do a module, the first `wrong` of them wrongly."""
    for number in range(people):
        learner = joined(place, f"{NAMES[number]} {place.provider.name}")
        at = utc_now() - timedelta(days=10 - number)
        learner.answers(sha, WRONG if number < wrong else RIGHT, at=at)
    db.session.commit()


def test_a_module_nobody_did_says_so(priya: Browser) -> None:
    publish_modules("Falls")
    page = priya.get("/staff/modules/falls/answers")
    assert "Nobody has done this module yet" in page.text
    assert "None just now" in priya.get("/staff/answers").text


def test_few_people_are_not_told_of(priya: Browser, bramble: Place) -> None:
    play(bramble, publish_modules("Falls")["falls"], 4, wrong=4)
    page = priya.get("/staff/modules/falls/answers")
    assert "Fewer than 5 people have done this edition" in page.text
    assert "%" not in page.text
    assert "None just now" in priya.get("/staff/answers").text


def test_shares_show_and_a_question_most_miss_is_listed(priya: Browser, bramble: Place) -> None:
    play(bramble, publish_modules("Falls")["falls"], 6, wrong=4)
    page = priya.get("/staff/modules/falls/answers")
    assert "20 % right at the first try, of 5 people" in page.text, "the sixth counts when there are ten"
    assert "80 %" in page.text
    assert re.search(
        r"Half need \d+ minutes? or less, a quarter \d+ or less, and three quarters \d+ or less\.", page.text
    )
    assert "Broken?" in page.text
    assert not any(name in page.text for name in NAMES)
    listed = priya.get("/staff/answers")
    assert "What first?" in listed.text
    assert "Falls, edition 1" in listed.text


def test_another_providers_people_do_not_count(priya: Browser) -> None:
    sha = publish_modules("Falls")["falls"]
    play(set_up("Heron Homecare", "Hanna Reed", "hanna"), sha, 6, wrong=6)
    assert "Nobody has done this module yet" in priya.get("/staff/modules/falls/answers").text
    assert "None just now" in priya.get("/staff/answers").text


def test_the_list_asks_no_more_for_more_modules(priya: Browser, bramble: Place) -> None:
    asked = []
    learner = joined(bramble, "Ada Moss")
    falls, *others = publish_modules("Falls", "Meals", "Keys", "Stairs").values()
    for shas in ([falls], others):
        for sha in shas:
            learner.answers(sha, RIGHT, at=utc_now())
        db.session.commit()
        priya.get("/staff/answers")
        with statements(db.engine) as sent:
            priya.get("/staff/answers")
        asked.append(len(sent))
    assert asked[0] == asked[1]


def test_an_unknown_module_is_not_found(priya: Browser) -> None:
    assert priya.client.get("/staff/modules/never-was/answers").status_code == 404


@pytest.mark.parametrize("path", ["/staff/answers", "/staff/modules/falls/answers"])
def test_only_writers_may_look(browser: Browser, path: str) -> None:
    assert browser.client.get(path).status_code in (302, 303)
