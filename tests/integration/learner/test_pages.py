"""A learner's pages without a worker: readable, one heading, the same bytes the phone composes."""

from __future__ import annotations

import pytest
from flask import Flask

from app.extensions import db
from app.web import compose, shell
from tests.support.editions import edition
from tests.support.publishing import publish
from tests.support.website import Browser


@pytest.fixture
def sha(app: Flask) -> str:
    """A module of one lesson and one question, published in two editions."""
    with app.app_context():
        publish(db.session(), edition("falls", 1, title="Falls, as it was"))
        return publish(db.session(), edition("falls", 2, title="Falls & <stairs>", pocket="Look before you lift."))


def test_whole_pages_are_sound_html_with_one_heading(browser: Browser) -> None:
    for name in shell.PAGES:
        browser.get(f"/{name}")


def test_a_module_opens_at_its_newest_edition(app: Flask, browser: Browser, sha: str) -> None:
    text = browser.get("/learn/falls").reply.get_data(as_text=True)

    assert "Falls &amp; &lt;stairs&gt;" in text
    assert sha in text
    assert "/learn/falls/2/1" in text
    assert "Not checked yet" in text


def test_a_lesson_is_there_to_read_with_scripts_off(browser: Browser, sha: str) -> None:
    text = browser.get("/learn/falls/2/1").reply.get_data(as_text=True)

    assert "<p>Look.</p>" in text
    assert "Part 1 of 2" in text
    assert sha in text


def test_a_question_says_plainly_that_it_needs_scripts(browser: Browser, sha: str) -> None:
    text = browser.get("/learn/falls/2/2").reply.get_data(as_text=True)

    assert "What first?" in text
    assert "Questions need JavaScript" in text
    assert sha in text


def test_an_older_edition_stays_open_for_a_go_that_began_with_it(browser: Browser, sha: str) -> None:
    assert "Falls, as it was" in browser.get("/learn/falls/1/end").text
    assert sha not in browser.get("/learn/falls/1/1").text


@pytest.mark.parametrize("path", ["/learn/nothing", "/learn/falls/3/1", "/learn/falls/2/3", "/learn/falls/2/0"])
def test_what_was_never_published_is_not_found(app: Flask, sha: str, path: str) -> None:
    assert app.test_client().get(path).status_code == 404
    assert sha


def test_the_server_sends_the_bytes_the_rules_compose(app: Flask, sha: str) -> None:
    body = edition("falls", 2, title="Falls & <stairs>", pocket="Look before you lift.")
    with app.test_request_context():
        made = shell.current()
        expected = {
            "/learn/falls": compose.start_page(made.document("module"), body, sha),
            "/learn/falls/2/1": compose.part_page(made.document("lesson"), body, sha, 1),
            "/learn/falls/2/2": compose.part_page(made.document("question"), body, sha, 2),
            "/learn/falls/2/end": compose.end_page(made.document("end"), body, sha),
        }
    for path, text in expected.items():
        assert app.test_client().get(path).get_data(as_text=True) == text
        assert "%%" not in text
