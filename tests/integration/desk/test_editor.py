"""The editor saves and checks, with scripts and without; two people at one draft are told, and no word is lost."""

from __future__ import annotations

import time

import pytest

from app import audit, authoring
from app.authoring import Came
from app.extensions import db
from app.providers import Role
from app.web.trainer.editor import summary
from app.web.trainer.pieces import OTHERS, QUESTIONS
from tests.integration.desk.conftest import AtTheDesk
from tests.support.content import checked, example
from tests.support.website import Browser, Place, set_up, sign_in


def actions() -> list[str]:
    """What the trail says of drafts, the newest first."""
    return [each.action for each in audit.entries(db.session(), limit=50) if each.action.startswith("draft.")]


def test_the_editor_shows_the_text_what_is_wrong_with_it_and_how_long_it_is(desk: AtTheDesk) -> None:
    desk.write(desk.draft.text.replace("**Pick one.**", "**Pick won.**", 1))
    line = desk.draft.text.split("\n").index("**Pick won.**") + 1

    page = desk.browser.get(desk.address)

    assert page.heading == "On the stairs"
    assert page.all(".//textarea[@name='text']")[0].text == desk.draft.text
    assert f"To mend, line {line}" in page.text
    assert 'Did you mean "**Pick one.**"?' in page.text
    assert "1 to mend" in page.text
    assert "words" in page.text
    assert "5 minutes" in page.text
    assert "Saved today" in page.text
    assert "by Tom Price" in page.text


def test_with_scripts_off_the_form_saves_and_shows_the_problems(desk: AtTheDesk) -> None:
    desk.browser.get(desk.address)
    text = desk.draft.text.replace("**Pick one.**", "", 1)

    page = desk.browser.post(desk.address, text=text.replace("\n", "\r\n"))

    assert desk.draft.text == text
    assert "Saved." in page.text
    assert "Add a line" in page.text


def test_with_scripts_off_two_people_see_both_texts(desk: AtTheDesk) -> None:
    desk.browser.get(desk.address)
    theirs = desk.draft.text + "\nTom's words.\n"
    desk.write(theirs)

    page = desk.browser.post(desk.address, text="My own words.")

    assert page.status == 409
    assert "Tom Price saved while you were writing." in page.text
    assert page.all(".//textarea[@name='text']")[0].text == "My own words."
    assert page.all(".//textarea[@id='theirs']")[0].text == theirs
    assert desk.draft.text == theirs
    kept = authoring.history(db.session(), desk.place.provider.id, desk.uuid)
    assert [each.aside for each in kept if each.came is Came.SAVE].count(True) == 1

    desk.browser.post(desk.address, text="My own words.\nTom's words.")
    assert desk.draft.text == "My own words.\nTom's words."


def test_saving_as_json_says_the_revision_or_shows_what_somebody_else_saved(desk: AtTheDesk) -> None:
    first = desk.draft.revision
    saved = desk.json("save", {"text": "one", "based_on": first})
    assert (saved.status_code, saved.json) == (200, {"revision": first + 1})

    desk.write("Tom's")
    moved = desk.json("save", {"text": "two", "based_on": first + 1})

    assert moved.status_code == 409
    assert moved.json["revision"] == first + 2
    assert (moved.json["by"], moved.json["text"]) == ("Tom Price", "Tom's")
    assert moved.json["at"].endswith("+00:00")
    aside = [each for each in authoring.history(db.session(), desk.place.provider.id, desk.uuid) if each.aside]
    assert len(aside) == 1, "my own words are kept beside"


LARGE = {"text": "a", "based_on": 10**30}


def test_what_is_no_text_is_refused_and_nothing_is_changed(desk: AtTheDesk) -> None:
    before = desk.draft.text
    for body in (
        None,
        [],
        "text",
        {},
        {"text": 5, "based_on": 1},
        {"text": "a"},
        {"text": "a", "based_on": True},
        LARGE,
    ):
        reply = desk.json("save", body)
        assert (reply.status_code, desk.draft.text) == (400, before), body
        assert reply.json["message"]


def test_a_text_that_is_far_too_long_is_refused_with_what_to_do(desk: AtTheDesk) -> None:
    reply = desk.json("save", {"text": "long " * 50_000, "based_on": desk.draft.revision})
    assert reply.status_code == 422
    assert "two modules" in reply.json["message"]

    desk.browser.get(desk.address)
    page = desk.browser.post(desk.address, text="long " * 50_000)
    assert page.status == 422
    assert "two modules" in page.text


def test_what_is_far_too_long_is_not_even_looked_at(desk: AtTheDesk) -> None:
    # As a text this takes the check hours.
    endless = "[a](" * 1_000_000
    began = time.process_time()

    assert desk.json("check", {"text": endless}).status_code == 422
    own = desk.browser.get(desk.address).form(desk.address)
    reply = desk.browser.send("POST", desk.address, data={**own, "text": endless})

    assert reply.status_code in (413, 422)
    assert time.process_time() - began < 20


def test_checking_as_json_names_lines_and_parts_and_keeps_nothing(desk: AtTheDesk) -> None:
    before = (desk.draft.text, desk.draft.revision)
    text = desk.draft.text.replace("**Pick one.**", "**Pick won.**", 1)

    found = desk.json("check", {"text": text}).json

    assert set(found) == {"problems", "level", "words", "minutes", "bytes", "parts"}
    assert {"line", "severity", "code", "message", "suggestion", "accepted"} == set(found["problems"][0])
    lines = text.split("\n")
    for part in found["parts"]:
        assert lines[part["line"] - 1].startswith(("## ", "### ")), part
    assert found["bytes"] > len(text)
    assert (desk.draft.text, desk.draft.revision) == before
    assert desk.json("check", {"text": None}).status_code == 400


def test_no_request_without_the_pages_token_changes_anything(desk: AtTheDesk) -> None:
    before = desk.draft.text
    for where in ("save", "check", "media", "media/remove"):
        assert desk.json(where, {"text": "x", "based_on": desk.draft.revision}, token="").status_code == 400
    assert desk.draft.text == before


def test_the_trail_says_once_that_somebody_is_writing(desk: AtTheDesk) -> None:
    desk.write("Tom's")
    for number in range(3):
        assert desk.json("save", {"text": f"mine {number}", "based_on": desk.draft.revision}).status_code == 200

    assert actions() == ["draft.written"]


def test_nobody_else_reads_or_writes_a_draft(desk: AtTheDesk, bramble: Place, browser: Browser) -> None:
    other = set_up("Thistle Home Care", "Sam Okonkwo", "sam")
    before = desk.draft.text
    for name, expected in ((other.sign_in, 404), ("dawn", 403)):
        if name == "dawn":
            from app import identity

            member = bramble.add("Dawn Hill", Role.ASSESSOR)
            identity.set_sign_in_name(db.session(), member.person_id, "dawn")
            identity.set_password(db.session(), member.person_id, "three plain words")
            db.session.commit()
        browser.client.delete_cookie("bv")
        sign_in(browser, name)
        token = {"X-CSRFToken": ""}
        for method, where in (("GET", ""), ("GET", "/preview/1"), ("GET", "/preview/start")):
            assert browser.send(method, desk.address + where).status_code == expected, where
        for where in ("", "/save", "/check", "/media", "/media/remove"):
            reply = browser.send("POST", desk.address + where, json={"text": "x", "based_on": 9}, headers=token)
            assert reply.status_code in (400, expected)
    assert desk.draft.text == before


def test_a_long_module_is_checked_quickly(desk: AtTheDesk, capsys: pytest.CaptureFixture[str]) -> None:
    """The bound is far above what is usual, as the machine may be busy; the figure is printed."""
    begun = time.perf_counter()
    small = desk.json("check", {"text": desk.draft.text})
    usual = time.perf_counter() - begun
    text, body = desk.draft.text, desk.draft.text.split("---\n", 2)[2]
    for number in range(99):
        more = body.replace("## ", f"## {number} ").replace("Id: ", f"Id: {number}-")
        if len(text) + len(more) > 60_000:
            break
        text += more
    headers = {"Accept": "application/json", "X-CSRFToken": desk.browser.page.form(desk.address)["csrf_token"]}  # type: ignore[union-attr]

    begun = time.perf_counter()
    reply = desk.browser.send("POST", f"{desk.address}/check", json={"text": text}, headers=headers)
    seconds = time.perf_counter() - begun

    with capsys.disabled():
        print(f"\n{len(text) / 1000:.0f} kB checked in {seconds * 1000:.0f} ms")  # noqa: T201
    assert small.status_code == reply.status_code == 200
    assert len(reply.json["parts"]) > 50
    times_larger = len(text) / len(desk.draft.text)
    assert seconds < max(1.0, usual * times_larger * 4), "the check takes longer than the text grows"


@pytest.mark.parametrize("piece", [*QUESTIONS, *OTHERS], ids=lambda piece: piece.name)
def test_every_piece_one_can_begin_with_passes_the_check(piece: object) -> None:
    text = example()
    place = text.index("## Half way up") if piece.name == "A new lesson" else text.index("### Question")  # type: ignore[attr-defined]
    found = checked(text[:place] + piece.text + "\n" + text[place:])  # type: ignore[attr-defined]

    stops = [(problem.code, problem.line, problem.message) for problem in found.problems if problem.stops]

    assert stops == []


def test_the_seven_kinds_of_question_are_all_there() -> None:
    kinds = set()
    for piece in QUESTIONS:
        text = example()
        place = text.index("### Question")
        found = checked(text[:place] + piece.text + "\n" + text[place:])
        kinds |= {question.kind for question in found.module.questions if question.id == "new-question"}
    assert len(kinds) == len(QUESTIONS) == 7


def test_the_summary_leaves_out_what_was_accepted() -> None:
    assert summary(()) == "Nothing to mend."
    found = checked(example().replace("**Pick one.**", "", 1)).problems
    assert summary(found).startswith("1 to mend")
