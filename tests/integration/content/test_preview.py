"""`flask content preview`: the learner's own pages of a module that is still being written, for this machine alone."""

from __future__ import annotations

import re
import signal
import subprocess
import urllib.request
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import Client

from app.cli.content.preview import folder_at
from app.cli.content.watching import stamp
from app.content import load
from app.content.library import Folder
from app.content.service import check_folder, publish
from app.extensions import db
from app.kernel import utc_now
from tests.support.interrupts import ctrl_c_heard
from tests.support.library import Place
from tests.support.site import FLASK, ROOT, Site

LINE = '<script defer src="/preview.js"></script>\n'


@pytest.fixture
def place(app: Flask, tmp_path: Path) -> Place:
    made = Place(tmp_path / "content")
    app.extensions["bv.settings"] = replace(app.extensions["bv.settings"], content=made.root)
    return made


@pytest.fixture
def browser(app: Flask, place: Place) -> Client:
    def read() -> object:
        library = load(place.root)
        return check_folder(library, library.folders[0], now=utc_now())

    return Client(app.extensions["bv.preview"](read, lambda: stamp([place.module])))


def test_every_screen_is_the_page_learners_get_and_one_line(app: Flask, place: Place, browser: Client) -> None:
    with app.app_context():
        publish(db.session(), load(place.root), now=utc_now())
        db.session.commit()
    learner = app.test_client()
    for where in ("", *(f"/1/{part}" for part in range(1, 10)), "/1/end"):
        address = f"/learn/on-the-stairs{where}"
        page = browser.get(address).text
        assert LINE in page
        assert page.replace(LINE, "") == learner.get(address).text, address


def test_pictures_and_the_edition_are_there_to_play_the_quiz(browser: Client) -> None:
    page = browser.get("/learn/on-the-stairs/1/1").text
    picture = browser.get(re.search(r'src="(/m/[^"]+)"', page)[1])
    assert (picture.status_code, picture.mimetype) == (200, "image/svg+xml")
    sha = re.search(r'data-sha="([0-9a-f]{64})"', page)[1]
    assert browser.get(f"/e/{sha}").get_json()["key"] == "on-the-stairs"
    assert browser.get(f"/e/{'0' * 64}").status_code == 404


def test_saving_the_file_shows_it_anew(place: Place, browser: Client) -> None:
    before = browser.get("/changed").text
    assert "sixth" in browser.get("/learn/on-the-stairs/1/1").text
    place.edit(("sixth", "seventeenth"))
    assert browser.get("/changed").text != before
    assert "seventeenth" in browser.get("/learn/on-the-stairs/1/1").text


def test_mistakes_stand_on_the_first_page_and_hold_nothing_up(place: Place, browser: Client) -> None:
    place.edit(("**Pick one.**", "**Pick won.**"), ("key: on-the-stairs\n", ""))
    page = browser.get("/").text
    assert "Did you mean &#34;**Pick one.**&#34;?" in page
    assert "[bold-unknown]" in page
    assert browser.get("/learn/draft/1/1").status_code == 200


def test_another_name_for_this_machine_is_refused(browser: Client) -> None:
    """A page elsewhere can give its own name our address; what is being written is not for it."""
    assert browser.get("/", headers={"Host": "evil.example"}).status_code == 403
    assert browser.get("/", headers={"Host": "localhost:8020"}).status_code == 200
    assert browser.post("/").status_code == 405


def test_ways_out_lead_back_to_the_list(browser: Client) -> None:
    for address in ("/today", "/learn", "/learn/another", "/learn/on-the-stairs/1/99"):
        assert browser.get(address).headers["Location"] == "/"
    assert browser.get("/staff/people").status_code == 404


def test_a_module_outside_the_library_can_be_shown(
    app: Flask, place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = tmp_path / "elsewhere" / "my-own"
    alone.mkdir(parents=True)
    (alone / "module.md").write_text("## Hello", encoding="utf-8")
    with app.app_context():
        found = folder_at(alone)
        assert isinstance(found, Folder)
        assert found.name == "my-own"
        assert folder_at(place.module / "module.md").pack == "core"


@pytest.fixture
def site(tmp_path: Path) -> tuple[Site, Place]:
    place = Place(tmp_path / "content")
    (tmp_path / "instance").mkdir()
    return Site(tmp_path / "instance", settings={"BV_CONTENT": str(place.root)}), place


def test_the_command_serves_on_loopback_until_stopped(site: tuple[Site, Place]) -> None:
    server, place = site
    command = [*FLASK, "content", "preview", str(place.module), "--port", "0"]
    with ctrl_c_heard():
        running = subprocess.Popen(
            command, cwd=ROOT, env={**server.environment, "PYTHONUNBUFFERED": "1"}, stdout=subprocess.PIPE, text=True
        )
    with running:
        try:
            assert running.stdout is not None
            address = re.search(r"http://127\.0\.0\.1:\d+/", running.stdout.readline())[0]
            with urllib.request.urlopen(f"{address}learn/on-the-stairs") as page:
                assert "On the stairs" in page.read().decode()
            taken = subprocess.run(
                [*command[:-1], address.rsplit(":", 1)[1].strip("/")],
                cwd=ROOT, env=server.environment, capture_output=True, text=True, check=False,
            )  # fmt: skip
            assert taken.returncode == 1
            assert "is in use. Choose another" in taken.stderr
            running.send_signal(signal.SIGINT)
            said, _ = running.communicate(timeout=20)
            assert "Stopped." in said
            assert running.returncode == 0
        finally:
            running.kill()
