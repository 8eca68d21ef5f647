"""Checking again: following the file, what did not change is not read twice, and ids are written by a command."""

from __future__ import annotations

import json
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app.cli.content import content
from app.content import load, many
from app.content.many import Kept, check_many
from tests.support.content import example
from tests.support.interrupts import ctrl_c_heard
from tests.support.library import Place
from tests.support.site import ROOT

NOW = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return Place(tmp_path / "content")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(content, list(arguments))


def test_watch_checks_again_when_a_file_is_saved(place: Place, tmp_path: Path) -> None:
    said: queue.Queue[str] = queue.Queue()
    with ctrl_c_heard():
        running = subprocess.Popen(
            [sys.executable, "-u", "-m", "app.cli.content", "check", "--watch"],
            cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
    with running:
        try:
            assert running.stdout is not None
            reader = threading.Thread(target=_into, args=(running.stdout, said))
            reader.start()
            assert said.get(timeout=60).startswith("1 module: 0 to mend")
            place.edit(("**Pick one.**", "**Pick won.**"))
            assert said.get(timeout=60).startswith("-- ")
            assert "[bold-unknown]" in said.get(timeout=60)
            assert "1 to mend" in said.get(timeout=60)
            running.send_signal(signal.SIGINT)
            assert running.wait(30) == 0
        finally:
            running.kill()
            reader.join(10)


def _into(lines: Iterable[str], said: queue.Queue[str]) -> None:
    for line in lines:
        said.put(line)


def test_a_module_that_did_not_change_is_not_checked_again(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    place.edit(("  > Rugs slip.\n", ""))
    first = run("check", "--json").output
    checked: list[str] = []
    real = many.check
    monkeypatch.setattr(many, "check", lambda raw, path, around: (checked.append(path), real(raw, path, around))[1])
    assert run("check", "--json").output == first
    assert checked == []
    assert run("check", "--json", "--fresh").output == first
    assert len(checked) == 1


@pytest.mark.parametrize("what", ["text", "picture", "glossary", "pack", "day"])
def test_whatever_an_answer_depends_on_asks_anew(place: Place, what: str) -> None:
    assert run("check").exit_code == 0
    match what:
        case "text":
            place.edit(("  > Rugs slip.\n", ""))
        case "picture":
            (place.module / "stairs.svg").write_bytes(b"<svg/>")
        case "glossary":
            place.edit(("She wants to help, and she is quick.", "She has sepsis."))
            assert run("check", "--strict").exit_code == 0
            place.write("glossary/en.yml", "stroke: The blood stops.\n")
        case "pack":
            place.write(
                "frameworks/care.yml", (place.root / "frameworks/care.yml").read_text().replace("13.1a", "13.9")
            )
    day = ("--today", "2027-06-02") if what == "day" else ()
    assert run("check", "--strict", *day).exit_code == 1


@pytest.mark.parametrize("kept", [b"", b"[]", b'{"x": 1}', b"\xff", b'{"x": [{"severity": "odd"}]}'])
def test_a_spoilt_cache_is_as_good_as_none(place: Place, tmp_path: Path, kept: bytes) -> None:
    run("check")
    file = tmp_path / "cache/between-visits/checked.json"
    key = next(iter(json.loads(file.read_bytes())))
    file.write_bytes(kept.replace(b"x", key.encode()))
    assert run("check").output.startswith("1 module: 0 to mend")


def test_several_processes_say_what_one_says(place: Place) -> None:
    for number in range(4):
        key = f"copy-{number}"
        text = example().replace("key: on-the-stairs", f"key: {key}")
        place.write(
            f"packs/core/stairs/{key}/module.md", text.replace("**Pick one.**", "**Pick.**") if number else text
        )
    library = load(place.root)
    alone = check_many(library, library.folders, now=NOW, kept=Kept(None), processes=1)
    assert sum(len(problems) for problems in alone) >= 7
    assert check_many(library, library.folders, now=NOW, kept=Kept(None), processes=2) == alone


def test_fix_is_a_command_of_its_own(place: Place) -> None:
    place.edit(("Id: safer-stairs\n", ""))
    assert run("fix").output == "content/packs/core/stairs/on-the-stairs/module.md: 1 id written.\n"
    assert json.loads(run("fix", "--json").output) == {"written": {}}
    assert run("fix").output == "No id is missing.\n"
    assert run("fix", "content/frameworks").exit_code == 2
