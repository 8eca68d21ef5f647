"""`flask content …`: what it prints, and the number it leaves with."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Event
from time import sleep

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy.orm import Session

from app import providers
from app.cli.content import content
from app.content import load
from app.extensions import db
from app.kernel import begin_write, utc_now
from tests.support.content import checked
from tests.support.library import Place


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return Place(tmp_path / "content")


def run(*arguments: str) -> Result:
    """Run a command in a folder that holds `content/`, without any application."""
    return CliRunner().invoke(content, list(arguments))


def test_check_needs_no_database_and_is_quiet_when_all_is_well(place: Place) -> None:
    result = run("check")
    assert result.exit_code == 0
    assert result.output == "1 module: 0 to mend, 0 to look at, 0 to know, 0 accepted.\n"


def test_check_names_path_line_words_and_code(place: Place) -> None:
    place.edit(("**Pick one.**", "**Pick won.**"))
    result = run("check")
    assert result.exit_code == 1
    path = "content/packs/core/stairs/on-the-stairs/module.md"
    words = 'error: "**Pick won.**" is not a bold line we know. Did you mean "**Pick one.**"? [bold-unknown]'
    assert f"{path}:44: {words}" in result.output


def test_warnings_pass_unless_strict(place: Place) -> None:
    place.edit(("  > Rugs slip.\n", ""))
    assert run("check").exit_code == 0
    assert run("check", "--strict").exit_code == 1


def test_check_speaks_json_and_github(place: Place) -> None:
    place.edit(("  > Rugs slip.\n", ""))
    data = json.loads(run("check", "--json").output)
    assert (data["modules"], [problem["code"] for problem in data["problems"]]) == (1, ["feedback-missing"])
    assert json.loads(run("check", "--format", "json").output) == data
    line = run("check", "--format", "github").output
    assert line.startswith(
        "::warning file=content/packs/core/stairs/on-the-stairs/module.md,line=64,title=feedback-missing::Say why."
    )


def test_check_as_on_another_day(place: Place) -> None:
    assert run("check", "--today", "2027-06-01").exit_code == 0
    assert "[check-again-past]" in run("check", "--today", "2027-06-02").output


def test_check_of_a_path_without_a_module_is_a_usage_error(place: Place) -> None:
    assert run("check", "content/frameworks").exit_code == 2
    assert run("check", "content/nowhere").exit_code == 2
    assert run("check", "content/packs/core/stairs/on-the-stairs/module.md").exit_code == 0


def test_fix_writes_ids_once(place: Place) -> None:
    place.edit(("Id: safer-stairs\n", ""))
    first, second = run("check", "--fix"), run("check", "--fix")
    assert (first.exit_code, second.exit_code) == (0, 0)
    assert "1 id written" in first.output
    assert "written" not in second.output


def test_a_missing_content_folder_is_said_plainly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = run("check")
    assert result.exit_code == 1
    assert "BV_CONTENT" in result.output


def test_coverage_counts_and_names_gaps(place: Place) -> None:
    text = run("coverage").output
    assert "3 knowledge criteria: 2 taught and checked twice, 0 checked once, 0 not checked, 1 not taught." in text
    assert "practice criteria: 0 explained" in text
    assert "13.1b (number provisional)" in text
    rows = json.loads(run("coverage", "--json").output)["criteria"]
    gaps = [(row["code"], row["gap"]) for row in rows if row["kind"] == "knowledge"]
    assert gaps == [("13.1a", ""), ("13.1b", ""), ("13.1c", "not taught")]
    assert "13.1a" not in run("coverage", "--gaps").output


def test_the_report_says_where_right_answers_stand(place: Place) -> None:
    text = run("report").output
    assert "1 modules, 2 lessons" in text
    assert "Pick one: the right answer stands in: place 2 of 3 1." in text
    assert json.loads(run("report", "--json").output)["kinds"]["single"] == 1


def test_a_new_module_passes_the_check_and_is_never_overwritten(place: Place) -> None:
    result = run("new", "core/stairs/mind-the-step", "--title", 'Mind "the" step: now')
    assert result.exit_code == 0
    path = place.root / "packs/core/stairs/mind-the-step/module.md"
    found = checked(path.read_bytes(), name="mind-the-step")
    assert not found.stops
    assert found.module.title == 'Mind "the" step: now'
    assert run("check").exit_code == 0
    path.write_text("mine", encoding="utf-8")
    again = run("new", "core/stairs/mind-the-step", "--json")
    assert json.loads(again.output)["made"] is False
    assert path.read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize(
    ("where", "words"),
    [
        ("core/stair/x", 'Did you mean "stairs"?'),
        ("cor/stairs/x", 'Did you mean "core"?'),
        ("core/stairs", "PACK/TOPIC/KEY"),
        ("core/stairs/Bad Key", "PACK/TOPIC/KEY"),
        ("core/../x", "PACK/TOPIC/KEY"),
    ],
)
def test_a_new_module_in_a_wrong_place_is_a_usage_error(place: Place, where: str, words: str) -> None:
    result = run("new", where)
    assert result.exit_code == 2
    assert words in result.output


def test_publish_and_withdraw_through_the_application(app: Flask, place: Place) -> None:
    app.extensions["bv.settings"] = replace(app.extensions["bv.settings"], content=place.root)
    runner = app.test_cli_runner()
    first = runner.invoke(args=["content", "publish"])
    assert first.exit_code == 0, first.output
    assert "Published on-the-stairs, edition 1" in first.output
    again = json.loads(runner.invoke(args=["content", "publish", "--json"]).output)
    assert (again["published"], again["unchanged"]) == ([], ["on-the-stairs"])
    place.edit(("sixth", "fifth"))
    refused = runner.invoke(args=["content", "publish"])
    assert refused.exit_code == 1
    assert "Write edition: 2" in refused.output
    gone = ["content", "withdraw", "on-the-stairs", "1", "--reason", "Wrong step.", "--safety", "--json"]
    assert json.loads(runner.invoke(args=gone).output)["safety"] is True
    assert runner.invoke(args=gone).exit_code == 0
    missing = runner.invoke(args=["content", "withdraw", "on-the-stairs", "9", "--reason", "Wrong step."])
    assert missing.exit_code == 1
    assert "It has 1." in missing.output
    assert runner.invoke(args=["content", "withdraw", "on-the-stairs", "1", "--reason", " "]).exit_code == 2


def test_publishing_waits_for_somebody_who_is_writing(app: Flask, place: Place) -> None:
    """A transaction that reads first and then writes fails when another writer came between."""
    app.extensions["bv.settings"] = replace(app.extensions["bv.settings"], content=place.root)
    with app.app_context():
        engine, writing = db.engine, Event()

    def write_slowly() -> None:
        with Session(engine) as own:
            begin_write(own)
            providers.add_provider(own, "Bramble Home Care", contact="Priya", now=utc_now())
            writing.set()
            sleep(0.7)
            own.commit()

    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(write_slowly)
        assert writing.wait(5)
        result = app.test_cli_runner().invoke(args=["content", "publish"])
        slow.result()

    assert "Published on-the-stairs, edition 1" in result.output


def test_every_command_explains_itself(place: Place) -> None:
    for name in content.commands:
        assert len(run(name, "--help").output) > 80
    assert load(place.root).problems == ()
