"""Whoever runs a server that several share reads and takes suggestions by command."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask

from app.content import queries as content
from app.extensions import db
from app.interop import suggesting
from app.kernel import utc_now
from tests.support.suggesting import BETTER, MODULE, REASON, WAS, OwnServer
from tests.support.website import Browser, set_up, sign_in

pytestmark = pytest.mark.usefixtures("two_providers")


@pytest.fixture
def two_providers(app: Flask) -> None:
    set_up("Oak Care", "Sam Oak", "sam")
    set_up("Ash Care", "Kim Ash", "kim")


def flask(app: Flask, *words: str) -> Result:
    done = app.test_cli_runner().invoke(args=["catalogue", "suggestions", *words])
    db.session.rollback()
    return done


def run(app: Flask, *words: str) -> Any:
    done = flask(app, *words, "--json")
    assert done.exit_code == 0, f"{done.output} {done.exception!r}"
    return json.loads(done.output)


def refused(app: Flask, *words: str) -> str:
    done = flask(app, *words)
    assert done.exit_code == 1, done.output
    return done.output


@pytest.fixture
def number(app: Flask, server: OwnServer, tmp_path: Path) -> int:
    """A suggestion that came as a file."""
    file = tmp_path / "suggestion.json"
    file.write_text(json.dumps(server.suggestion()), encoding="utf-8")
    found: int = run(app, "read", str(file))["number"]
    return found


def test_one_that_waits_is_listed_shown_and_taken_into_the_folder(
    app: Flask, server: OwnServer, number: int, tmp_path: Path
) -> None:
    [line] = run(app, "list")
    assert (line["number"], line["module"], line["state"], line["reason"]) == (number, MODULE, "waiting", REASON)
    shown = flask(app, "show", str(number)).output
    assert [each for each in shown.splitlines() if each.startswith("- ") and WAS in each]
    assert [each for each in shown.splitlines() if each.startswith("+ ") and BETTER in each]

    taken = run(app, "take", str(number), "--into", str(server.shelf.root), "--change", "minor")

    assert taken["edition"] == 2
    # Again changes nothing, as after a power cut.
    assert run(app, "take", str(number), "--into", str(server.shelf.root), "--change", "minor") == taken
    server.publish_folder()
    assert run(app, "list")[0]["state"] == "taken"
    newest = content.editions_of(db.session(), MODULE)[-1]
    assert (newest.number, newest.checked_by) == (2, None)
    assert 'credits: ["Bramble Home Care"]' in server.text


def test_words_that_are_not_published_yet_are_not_written_over(
    app: Flask, server: OwnServer, number: int, tmp_path: Path
) -> None:
    module = server.shelf.root / f"packs/thistle/doors/{MODULE}/module.md"
    module.write_text(server.text.replace("Hurry", "Rush"), encoding="utf-8")

    said = refused(app, "take", str(number), "--into", str(server.shelf.root), "--change", "minor")

    assert "does not read as edition 1, which is published." in said
    assert "Rush" in module.read_text(encoding="utf-8")
    assert run(app, "list")[0]["state"] == "waiting"
    said = refused(app, "take", str(number), "--into", str(tmp_path), "--change", "minor")
    assert "There is no module.md in" in said


def test_where_both_sides_changed_a_line_a_person_has_to_decide(app: Flask, server: OwnServer, number: int) -> None:
    server.publish((WAS, "ninth stair"), edition=2)

    assert "was changed on both sides" in flask(app, "show", str(number)).output
    said = refused(app, "take", str(number), "--into", str(server.shelf.root), "--change", "minor")

    assert "some lines were changed on both sides" in said


def test_one_that_is_not_taken_has_a_reason(app: Flask, server: OwnServer, number: int) -> None:
    assert flask(app, "decline", str(number), "--reason", "no").exit_code == 2
    run(app, "decline", str(number), "--reason", "Most stairs have more than five.")

    [line] = suggesting.list_received(db.session())
    assert (line.what, line.words) == (suggesting.What.NOT_TAKEN, "Most stairs have more than five.")
    said = refused(app, "take", str(number), "--into", str(server.shelf.root), "--change", "minor")
    assert "It was decided not to take this suggestion." in said
    assert line.decided_at is not None
    assert line.decided_at <= utc_now()


def test_one_that_is_not_there_and_a_file_that_is_none_are_told(app: Flask, server: OwnServer, tmp_path: Path) -> None:
    file = tmp_path / "letter.json"
    file.write_text("Dear all,", encoding="utf-8")
    assert "There is no suggestion 7 here." in refused(app, "show", "7")
    assert "This is not a suggestion" in refused(app, "read", str(file))
    assert "Nothing was suggested yet." in flask(app, "list").output


def test_a_provider_there_cannot_decide_on_everybodys_module(
    app: Flask, server: OwnServer, number: int, browser: Browser
) -> None:
    sign_in(browser, "sam")
    assert browser.get(f"/staff/suggestions/{number}").status == 404
